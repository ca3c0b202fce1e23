"""Changes of many readers at once, as an editor makes them. Each returns how many were changed; who
has left or never confirmed is not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from publications.models import Topic
from subscribers import unsubscribing
from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import EndReason, SubscriptionSource

log = logging.getLogger(__name__)


@transaction.atomic
def add_topic(readers: Sequence[int], topic: Topic, *, consent: str, at: datetime) -> int:
    """Have readers of the topic's bulletin follow it from `at`."""
    reading = Subscriber.objects.confirmed().filter(pk__in=readers, bulletin=topic.bulletin_id)
    locked = list(
        reading.select_for_update(of=("self",)).order_by("address_key").values_list("pk", flat=True)
    )
    current = Subscription.objects.current().filter(topic=topic, subscriber__in=locked)
    following = set(current.values_list("subscriber_id", flat=True))
    missing = [pk for pk in locked if pk not in following]
    Subscription.objects.bulk_create(
        [
            Subscription(
                subscriber_id=pk,
                topic=topic,
                started_at=at,
                source=SubscriptionSource.EDITOR,
                consent=consent,
            )
            for pk in missing
        ],
        ignore_conflicts=True,  # who chooses it at this moment follows it
    )
    log.info("topic added topic=%s readers=%s", topic.pk, len(missing))
    return len(missing)


def end_topic(readers: Sequence[int], topic: Topic, *, at: datetime) -> int:
    """Have readers follow a topic no longer, from `at`."""
    current = Subscription.objects.current().filter(topic=topic, subscriber__in=readers)
    ended = current.update(ended_at=at, ended_reason=EndReason.EDITOR)
    log.info("topic ended topic=%s readers=%s", topic.pk, ended)
    return ended


def set_language(readers: Sequence[int], language: str) -> int:
    """Have readers get their mails in a language."""
    reading = Subscriber.objects.confirmed().filter(pk__in=readers)
    changed = reading.exclude(language=language).update(language=language)
    log.info("language set readers=%s", changed)
    return changed


def unsubscribe(readers: Sequence[int], *, at: datetime) -> int:
    """Unsubscribe readers, who get no goodbye."""
    return sum(unsubscribing.unsubscribe(pk, at=at, reason=EndReason.EDITOR) for pk in readers)
