"""`manage.py check_sender`: which requirements of mail providers a sender does not meet."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.localized_command import LocalizedCommand
from mail.dkim import signatures
from mail.dkim.keys import UnreadableKey
from mail.messages import headers
from mail.sender_check import requirements
from mail.sender_check.requirements import FindingState, Requirement, Sender
from mail.sender_check.resolver import LookupFailed, Resolver
from publications import sender_headers
from publications.models import Bulletin

STATE_WORDS = {
    FindingState.MET: gettext_noop("right"),
    FindingState.MISSING: gettext_noop("missing"),
    FindingState.UNKNOWN: gettext_noop("not known"),
}
EFFECTS = {
    Requirement.SPF: gettext_noop(
        "Outlook refuses the mail; Gmail, Yahoo and QQ/163 put it with the spam: the domain of "
        "the return path does not say that this machine sends for it."
    ),
    Requirement.DKIM: gettext_noop(
        "Outlook refuses the mail, Gmail and Yahoo refuse bulk mail, QQ/163 trust it less: no "
        "signature, or its key is not in the DNS."
    ),
    Requirement.DMARC: gettext_noop(
        "Gmail, Yahoo and Outlook refuse bulk mail: no policy, or neither SPF nor DKIM is for the "
        "domain of the sender."
    ),
    Requirement.PTR: gettext_noop(
        "Gmail, Yahoo and QQ/163 refuse mail from a machine whose address has no name that "
        "leads back to it."
    ),
    Requirement.HTTPS: gettext_noop(
        "Gmail and Yahoo want leaving by one click, which works over https alone: set SITE_URL."
    ),
    Requirement.UNSUBSCRIBE: gettext_noop(
        "Outlook and QQ/163 leave by a mail where Gmail and Yahoo click: both want https in "
        "SITE_URL and a RETURN_PATH."
    ),
}


class Command(LocalizedCommand):
    help = gettext_noop("Say what Gmail, Yahoo, Outlook and QQ/163 would miss in the mails.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a bulletin, the machines that send its mail, and a name server."""
        parser.add_argument("--bulletin", help=_("The address of one bulletin; all otherwise."))
        parser.add_argument(
            "--machine",
            action="append",
            default=[],
            help=_("An IP address from which mail leaves; those of the mail server otherwise."),
        )
        parser.add_argument(
            "--selector", default="", help=_("The key by which the mail server signs.")
        )
        parser.add_argument("--dns", default="", help=_("A name server, as address:port."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Report on each sender. Raises CommandError where something is missing."""
        bulletins = Bulletin.objects.all()
        if options["bulletin"]:
            bulletins = bulletins.filter(slug=options["bulletin"])
        if not bulletins:
            raise CommandError(_("There is no such bulletin."))
        try:
            dns = Resolver(options["dns"])
            machines = options["machine"] or _machines(dns)
            missing = [
                self._report(_sender(bulletin, machines, options["selector"]), bulletin, dns)
                for bulletin in bulletins
            ]
        except (LookupFailed, UnreadableKey, ValueError) as error:
            raise CommandError(str(error)) from None
        if any(missing):
            raise CommandError(_("Something is missing."))

    def _report(self, sender: Sender, bulletin: Bulletin, dns: Resolver) -> bool:
        """Write the findings. Returns whether something is missing."""
        self.stdout.write(f"{bulletin.name} <{bulletin.sender_email}>")
        findings = list(requirements.findings(sender, dns=dns))
        for finding in findings:
            words = f"{_(STATE_WORDS[finding.state])}: {finding.detail}"
            self.stdout.write(f"  {finding.requirement:<17} {words}")
            if finding.state is FindingState.MISSING:
                self.stdout.write(f"  {'':<17} {_(EFFECTS[finding.requirement])}")
        return any(finding.state is FindingState.MISSING for finding in findings)


def _sender(bulletin: Bulletin, machines: Sequence[str], selector: str) -> Sender:
    address = headers.ascii_domain(bulletin.sender_email)
    domain = address.rpartition("@")[2].lower()
    returns = settings.RETURN_PATH or sender_headers.envelope_sender(bulletin)
    return Sender(
        domain=domain,
        return_domain=returns.rpartition("@")[2].lower(),
        signers=tuple(signatures.signers(address)) if settings.DKIM_KEYS else (),
        machines=tuple(machines),
        selector=selector,
        site_url=settings.SITE_URL,
        reads_mail=bool(settings.RETURN_PATH),
    )


def _machines(dns: Resolver) -> list[str]:
    """Return the addresses of the mail servers, without this machine's own."""
    hosts = {server.host for server in settings.MAIL_SERVERS} - {"localhost", "127.0.0.1", "::1"}
    return [address for host in sorted(hosts) for address in dns.addresses(host)]
