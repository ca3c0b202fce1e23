"""How fast mail may go: so many messages in so much time."""

from __future__ import annotations

from typing import NamedTuple, Self

import limits


class Rate(NamedTuple):
    """`messages` in `seconds`, and what of that may go at once: `burst` messages."""

    messages: int
    seconds: int
    burst: int

    @classmethod
    def of(cls, words: str, *, burst_seconds: float = 30) -> Self:
        """Return the rate that words such as "300/hour", "14/second" or "20 per 5 minutes" mean; at
        once may go what `burst_seconds` allow, two messages at the least. Raises ValueError."""
        item = limits.parse(words)
        seconds = item.get_expiry()
        if not item.amount:
            raise ValueError("a rate of nothing")
        return cls(item.amount, seconds, max(2, int(item.amount * burst_seconds / seconds)))

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds
