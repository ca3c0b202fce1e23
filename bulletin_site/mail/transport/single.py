"""Single messages, by a session of their own."""

from __future__ import annotations

import time

from bulletin_site import draining
from bulletin_site.mail.transport.letters import Hurry
from bulletin_site.mail.transport.outcomes import Away, Message, Outcome
from bulletin_site.mail.transport.ways import transport

_LONGEST = 30.0  # seconds after which there is a hurry: somebody may wait for the page


class Session:
    """A conversation with the mail servers of the settings; close it in the end.

    The connection is opened with the first message, and kept. Single messages are few, and no
    pace holds them back. None is waited for longer than half a minute, or once there is a
    `hurry`, but for the 5 seconds that a server is then left. `send` raises nothing.
    """

    def __init__(self, *, hurry: Hurry = draining.asked) -> None:
        self._hurry = hurry
        self._transport = transport(sessions=1, paced=False)

    def close(self) -> None:
        """End it."""
        self._transport.close()

    def send(self, message: Message) -> Outcome:
        """Hand over one message, and wait for the answer."""
        outcomes: list[Outcome] = []
        until = time.monotonic() + _LONGEST
        self._transport.hand_over(
            iter([(0, message)]),
            note=lambda settled, _: outcomes.extend(outcome for _, outcome in settled),
            hurry=lambda: self._hurry() or time.monotonic() > until,
        )
        return outcomes[0] if outcomes else Away("no mail server is to be asked just now")
