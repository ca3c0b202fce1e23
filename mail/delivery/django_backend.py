"""Delivery by whichever mail backend Django's settings name: one message at a time."""

from __future__ import annotations

from django.core.mail import get_connection

from mail.delivery.email_message import VerbatimEmail
from mail.outcomes import Accepted, Deferred, Message, Outcome, Uncertain, sanitized
from mail.smtp.outgoing_queue import OnProgress, OutgoingMessages, ShouldStop, never_stop


class DjangoBackend:
    """A `mail.delivery.Transport` through a backend of Django."""

    def close(self) -> None:
        """Do nothing: no connection is kept open."""

    def deliver(
        self,
        messages: OutgoingMessages,
        *,
        on_progress: OnProgress,
        should_stop: ShouldStop = never_stop,  # noqa: ARG002 - backends cannot be stopped
    ) -> None:
        """Deliver as `Transport` says."""
        for key, message in messages:
            on_progress([], [key])
            on_progress([(key, _sent(message))], [])


def _sent(message: Message) -> Outcome:
    email = VerbatimEmail(sender=message.sender, recipient=message.recipient, data=message.data)
    try:
        accepted = get_connection().send_messages([email])
    except TimeoutError as error:
        return Uncertain(sanitized(error))
    except Exception as error:  # noqa: BLE001 - each backend raises errors of its own
        return Deferred(sanitized(error))
    return Accepted("") if accepted else Deferred("")
