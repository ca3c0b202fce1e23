"""The number of readers, and of those who came and left lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from publications import rights
from subscribers.models import Subscriber

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Growth:
    """The readers of all bulletins; who confirmed lately, and which readers left."""

    readers: int
    joined: int
    left: int


def growth(*, at: datetime, within: frozenset[int] | None = None) -> Growth:
    """Return the figures at `at`, `within` some bulletins or all.

    Three queries, each answered by an index of what it counts."""
    everybody: Any = rights.limit(Subscriber.objects.order_by(), within)
    since = at - LATELY
    return Growth(
        readers=everybody.confirmed().count(),
        joined=everybody.filter(confirmed_at__gt=since).count(),
        left=everybody.filter(unsubscribed_at__gt=since, confirmed_at__isnull=False).count(),
    )
