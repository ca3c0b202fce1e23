"""Lets a colleague in who is locked out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from redis import RedisError

from accounts import guesses, login_limit, password_links, second_factor
from audit_log.recording import record_act
from foundation.localized_command import LocalizedCommand


class Command(LocalizedCommand):
    """Forgets the wrong guesses, and prints a link by which a password is set."""

    help = gettext_noop(
        "Let a colleague in who is locked out: forget wrong passwords, and print a link by which "
        "they set a new one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name whom to let in."""
        parser.add_argument("username", help=_("the user's name"))
        parser.add_argument(
            "--remove-second-factor",
            action="store_true",
            help=_("also remove the authenticator app, passkeys and recovery codes"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Let them in. Raises CommandError where there is no such colleague."""
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": name})
        if not user.is_active or not user.is_staff:
            raise CommandError(_("%(name)s may not log in at all.") % {"name": name})
        removed = second_factor.remove(user) if options["remove_second_factor"] else 0
        self._forget()
        record_act(
            "colleague.let_in",
            by=None,
            at=timezone.now(),
            subject=guesses.key_of(user),
            after={"second_factors_removed": removed},
        )
        self.stdout.write(_("A password is set here, once, within hours:"))
        self.stdout.write(password_links.address_of(user))

    def _forget(self) -> None:
        try:
            login_limit.forget()
        except RedisError:
            self.stderr.write(
                _("Redis does not answer: each process forgets its guesses when it is restarted.")
            )
