"""The transport of mail: the mail servers of the settings, or another backend of Django."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from mail.delivery.django_backend import DjangoBackend
from mail.delivery.server_group import ServerGroup
from mail.smtp.outgoing_queue import OnProgress, OutgoingMessages, ShouldStop, never_stop

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Transport(Protocol):
    """Delivers messages, each under a number of the caller's."""

    def close(self) -> None:
        """Close all sessions."""

    def deliver(
        self,
        messages: OutgoingMessages,
        *,
        on_progress: OnProgress,
        should_stop: ShouldStop = never_stop,
    ) -> float | None:
        """Deliver every message, drawing the next one when a session is free for it.

        `on_progress(settled, begun)` is called before the texts of the messages `begun` go out
        whole, and with the outcomes of those that are settled; each message that was begun is
        settled once. Once `should_stop()` is true nothing more is drawn and no session opened,
        and open transactions have 5 seconds. Raises nothing of its own. Returns None when
        `messages` is exhausted; where no server takes more just now, the seconds after which one
        may: what was not begun then is as before.
        """


def transport(*, sessions: int, rate_limited: bool = True) -> Transport:
    """Return the transport that the settings name, with up to `sessions` sessions for each mail
    server; without `rate_limited` the rates of servers are not applied."""
    if settings.EMAIL_BACKEND != _SMTP:
        return DjangoBackend()
    return ServerGroup(settings.MAIL_SERVERS, sessions=sessions, rate_limited=rate_limited)
