"""Messages on their way to a mail server: drawn one at a time; some come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from mail.outcomes import Message, Outcome

OutgoingMessages = Iterator[tuple[int, Message]]
OnProgress = Callable[[Sequence[tuple[int, Outcome]], Sequence[int]], None]
ShouldStop = Callable[[], bool]


def never_stop() -> bool:
    """Return False: nothing stops the delivery."""
    return False


@dataclass(slots=True)
class OutgoingMessage:
    """A message under way. `key` is the caller's; `unsent` counts the sessions that ended before
    its text was begun; `verdict` is why the server does not take it."""

    key: int
    message: Message
    unsent: int = 0
    verdict: Outcome | None = None


class Source(Protocol):
    """Where a connection pool draws its messages."""

    @property
    def spent(self) -> bool:
        """Whether nothing more is to be drawn."""

    def next(self) -> OutgoingMessage | None:
        """Return the next message, None where there is none to be had."""

    def put_back(self, outgoing: OutgoingMessage) -> None:
        """Take a message back, to be drawn next."""


class OutgoingQueue:
    """A source that has every message."""

    def __init__(self, messages: OutgoingMessages) -> None:
        self._messages = messages
        self._back: deque[OutgoingMessage] = deque()
        self._drawn = False

    @property
    def spent(self) -> bool:
        """Whether everything was drawn."""
        return self._drawn and not self._back

    def next(self) -> OutgoingMessage | None:
        """Return the next message, None at the end."""
        if self._back:
            return self._back.popleft()
        drawn = next(self._messages, None)
        self._drawn = drawn is None
        return OutgoingMessage(*drawn) if drawn else None

    def put_back(self, outgoing: OutgoingMessage) -> None:
        """Take a message back, to be drawn next."""
        self._back.appendleft(outgoing)

    @property
    def returned(self) -> list[int]:
        """The keys of the messages that came back and were not drawn again."""
        return [outgoing.key for outgoing in self._back]
