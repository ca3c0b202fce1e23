"""The reasons why readers unsubscribe, as far as they give any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from publications import rights
from subscribers.models import Subscriber, UnsubscribeReason

LATELY = timedelta(days=90)
MAX_REMARKS = 20
MAX_COUNTED = 10_000  # the latest: the list of readers has to open fast


@dataclass(frozen=True, slots=True)
class Summary:
    """The reasons of the last days with their numbers, the most frequent first, and the latest
    that were given in words."""

    counts: Sequence[tuple[str, int]]
    remarks: Sequence[UnsubscribeReason]

    @property
    def total(self) -> int:
        """The number of readers who gave a reason."""
        return sum(number for _label, number in self.counts)


def give(reader: Subscriber, *, reason: str, words: str, at: datetime) -> bool:
    """Write down why `reader` unsubscribed; the last word on one leaving counts. Returns False for
    who has not left, or never confirmed."""
    if reader.unsubscribed_at is None or reader.confirmed_at is None:
        return False
    UnsubscribeReason.objects.update_or_create(
        subscriber=reader,
        left_at=reader.unsubscribed_at,
        defaults={
            "bulletin_id": reader.bulletin_id,
            "reason": reason,
            "words": words,
            "given_at": at,
        },
    )
    return True


def is_given(reader: Subscriber) -> bool:
    """Return whether `reader` has said why they left the last time. One query."""
    left_at = reader.unsubscribed_at
    given = UnsubscribeReason.objects.filter(subscriber=reader)
    return left_at is not None and given.filter(left_at=left_at).exists()


def summary(*, at: datetime, within: frozenset[int] | None, bulletin: int | None = None) -> Summary:
    """Return what was said lately, `within` some bulletins or all, of one `bulletin` if there is
    one. Two queries."""
    found = rights.limit(UnsubscribeReason.objects.filter(given_at__gt=at - LATELY), within)
    if bulletin is not None:
        found = found.filter(bulletin=bulletin)
    numbers = Counter(found.values_list("reason", flat=True)[:MAX_COUNTED])
    labels = dict(UnsubscribeReason.Reason.choices)
    counts = [(str(labels.get(reason, reason)), number) for reason, number in numbers.items()]
    remarks = found.exclude(words="").select_related("bulletin")[:MAX_REMARKS]
    return Summary(sorted(counts, key=lambda each: -each[1]), list(remarks))
