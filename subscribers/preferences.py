"""The preferences of a confirmed reader: topics, keyword alerts, language, how often, a pause."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Value

from publications.models import Topic
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert, Subscriber, Subscription
from subscribers.models.mailability import paused as is_paused
from subscribers.models.subscription import EndReason, SubscriptionSource

PAUSE = timedelta(days=30)
WITH_EACH_ISSUE = Subscriber.Cadence.ISSUE

log = logging.getLogger(__name__)


@transaction.atomic
def choose(
    subscriber: Subscriber,
    *,
    topics: Iterable[Topic],
    keyword_alerts: Iterable[str],
    language: str,
    format: str,
    time_zone: str,
    name: str,
    at: datetime,
    cadence: str = "",
    length: str = "",
) -> bool:
    """Set what the reader follows from `at`: exactly `topics`, and alerts for exactly the phrases
    `keyword_alerts`, in `language` and `format`, with times of `time_zone`. An empty `cadence` or
    `length` stays as it is.

    What they go on following keeps its row, and retired topics, which nobody can choose, stay
    as they are. Returns False when the reader is not confirmed or has left; nothing changes then.
    """
    reader = Subscriber.objects.confirmed().filter(pk=subscriber.pk)
    if not reader.update(language=language, format=format, time_zone=time_zone, name=name):
        return False
    if cadence:
        change_cadence(subscriber.pk, cadence, at=at)
    if length:
        reader.update(length=length)
    chosen = {topic.pk: topic for topic in topics}
    offered = subscriber.subscriptions.current().filter(topic__retired_at__isnull=True)
    offered.exclude(topic__in=chosen).update(ended_at=at, ended_reason=EndReason.PREFERENCES)
    followed = set(subscriber.subscriptions.current().values_list("topic_id", flat=True))
    _follow(subscriber, [topic for pk, topic in chosen.items() if pk not in followed], at=at)
    _set_keyword_alerts(subscriber, keyword_alerts)
    log.info("chose subscriber=%s topics=%s language=%s", subscriber.pk, sorted(chosen), language)
    return True


@transaction.atomic
def stop(subscriber_id: int, *, topic_id: int, at: datetime) -> bool:
    """Stop the topic for the reader from `at`. Returns False when they did not follow it."""
    ended = Subscription.objects.current().filter(subscriber_id=subscriber_id, topic_id=topic_id)
    stopped = bool(ended.update(ended_at=at, ended_reason=EndReason.SECTION))
    if stopped:
        log.info("stopped subscriber=%s topic=%s", subscriber_id, topic_id)
    return stopped


@transaction.atomic
def follow(subscriber_id: int, *, topic: Topic, at: datetime) -> bool:
    """Have a reader follow a topic of their bulletin, too, from `at`. Returns False when they
    follow it already, it is offered no more, or they are not confirmed or have left."""
    reader = Subscriber.objects.select_for_update().confirmed().filter(pk=subscriber_id).first()
    if reader is None or topic.retired_at or topic.bulletin_id != reader.bulletin_id:
        return False
    if reader.subscriptions.current().filter(topic=topic).exists():
        return False
    _follow(reader, [topic], at=at)
    log.info("follows subscriber=%s topic=%s", subscriber_id, topic.pk)
    return True


@transaction.atomic
def change_topics(
    subscriber_id: int, *, begin: Iterable[Topic], end: Iterable[Topic], at: datetime
) -> bool:
    """Have a reader follow the topics `begin` and not `end` from `at`, because an editor says so on
    their behalf. Returns False when they are not confirmed or have left; nothing changes then."""
    reader = Subscriber.objects.select_for_update().confirmed().filter(pk=subscriber_id).first()
    if reader is None:
        return False
    ending = reader.subscriptions.current().filter(topic__in=list(end))
    ending.update(ended_at=at, ended_reason=EndReason.EDITOR)
    followed = set(reader.subscriptions.current().values_list("topic_id", flat=True))
    new = [topic for topic in begin if topic.pk not in followed]
    _follow(reader, new, at=at, source=SubscriptionSource.EDITOR)
    log.info("topics changed by an editor subscriber=%s", subscriber_id)
    return True


def pause(subscriber_id: int, *, at: datetime, lasting: timedelta = PAUSE) -> bool:
    """Pause all mails from `at`, `lasting` a month or another time. Returns False when the reader
    is paused already, is not confirmed or has left."""
    reader = Subscriber.objects.confirmed().filter(~is_paused(at), pk=subscriber_id)
    paused = bool(reader.update(paused_until=at + lasting))
    if paused:
        log.info("paused subscriber=%s", subscriber_id)
    return paused


def pause_until(subscriber_id: int, *, until: datetime) -> bool:
    """Pause all mails, or go on pausing them, until exactly `until`. Returns False when the reader
    is not confirmed or has left."""
    reader = Subscriber.objects.confirmed().filter(pk=subscriber_id)
    paused = bool(reader.update(paused_until=until))
    if paused:
        log.info("paused subscriber=%s", subscriber_id)
    return paused


def resume(subscriber_id: int, *, at: datetime) -> bool:
    """End the pause: what was missed is mailed, once (`Subscriber.catch_up_due_at`). Returns False
    when there was none, or the reader has left."""
    paused = Subscriber.objects.confirmed().filter(pk=subscriber_id, paused_until__isnull=False)
    resumed = bool(paused.update(paused_until=None, catch_up_due_at=at))
    if resumed:
        log.info("resumed subscriber=%s", subscriber_id)
    return resumed


def change_cadence(subscriber_id: int, cadence: str, *, at: datetime) -> bool:
    """Have the reader mailed at `cadence` from `at`. Who comes to be mailed with each issue has
    what is gathered for them mailed then (`Subscriber.catch_up_due_at`). Returns False when it was
    that already, or the reader is not confirmed or has left."""
    reader = Subscriber.objects.confirmed().filter(pk=subscriber_id).exclude(cadence=cadence)
    due = Value(at) if cadence == WITH_EACH_ISSUE else F("catch_up_due_at")
    changed = bool(reader.update(cadence=cadence, catch_up_due_at=due))
    if changed:
        log.info("cadence subscriber=%s cadence=%s", subscriber_id, cadence)
    return changed


def _set_keyword_alerts(subscriber: Subscriber, keywords: Iterable[str]) -> None:
    """Keep the row of each phrase that goes on, in the words that it has now."""
    wanted = {phrase_of(phrase).key: phrase for phrase in keywords}
    subscriber.keyword_alerts.exclude(key__in=wanted).delete()
    for row in subscriber.keyword_alerts.all():
        if row.phrase != wanted[row.key]:
            subscriber.keyword_alerts.filter(pk=row.pk).update(phrase=wanted[row.key])
    KeywordAlert.objects.bulk_create(
        (
            KeywordAlert(subscriber=subscriber, phrase=phrase, key=key)
            for key, phrase in wanted.items()
        ),
        ignore_conflicts=True,
    )


def _follow(
    subscriber: Subscriber,
    topics: Iterable[Topic],
    *,
    at: datetime,
    source: SubscriptionSource = SubscriptionSource.PREFERENCES,
) -> None:
    Subscription.objects.bulk_create(
        Subscription(subscriber=subscriber, topic=topic, started_at=at, source=source)
        for topic in topics
    )
