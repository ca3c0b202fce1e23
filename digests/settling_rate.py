"""The rate at which the deliveries of a digest are settled."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min, Sum

from digests.models import Batch, Delivery, Digest
from digests.sending import Counts

WINDOW = timedelta(minutes=1)
MIN_SPAN = timedelta(seconds=5)  # results come in groups, at the latest after a second


def per_second(digest: Digest, counts: Counts, *, at: datetime) -> float | None:
    """Return the rate in the last minute and without a pause before; of what is finished, since it
    was prepared. Returns None where nothing was settled, and while it is paused."""
    if digest.prepared_at is None:
        return None
    if digest.finished_at is not None:
        return _quotient(counts.settled - counts.excluded, digest.finished_at - digest.prepared_at)
    if digest.paused_at is not None:
        return None
    number, first = _lately(digest, since=at - WINDOW)
    if first is None:
        return None
    return _quotient(number, min(max(at - first, MIN_SPAN), at - digest.prepared_at))


def _lately(digest: Digest, *, since: datetime) -> tuple[int, datetime | None]:
    """Return how many were settled since then, and when the first of them: as the free batches say,
    and as the rows in the others do."""
    free = Batch.objects.filter(digest=digest, claim="", lately_to__gt=since)
    in_hand = Delivery.objects.claimed_in(digest).filter(settled_at__gt=since)
    given_back = free.aggregate(number=Sum("lately"), first=Min("lately_from"))
    settled = in_hand.aggregate(number=Count("pk"), first=Min("settled_at"))
    found = [each for each in (given_back, settled) if each["first"] is not None]
    first = min((each["first"] for each in found), default=None)
    return sum(each["number"] for each in found), first


def _quotient(number: int, time: timedelta) -> float | None:
    return number / time.total_seconds() if number and time > timedelta(0) else None
