"""`manage.py collect_feedback`: fetch what came back, once."""

from __future__ import annotations

import math
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from digests import bounces
from digests.bounces import CannotFetch, Receipt
from foundation.localized_command import LocalizedCommand


class Command(LocalizedCommand):
    help = gettext_noop("Fetch bounces, complaints and other feedback from a mailbox, once.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a Maildir, unless the settings name a mailbox."""
        parser.add_argument("--maildir", type=Path, help=_("A Maildir of this machine."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect until nothing is left, and print how much."""
        maildir = options["maildir"]
        url = maildir.resolve().as_uri().replace("file:", "maildir:", 1) if maildir else ""
        if not (url or settings.FEEDBACK_MAILBOX):
            raise CommandError(_("Name a Maildir, or set FEEDBACK_MAILBOX."))
        try:
            visit = bounces.collect(
                url or settings.FEEDBACK_MAILBOX, clock=timezone.now, seconds=math.inf
            )
        except CannotFetch as error:
            raise CommandError(str(error)) from None
        receipts, skipped = visit.receipts, len(visit.skipped)
        count = receipts[Receipt.RECORDED]
        new = ngettext("%(count)d new event", "%(count)d new events", count) % {"count": count}
        known = _("%(count)d known before") % {"count": receipts[Receipt.KNOWN]}
        strange = _("%(count)d strange mails") % {"count": receipts[Receipt.STRANGE]}
        self.stdout.write(f"{new}, {known}, {strange}")
        if skipped:
            warning = ngettext(
                "%(count)d mail could not be taken, and stays where it is; the log names it.",
                "%(count)d mails could not be taken, and stay where they are; the log names them.",
                skipped,
            )
            self.stdout.write(warning % {"count": skipped})
