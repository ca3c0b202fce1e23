"""Mailing a goodbye to who has left: when it is due, and who does it.

The subscriber's row says what is due, as in `subscribers.confirmation_mail`.
"""

from __future__ import annotations

import logging
from datetime import datetime

from mail.delivery import Deferred
from subscribers import notices, retries
from subscribers.models import Subscriber

log = logging.getLogger(__name__)


def send_due(subscriber_id: int, *, at: datetime) -> None:
    """Mail the goodbye if it is due; whoever claims the row first does it, once.

    While the mail server is away it stays due, later each time, for a day.
    """
    due = Subscriber.objects.filter(pk=subscriber_id).due_goodbye(at=at)
    claimed_until = at + retries.LEASE
    if not due.update(goodbye_due_at=claimed_until):
        return
    subscriber = Subscriber.objects.select_related("bulletin").get(pk=subscriber_id)
    ours = Subscriber.objects.filter(pk=subscriber_id, goodbye_due_at=claimed_until)
    ours.update(goodbye_due_at=_send(subscriber, at=at))


def _send(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """Send it. Returns when to try again; None where there is nothing more to do."""
    left_at = subscriber.unsubscribed_at
    if left_at is None:
        return None  # undone at this moment
    next_due = retries.next_time(left_at, at=at)
    if next_due is None:
        log.warning("goodbye given up subscriber=%s", subscriber.pk)
        return None
    outcome = notices.send_goodbye(subscriber, left_at=left_at, at=at)
    return next_due if isinstance(outcome, Deferred) else None
