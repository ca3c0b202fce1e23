"""Asking by mail whether it was the reader who signed up: when it is due, and who does it.

The subscriber's row says what is due, so that a task that was never queued, or whose worker
died, is found by the sweep.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from bulletin_site.mail.transport import Unavailable
from subscribers import notices
from subscribers.addresses import Address
from subscribers.models import Bulletin, Subscriber

log = logging.getLogger(__name__)

# Who presses again gets another mail, but nobody can fill a stranger's mailbox.
BETWEEN = timedelta(minutes=3)
LEASE = timedelta(minutes=5)  # longer than a mail server may take for one message
FIRST_DELAY = timedelta(seconds=15)
GIVEN_UP_AFTER = timedelta(days=1)  # the reader has long signed up again, or has not cared


def want(subscriber_id: int, *, at: datetime) -> bool:
    """A mail that asks is due at `at`; False when one was wanted less than BETWEEN before, or
    the address is suppressed."""
    recently = Q(confirmation_wanted_at__gt=at - BETWEEN)
    reader = Subscriber.objects.mailable().filter(~recently, pk=subscriber_id)
    wanted = reader.update(confirmation_wanted_at=at, confirmation_due_at=at)
    return bool(wanted)


def want_link(bulletin: Bulletin, *, address: Address, at: datetime) -> int | None:
    """A mail with a link is due at `at` to the reader of `bulletin` at `address`; whose, if there
    is one and `want` says so. Who left gets none."""
    reader = Subscriber.objects.filter(
        bulletin=bulletin, address_key=address.key, unsubscribed_at__isnull=True
    ).first()
    return reader.pk if reader is not None and want(reader.pk, at=at) else None


def ask(subscriber_id: int, *, at: datetime) -> None:
    """Mail the link to confirm if that is due; who claims the row first does it, once.

    While the mail server is away it stays due, later each time by half of the time that it
    has been wanted; after GIVEN_UP_AFTER the reader has to sign up again.
    """
    due = Subscriber.objects.filter(pk=subscriber_id).to_ask(at=at)
    if not due.update(confirmation_due_at=at + LEASE):
        return
    subscriber = Subscriber.objects.select_related("bulletin").get(pk=subscriber_id)
    outcome = notices.send_answer(subscriber, at=at)
    again = _next_time(subscriber, at=at) if isinstance(outcome, Unavailable) else None
    Subscriber.objects.filter(pk=subscriber_id).update(confirmation_due_at=again)


def _next_time(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    waited = at - (subscriber.confirmation_wanted_at or at)
    if waited > GIVEN_UP_AFTER:
        log.warning("confirmation given up subscriber=%s", subscriber.pk)
        return None
    return at + max(FIRST_DELAY, waited / 2)
