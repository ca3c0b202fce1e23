"""Stopping a keyword alert, and taking that back."""

from __future__ import annotations

import logging

from django.db import transaction

from subscribers.keywords.query import MAX_KEYWORD_ALERTS, MAX_LENGTH, phrase_of
from subscribers.models import KeywordAlert, Subscriber

log = logging.getLogger(__name__)


def alert_for(reader: Subscriber, phrase: str) -> KeywordAlert | None:
    """Return the reader's alert for what finds the same as `phrase`; None where there is none."""
    if not phrase or len(phrase) > MAX_LENGTH:
        return None
    return reader.keyword_alerts.filter(key=phrase_of(phrase).key).first()


def stop(alert: KeywordAlert) -> bool:
    """End an alert. Returns False when it was ended before."""
    deleted, _ = KeywordAlert.objects.filter(pk=alert.pk).delete()
    if deleted:
        log.info("keyword alert stopped subscriber=%s", alert.subscriber_id)
    return bool(deleted)


@transaction.atomic
def watch_again(subscriber_id: int, phrase: str) -> bool:
    """Bring an alert for `phrase` back. Returns whether there is one then: not for who has left, or
    has as many others as one may have."""
    reader = Subscriber.objects.select_for_update().confirmed().filter(pk=subscriber_id).first()
    if reader is None:
        return False
    if alert_for(reader, phrase):
        return True
    if reader.keyword_alerts.count() >= MAX_KEYWORD_ALERTS:
        return False
    KeywordAlert.objects.create(subscriber=reader, phrase=phrase, key=phrase_of(phrase).key)
    log.info("keyword alert back subscriber=%s", subscriber_id)
    return True
