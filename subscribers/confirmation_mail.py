"""Mailing the link to confirm: when it is due, and who does it.

The subscriber's row says what is due, so that a task that was never queued, or whose worker
died, is found by the sweep.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from mail.delivery import Deferred
from publications.models import Bulletin
from subscribers import notices, retries
from subscribers.addresses import Address
from subscribers.models import NoticeLimit, SignUpRequest, Subscriber

log = logging.getLogger(__name__)

# Who signs up again gets another mail, but nobody can fill a stranger's mailbox: there are three
# a day, of all bulletins together.
WAITS = (timedelta(minutes=3), timedelta(hours=1))


@transaction.atomic
def request(subscriber_id: int, *, at: datetime) -> bool:
    """Make a confirmation mail due at `at`.

    Returns False when the mailbox got one too lately or too often (`NoticeLimit`), from whichever
    bulletin, or must not get any.
    """
    subscriber = Subscriber.objects.confirmable().filter(pk=subscriber_id)
    mailbox = subscriber.values_list("address_key", flat=True).first()
    if mailbox is None:
        return False
    kind = NoticeLimit.Kind.CONFIRMATION
    if not NoticeLimit.objects.take(mailbox, kind, waits=WAITS, at=at):
        return False
    return bool(subscriber.update(confirmation_requested_at=at, confirmation_due_at=at))


def request_link(bulletin: Bulletin, *, address: Address, at: datetime) -> int | None:
    """Make a mail with a link due at `at` for the subscriber of `bulletin` at `address`.

    Returns their id; None where there is nobody, they have left, or `request` says no.
    """
    subscriber = Subscriber.objects.filter(
        bulletin=bulletin, address_key=address.key, unsubscribed_at__isnull=True
    ).first()
    return subscriber.pk if subscriber is not None and request(subscriber.pk, at=at) else None


def send_due(subscriber_id: int, *, at: datetime) -> None:
    """Mail the link to confirm if that is due; whoever claims the row first does it, once.

    While the mail server is away it stays due, later each time; after a day the reader, who has
    long signed up again, or has not cared, has to sign up again.
    """
    due = Subscriber.objects.filter(pk=subscriber_id).due_confirmation(at=at)
    if not due.update(confirmation_due_at=at + retries.LEASE):
        return
    next_due = _send(Subscriber.objects.select_related("bulletin").get(pk=subscriber_id), at=at)
    Subscriber.objects.filter(pk=subscriber_id).update(confirmation_due_at=next_due)


def _send(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """Send it. Returns when to try again; None where there is nothing more to do."""
    pending = SignUpRequest.objects.pending(subscriber)
    if pending is None and not subscriber.is_reading:
        return None  # left or forgotten meanwhile
    outcome = notices.send_confirmation(subscriber, pending, at=at)
    if not isinstance(outcome, Deferred):
        return None
    next_due = retries.next_time(subscriber.confirmation_requested_at or at, at=at)
    if next_due is None:
        log.warning("confirmation given up subscriber=%s", subscriber.pk)
    return next_due
