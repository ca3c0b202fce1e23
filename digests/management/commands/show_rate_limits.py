"""`manage.py show_pace`: how fast mail may go, and who takes none just now."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from redis import RedisError

from foundation.localized_command import LocalizedCommand
from mail.rate_limits import circuit_breakers
from mail.rate_limits.rates import Rate


class Command(LocalizedCommand):
    help = gettext_noop("Show how fast mail may go, and who takes none just now.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom to try again at once."""
        again = _("A mail server or provider that is left alone, to be tried again at once.")
        parser.add_argument("--reopen", metavar="NAME", help=again)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the servers, the providers that have a pace, and who is left alone."""
        try:
            held = dict(circuit_breakers.all_open())
        except RedisError:
            raise CommandError(_("Redis does not answer.")) from None
        if options["reopen"]:
            if held.pop(options["reopen"], None) is None:
                raise CommandError(_("Nobody of that name is left alone."))
            circuit_breakers.reset([options["reopen"]])
        for line in (*_servers(), *_providers(), *_left_alone(held)):
            self.stdout.write(line)


def _servers() -> Iterator[str]:
    yield _("Mail servers")
    for server in settings.MAIL_SERVERS:
        rate = server.rate_on(timezone.localdate())
        yield f"  {server}  {_('weight')} {server.weight}  {_pace(rate)}"


def _providers() -> Iterator[str]:
    found: dict[str, Rate | None] = {each.name: each.rate for each in settings.PROVIDERS.values()}
    if found:
        yield _("Mail providers of readers")
    for name, rate in found.items():
        yield f"  {name}  {_pace(rate)}"


def _left_alone(held: dict[str, circuit_breakers.OpenCircuit]) -> Iterator[str]:
    yield _("Left alone") if held else _("Nobody is left alone.")
    for name, circuit in held.items():
        seconds = _("for %(seconds)d s") % {"seconds": circuit.left}
        yield f"  {name}  {seconds}  {circuit.answer}"


def _pace(rate: Rate | None) -> str:
    if rate is None:
        return _("as fast as it takes them")
    told = {"messages": rate.messages, "seconds": rate.seconds}
    return _("%(messages)d mails in %(seconds)d s") % told
