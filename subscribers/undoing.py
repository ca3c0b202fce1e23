"""Undoing what a reader did by mistake: leaving, and stopping a section.

What an act ended is known by the moment at which it did. What comes back begins anew: that it
was ended for a while stays in the history.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from subscribers.models import SignUpRequest, Subscriber, Subscription
from subscribers.models.subscription import EndReason, SubscriptionSource

log = logging.getLogger(__name__)


@transaction.atomic
def undo_leaving(subscriber_id: int, *, left_at: datetime, at: datetime) -> bool:
    """Have the reader follow again, from `at`, exactly what leaving at `left_at` ended; what was
    missed meanwhile is mailed, once.

    Returns False, and changes nothing, for who never confirmed, or has not left, or not at that
    moment.
    """
    gone = Subscriber.objects.filter(
        pk=subscriber_id, confirmed_at__isnull=False, unsubscribed_at=left_at
    )
    back = {"unsubscribed_at": None, "catch_up_due_at": at, "goodbye_due_at": None}
    # What an earlier leaving missed may be due still.
    if not gone.update(**back, missing_since=Coalesce("missing_since", Value(left_at))):
        return False
    SignUpRequest.objects.filter(subscriber=subscriber_id).delete()  # there is nothing to confirm
    _follow_again(Subscription.objects.filter(subscriber=subscriber_id, ended_at=left_at), at=at)
    log.info("leaving undone subscriber=%s", subscriber_id)
    return True


@transaction.atomic
def undo_stopping(subscriber_id: int, *, topic_id: int, stopped_at: datetime, at: datetime) -> bool:
    """Have the reader follow the topic again, from `at`, that they stopped at `stopped_at`.

    Returns False when that is undone already, even if it was stopped anew since, or the reader has
    left.
    """
    if not Subscriber.objects.confirmed().filter(pk=subscriber_id).exists():
        return False
    rows = Subscription.objects.filter(subscriber=subscriber_id, topic=topic_id)
    if rows.filter(started_at__gte=stopped_at).exists():
        return False
    ended = rows.filter(ended_at=stopped_at, ended_reason=EndReason.SECTION)
    undone = _follow_again(ended, at=at)
    if undone:
        log.info("stopping undone subscriber=%s topic=%s", subscriber_id, topic_id)
    return undone


def _follow_again(ended: QuerySet[Subscription], *, at: datetime) -> bool:
    """Return whether there was anything; what is followed already stays as it is."""
    anew = [
        Subscription(
            subscriber_id=row.subscriber_id,
            topic_id=row.topic_id,
            started_at=at,
            source=SubscriptionSource.UNDO,
        )
        for row in ended
    ]
    Subscription.objects.bulk_create(anew, ignore_conflicts=True)
    return bool(anew)
