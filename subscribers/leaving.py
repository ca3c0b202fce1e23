"""Leaving a bulletin."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import Ending

log = logging.getLogger(__name__)


@transaction.atomic
def unsubscribe(subscriber_id: int, *, at: datetime, ending: Ending) -> bool:
    """From `at` the reader gets nothing any more, and follows nothing.

    False when they had left before, or are not known; nothing changes then.
    """
    staying = Subscriber.objects.filter(pk=subscriber_id, unsubscribed_at__isnull=True)
    if not staying.update(unsubscribed_at=at, paused_until=None):
        return False
    Subscription.objects.current().filter(subscriber_id=subscriber_id).update(
        ended_at=at, ended_reason=ending
    )
    log.info("left subscriber=%s ending=%s", subscriber_id, ending.value)
    return True
