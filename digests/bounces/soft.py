"""Readers whose mails have come back for reasons that may pass, for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from digests.bounces import policy
from digests.models import Feedback
from digests.models.feedback import FeedbackKind
from subscribers.models import Subscriber, Suppression

LOOKED_AT = timedelta(days=90)
MIN_MAILS = 2
MAX_READERS = 50  # that are shown


@dataclass(frozen=True, slots=True)
class SoftBouncer:
    """A reader, how many mails came back since one last arrived, from when to when, what was said
    last, and whether the address is suppressed for it."""

    reader: Subscriber
    mails: int
    first: datetime
    last: datetime
    code: str
    said: str
    suppressed: bool


def soft_bouncers(*, at: datetime) -> list[SoftBouncer]:
    """Return those whose mails came back over `policy.MIN_SOFT_BOUNCE_TIME`, who bounced last
    first; MAX_READERS at most. Some queries for each."""
    soft = Feedback.objects.filter(
        kind=FeedbackKind.SOFT_BOUNCE, received_at__gt=at - LOOKED_AT, subscriber__isnull=False
    ).order_by()
    counted = soft.values("subscriber").annotate(
        mails=Count("pk"), first=Min("received_at"), last=Max("received_at")
    )
    long_enough = counted.filter(
        mails__gte=MIN_MAILS, first__lte=at - policy.MIN_SOFT_BOUNCE_TIME
    ).order_by("-last")
    keys = [row["subscriber"] for row in long_enough[:MAX_READERS]]
    readers = Subscriber.objects.confirmed().select_related("bulletin").in_bulk(keys)
    found = (_of(readers[key], at=at) for key in keys if key in readers)
    return [one for one in found if one is not None]


def _of(reader: Subscriber, *, at: datetime) -> SoftBouncer | None:
    soft = policy.soft_bounces(reader, at=at)
    found = soft.aggregate(
        mails=Count("delivery", distinct=True), first=Min("received_at"), last=Max("received_at")
    )
    last = soft.first()
    if last is None or found["mails"] < MIN_MAILS:
        return None
    if at - found["first"] < policy.MIN_SOFT_BOUNCE_TIME:
        return None
    held = Suppression.objects.current().filter(address_key=reader.address_key)
    return SoftBouncer(
        reader, found["mails"], found["first"], found["last"], last.status, last.detail,
        held.exists(),
    )  # fmt: skip
