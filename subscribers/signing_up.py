"""Signing up, and confirming that by a click on a link that was mailed (double opt-in)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from publications.models import Bulletin, Topic
from subscribers import links
from subscribers.addresses import Address
from subscribers.models import SignUpRequest, Subscriber, Subscription
from subscribers.models.subscription import SubscriptionSource

log = logging.getLogger(__name__)


@transaction.atomic
def sign_up(
    bulletin: Bulletin,
    *,
    address: Address,
    topics: Iterable[Topic],
    language: str,
    at: datetime,
    consent: str = "",
) -> Subscriber:
    """The reader of `bulletin` at `address`, who is to be mailed a link to confirm.

    Nobody has shown yet that the mailbox is theirs. So nothing changes for a confirmed reader;
    for one who is new, has not confirmed yet or has left, what is asked for is written down
    beside their row (the last request wins), and begins to count when they confirm. `consent` says
    where somebody else who asks for them has their consent from.
    """
    # Locked, so that who is forgotten at this moment is either kept or made anew.
    subscriber, _created = Subscriber.objects.select_for_update().get_or_create(
        bulletin=bulletin,
        address_key=address.key,
        defaults={"address": address.text, "language": language, "signed_up_at": at},
    )
    if subscriber.is_reading:
        return subscriber
    Subscriber.objects.filter(pk=subscriber.pk, confirmed_at=None).update(signed_up_at=at)
    request, _created = SignUpRequest.objects.update_or_create(
        subscriber=subscriber,
        defaults={
            "address": address.text,
            "language": language,
            "requested_at": at,
            "consent": consent,
        },
    )
    request.topics.set(topics)
    log.info("signed up subscriber=%s bulletin=%s", subscriber.pk, bulletin.pk)
    return subscriber


@transaction.atomic
def confirm(subscriber_id: int, *, at: datetime) -> bool:
    """Make somebody a reader from `at`, who follows what they asked for. Returns False, and changes
    nothing, when nothing is asked for, which was done before or has been forgotten."""
    request = SignUpRequest.objects.filter(subscriber=subscriber_id).first()
    if request is None:
        return False
    not_reading = Q(confirmed_at__isnull=True) | Q(unsubscribed_at__isnull=False)
    waiting = Subscriber.objects.filter(not_reading, pk=subscriber_id)
    if not waiting.update(**_beginning(request, at=at)):
        return False
    Subscription.objects.bulk_create(
        Subscription(
            subscriber_id=subscriber_id,
            topic=topic,
            started_at=at,
            source=SubscriptionSource.SIGN_UP,
            consent=request.consent,
        )
        for topic in request.topics.all()
    )
    request.delete()
    log.info("confirmed subscriber=%s", subscriber_id)
    return True


def _beginning(request: SignUpRequest, *, at: datetime) -> dict[str, object]:
    """Return what the row of somebody says who begins to read, for the first time or again: the
    first mail is due at once, and says to who comes back what they missed since they left."""
    return {
        "address": request.address,
        "language": request.language,
        "signed_up_at": request.requested_at,
        "confirmed_at": at,
        "paused_until": None,
        "missing_since": F("unsubscribed_at"),  # as it was before this UPDATE
        "unsubscribed_at": None,
        "welcome_due_at": at,
        "catch_up_due_at": None,
        "goodbye_due_at": None,
        "link_key": links.renewed(),  # what was mailed before ends
    }
