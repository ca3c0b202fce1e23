"""The queue of outgoing messages: drawn one at a time; some are put back."""

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
    """A message with its state. `key` is the caller's; `unsent` counts the sessions that ended
    before its text was begun; `verdict` is why the server does not accept it."""

    key: int
    message: Message
    unsent: int = 0
    verdict: Outcome | None = None


class Source(Protocol):
    """The source from which a connection pool draws its messages."""

    @property
    def spent(self) -> bool:
        """Whether nothing more is to be drawn."""

    def next(self) -> OutgoingMessage | None:
        """Return the next message, None where none may be drawn."""

    def put_back(self, outgoing: OutgoingMessage) -> None:
        """Put a message back, to be drawn next."""


class OutgoingQueue:
    """A source of all messages."""

    def __init__(self, messages: OutgoingMessages) -> None:
        self._messages = messages
        self._put_back: deque[OutgoingMessage] = deque()
        self._drawn = False

    @property
    def spent(self) -> bool:
        """Whether everything was drawn."""
        return self._drawn and not self._put_back

    def next(self) -> OutgoingMessage | None:
        """Return the next message, None at the end."""
        if self._put_back:
            return self._put_back.popleft()
        drawn = next(self._messages, None)
        self._drawn = drawn is None
        return OutgoingMessage(*drawn) if drawn else None

    def put_back(self, outgoing: OutgoingMessage) -> None:
        """Put a message back, to be drawn next."""
        self._put_back.appendleft(outgoing)

    @property
    def put_back_keys(self) -> list[int]:
        """The keys of the messages that were put back and not drawn again."""
        return [outgoing.key for outgoing in self._put_back]
