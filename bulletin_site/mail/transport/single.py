"""Single messages, by a session of their own."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from bulletin_site.mail.transport.outcomes import Message, Outcome
from bulletin_site.mail.transport.pool import transport


class Session:
    """A conversation with the mail server that Django's settings name; use as a context manager.

    The connection is opened with the first message, and kept. `send` raises nothing.
    """

    def __init__(self) -> None:
        self._transport = transport(sessions=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transport.__exit__(kind, error, trace)

    def send(self, message: Message) -> Outcome:
        """Hand over one message, and wait for the answer."""
        outcomes: list[Outcome] = []
        self._transport.hand_over(
            iter([(0, message)]),
            note=lambda settled, _: outcomes.extend(outcome for _, outcome in settled),
        )
        return outcomes[0]
