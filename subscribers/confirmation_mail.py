"""Asking by mail whether it was the reader who signed up: when it is due, and who does it.

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

# Who presses again gets another mail, but nobody can fill a stranger's mailbox: there are three
# a day, of all bulletins together.
WAITS = (timedelta(minutes=3), timedelta(hours=1))


@transaction.atomic
def want(subscriber_id: int, *, at: datetime) -> bool:
    """A mail that asks is due at `at`; False when the mailbox was asked too lately or too often
    (`NoticeLimit`), by whichever bulletin, or must not be asked."""
    reader = Subscriber.objects.askable().filter(pk=subscriber_id)
    mailbox = reader.values_list("address_key", flat=True).first()
    if mailbox is None:
        return False
    kind = NoticeLimit.Kind.CONFIRMATION
    if not NoticeLimit.objects.take(mailbox, kind, waits=WAITS, at=at):
        return False
    return bool(reader.update(confirmation_wanted_at=at, confirmation_due_at=at))


def want_link(bulletin: Bulletin, *, address: Address, at: datetime) -> int | None:
    """A mail with a link is due at `at` to the reader of `bulletin` at `address`; whose, if there
    is one and `want` says so. Who left gets none."""
    reader = Subscriber.objects.filter(
        bulletin=bulletin, address_key=address.key, unsubscribed_at__isnull=True
    ).first()
    return reader.pk if reader is not None and want(reader.pk, at=at) else None


def ask(subscriber_id: int, *, at: datetime) -> None:
    """Mail the link to confirm if that is due; who claims the row first does it, once.

    While the mail server is away it stays due, later each time; after a day the reader, who has
    long signed up again, or has not cared, has to sign up again.
    """
    due = Subscriber.objects.filter(pk=subscriber_id).to_ask(at=at)
    if not due.update(confirmation_due_at=at + retries.LEASE):
        return
    again = _ask(Subscriber.objects.select_related("bulletin").get(pk=subscriber_id), at=at)
    Subscriber.objects.filter(pk=subscriber_id).update(confirmation_due_at=again)


def _ask(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """When to try it again; None where there is nothing more to do."""
    request = SignUpRequest.objects.pending(subscriber)
    if request is None and not subscriber.is_reading:
        return None  # left or forgotten meanwhile
    outcome = notices.send_answer(subscriber, request, at=at)
    if not isinstance(outcome, Deferred):
        return None
    again = retries.next_time(subscriber.confirmation_wanted_at or at, at=at)
    if again is None:
        log.warning("confirmation given up subscriber=%s", subscriber.pk)
    return again
