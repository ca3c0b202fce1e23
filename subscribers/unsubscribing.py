"""Leaving a bulletin."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from subscribers.models import NoticeLimit, SignUpRequest, Subscriber, Subscription
from subscribers.models.subscription import EndReason

# Who reported a mail as spam wants no other, and whom an editor lets go may have said the same.
WITH_GOODBYE = frozenset({EndReason.LEFT, EndReason.ONE_CLICK, EndReason.BY_MAIL})
NO_WAITS = (timedelta(0), timedelta(0))  # but three a day, however often it is undone

log = logging.getLogger(__name__)


@transaction.atomic
def unsubscribe(subscriber_id: int, *, at: datetime, reason: EndReason) -> bool:
    """Unsubscribe the reader: from `at` they get nothing any more, and follow nothing; a goodbye is
    due to who was confirmed and left of their own accord. A pause stays written down, for who
    undoes it.

    Returns False, and changes nothing, when they had left before, or are not known.
    """
    staying = Subscriber.objects.filter(pk=subscriber_id, unsubscribed_at__isnull=True)
    if not staying.update(unsubscribed_at=at, confirmation_due_at=None):
        return False
    Subscription.objects.current().filter(subscriber_id=subscriber_id).update(
        ended_at=at, ended_reason=reason
    )
    SignUpRequest.objects.filter(subscriber=subscriber_id).delete()
    if reason in WITH_GOODBYE:
        _request_goodbye(subscriber_id, at=at)
    log.info("left subscriber=%s reason=%s", subscriber_id, reason.value)
    return True


def _request_goodbye(subscriber_id: int, *, at: datetime) -> None:
    reader = Subscriber.objects.not_suppressed().filter(
        pk=subscriber_id, confirmed_at__isnull=False
    )
    mailbox = reader.values_list("address_key", flat=True).first()
    kind = NoticeLimit.Kind.GOODBYE
    if mailbox and NoticeLimit.objects.take(mailbox, kind, waits=NO_WAITS, at=at):
        reader.update(goodbye_due_at=at)
