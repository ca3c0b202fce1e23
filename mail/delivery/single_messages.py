"""Delivery of single messages, while somebody may be waiting for a page."""

from __future__ import annotations

import time

from foundation import graceful_shutdown
from mail.delivery.transport import transport
from mail.outcomes import Message, Outcome, ServerUnreachable
from mail.smtp.outgoing_queue import ShouldStop

_MAX_SECONDS = 30.0  # for one message


class Session:
    """A connection to the mail servers of the settings, opened with the first message; close it.

    Single messages are few, and no rate limit holds them back. Each has half a minute at most,
    and 5 seconds once `should_stop()` is true. `send` raises nothing.
    """

    def __init__(self, *, should_stop: ShouldStop = graceful_shutdown.requested) -> None:
        self._should_stop = should_stop
        self._transport = transport(sessions=1, rate_limited=False)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def send(self, message: Message) -> Outcome:
        """Deliver one message, and wait for its outcome."""
        outcomes: list[Outcome] = []
        until = time.monotonic() + _MAX_SECONDS
        self._transport.deliver(
            iter([(0, message)]),
            on_progress=lambda settled, _: outcomes.extend(outcome for _, outcome in settled),
            should_stop=lambda: self._should_stop() or time.monotonic() > until,
        )
        return outcomes[0] if outcomes else ServerUnreachable("no mail server takes mail just now")
