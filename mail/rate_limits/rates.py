"""Rates: so many messages in so much time."""

from __future__ import annotations

from typing import NamedTuple, Self

import limits


class Rate(NamedTuple):
    """`messages` in `seconds`, of which `burst` may go at once."""

    messages: int
    seconds: int
    burst: int

    @classmethod
    def of(cls, words: str, *, burst_seconds: float = 30) -> Self:
        """Return the rate of words such as "300/hour", "14/second" or "20 per 5 minutes"; its burst
        is what `burst_seconds` allow, two messages at the least. Raises ValueError."""
        item = limits.parse(words)
        seconds = item.get_expiry()
        if not item.amount:
            raise ValueError("a rate of nothing")
        return cls(item.amount, seconds, max(2, int(item.amount * burst_seconds / seconds)))

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds
