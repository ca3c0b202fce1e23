"""Letters on their way to a mail server: drawn one at a time; some come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bulletin_site.mail.transport.outcomes import Message, Outcome

Letters = Iterator[tuple[int, Message]]
Note = Callable[[Sequence[tuple[int, Outcome]], Sequence[int]], None]
Hurry = Callable[[], bool]


def never() -> bool:
    """No hurry."""
    return False


@dataclass(slots=True)
class Letter:
    """A message under way. `key` is the caller's; `spared` is how many sessions of it
    ended before its text was begun; `verdict`, why the server will not have it."""

    key: int
    message: Message
    spared: int = 0
    verdict: Outcome | None = None


class Source(Protocol):
    """Where a pool draws its letters."""

    @property
    def spent(self) -> bool:
        """Whether nothing more is to be drawn."""

    def next(self) -> Letter | None:
        """The next letter, None where there is none to be had."""

    def put_back(self, letter: Letter) -> None:
        """To be drawn next."""


class Pile:
    """A source that holds every letter."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._back: deque[Letter] = deque()
        self._drawn = False

    @property
    def spent(self) -> bool:
        """Whether everything was drawn."""
        return self._drawn and not self._back

    def next(self) -> Letter | None:
        """The next one, None at the end."""
        if self._back:
            return self._back.popleft()
        drawn = next(self._letters, None)
        self._drawn = drawn is None
        return Letter(*drawn) if drawn else None

    def put_back(self, letter: Letter) -> None:
        """To be drawn next."""
        self._back.appendleft(letter)

    @property
    def returned(self) -> list[int]:
        """The keys of the letters that came back and were not drawn again."""
        return [letter.key for letter in self._back]
