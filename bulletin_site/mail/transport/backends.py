"""Handing over by whichever mail backend Django's settings name: one message at a time."""

from __future__ import annotations

from django.core.mail import get_connection

from bulletin_site.mail.adapting import Finished
from bulletin_site.mail.transport.letters import Hurry, Letters, Note, never
from bulletin_site.mail.transport.outcomes import (
    Accepted,
    Message,
    Outcome,
    Unavailable,
    Uncertain,
    in_short,
)


class Backend:
    """A `bulletin_site.mail.transport.Transport` by a backend of Django."""

    def close(self) -> None:
        """Nothing is kept open."""

    def hand_over(
        self,
        letters: Letters,
        *,
        note: Note,
        hurry: Hurry = never,  # noqa: ARG002 - backends know no hurry
    ) -> None:
        """As `Transport` says."""
        for key, message in letters:
            note([], [key])
            note([(key, _sent(message))], [])


def _sent(message: Message) -> Outcome:
    finished = Finished(sender=message.sender, recipient=message.recipient, data=message.data)
    try:
        taken = get_connection().send_messages([finished])
    except TimeoutError as error:
        return Uncertain(in_short(error))
    except Exception as error:  # noqa: BLE001 - each backend raises errors of its own
        return Unavailable(in_short(error))
    return Accepted("") if taken else Unavailable("")
