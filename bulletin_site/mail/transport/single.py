"""Single messages, by a session of their own."""

from __future__ import annotations

from bulletin_site.mail.transport.outcomes import Away, Message, Outcome
from bulletin_site.mail.transport.ways import transport


class Session:
    """A conversation with the mail servers of the settings; close it in the end.

    The connection is opened with the first message, and kept. Single messages are few, and no
    pace holds them back. `send` raises nothing.
    """

    def __init__(self) -> None:
        self._transport = transport(sessions=1, paced=False)

    def close(self) -> None:
        """End it."""
        self._transport.close()

    def send(self, message: Message) -> Outcome:
        """Hand over one message, and wait for the answer."""
        outcomes: list[Outcome] = []
        self._transport.hand_over(
            iter([(0, message)]),
            note=lambda settled, _: outcomes.extend(outcome for _, outcome in settled),
        )
        return outcomes[0] if outcomes else Away("no mail server is to be asked just now")
