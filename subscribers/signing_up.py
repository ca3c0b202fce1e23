"""Signing up, and confirming that by a click on a link that was mailed (double opt-in)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from subscribers import links
from subscribers.addresses import Address
from subscribers.models import Bulletin, Subscriber, Subscription, Topic
from subscribers.models.subscription import Origin

log = logging.getLogger(__name__)


@transaction.atomic
def sign_up(
    bulletin: Bulletin, *, address: Address, topics: Iterable[Topic], language: str, at: datetime
) -> Subscriber:
    """The reader of `bulletin` at `address`, who is to be mailed a link to confirm.

    Nobody has shown yet that the mailbox is theirs. So nothing changes for a confirmed
    reader; for one who is new, has not confirmed yet or has left, the choices are written
    down (the last ones win) and begin to count when they confirm.
    """
    subscriber, _created = Subscriber.objects.get_or_create(
        bulletin=bulletin,
        address_key=address.key,
        defaults={"address": address.text, "language": language, "signed_up_at": at},
    )
    unconfirmed = Q(confirmed_at__isnull=True) | Q(unsubscribed_at__isnull=False)
    anew = Subscriber.objects.filter(unconfirmed, pk=subscriber.pk).update(
        address=address.text,
        language=language,
        signed_up_at=at,
        confirmed_at=None,
        paused_until=None,
        unsubscribed_at=None,
    )
    if anew:
        subscriber.subscriptions.current().delete()  # they never counted: no history
        Subscription.objects.bulk_create(
            Subscription(subscriber=subscriber, topic=topic, started_at=at, source=Origin.SIGN_UP)
            for topic in topics
        )
        subscriber.refresh_from_db()
        log.info("signed up subscriber=%s bulletin=%s", subscriber.pk, bulletin.pk)
    return subscriber


@transaction.atomic
def confirm(subscriber_id: int, *, at: datetime) -> bool:
    """From `at` the reader counts, and follows what they chose. False when that was done
    before or the reader has left since; nothing changes then. Links of an earlier subscription
    end."""
    waiting = Subscriber.objects.filter(
        pk=subscriber_id, confirmed_at__isnull=True, unsubscribed_at__isnull=True
    )
    if not waiting.update(confirmed_at=at, link_key=links.renewed()):
        return False
    Subscription.objects.current().filter(subscriber_id=subscriber_id).update(started_at=at)
    log.info("confirmed subscriber=%s", subscriber_id)
    return True
