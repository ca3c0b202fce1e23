"""The way that mail goes: by the mail servers of the settings, or by another backend of Django."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from bulletin_site.mail.transport.backends import Backend
from bulletin_site.mail.transport.fleet import Fleet
from bulletin_site.mail.transport.letters import Hurry, Letters, Note, never

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Transport(Protocol):
    """Hands over letters: pairs of a number, which is the caller's, and a message."""

    def close(self) -> None:
        """End the sessions; to be called in the end."""

    def hand_over(self, letters: Letters, *, note: Note, hurry: Hurry = never) -> float | None:
        """Hand over every letter, drawing the next one when a session is free for it.

        `note(settled, begun)` is called before the texts of the messages `begun` go out whole,
        and with the outcomes of those that are settled; each letter that was begun is settled
        once. Once `hurry()` is true nothing more is drawn and no session opened, and what is
        under way has 5 seconds. Raises nothing of its own. None when the letters are at their
        end; where no server takes more just now, the seconds after which one may: what was not
        begun then is as before.
        """


def transport(*, sessions: int, paced: bool = True) -> Transport:
    """The way that the settings name, with up to `sessions` sessions for each mail server; what is
    not `paced` is not held back by the paces of servers."""
    if settings.EMAIL_BACKEND != _SMTP:
        return Backend()
    return Fleet(settings.MAIL_SERVERS, sessions=sessions, paced=paced)
