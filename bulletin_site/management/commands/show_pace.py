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

from bulletin_site.mail import closures
from bulletin_site.mail.paces import Pace
from bulletin_site.management.speaking import SpeakingCommand


class Command(SpeakingCommand):
    help = gettext_noop("Show how fast mail may go, and who takes none just now.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom to try again at once."""
        again = _("A mail server or provider that is left alone, to be tried again at once.")
        parser.add_argument("--reopen", metavar="NAME", help=again)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the servers, the providers that have a pace, and who is left alone."""
        try:
            held = dict(closures.holding())
        except RedisError:
            raise CommandError(_("Redis does not answer.")) from None
        if options["reopen"]:
            if held.pop(options["reopen"], None) is None:
                raise CommandError(_("Nobody of that name is left alone."))
            closures.reopen([options["reopen"]])
        for line in (*_servers(), *_providers(), *_left_alone(held)):
            self.stdout.write(line)


def _servers() -> Iterator[str]:
    yield _("Mail servers")
    for server in settings.MAIL_SERVERS:
        pace = server.pace(today=timezone.localdate())
        yield f"  {server}  {_('weight')} {server.weight}  {_pace(pace)}"


def _providers() -> Iterator[str]:
    found: dict[str, Pace | None] = {each.name: each.pace for each in settings.PROVIDERS.values()}
    if found:
        yield _("Mail providers of readers")
    for name, pace in found.items():
        yield f"  {name}  {_pace(pace)}"


def _left_alone(held: dict[str, closures.Closure]) -> Iterator[str]:
    yield _("Left alone") if held else _("Nobody is left alone.")
    for name, closure in held.items():
        seconds = _("for %(seconds)d s") % {"seconds": closure.left}
        yield f"  {name}  {seconds}  {closure.answer}"


def _pace(pace: Pace | None) -> str:
    if pace is None:
        return _("as fast as it takes them")
    told = {"messages": pace.messages, "seconds": pace.seconds}
    return _("%(messages)d mails in %(seconds)d s") % told
