"""The sample bulletins that the project ships, and readers for them, who exist only here."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from publications.models import Bulletin, Topic
from publications.models.topic import Alias
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert, Subscriber, Subscription
from subscribers.models.subscription import SubscriptionSource

FOLDER = Path(settings.BASE_DIR, "samples")
READERS = 240  # of each sample bulletin


@dataclass(frozen=True, slots=True)
class Sample:
    """A bulletin in the database, and the PDF of its sample issue."""

    bulletin: Bulletin
    pdf: Path


def load(*, at: datetime) -> list[Sample]:
    """Make sure that the sample bulletins with their topics and readers are there."""
    return [_load(words, at=at) for words in _bulletins()]


def other_readers() -> int:
    """Return how many readers there are of bulletins that are no samples; also where nothing is
    migrated yet."""
    if Subscriber._meta.db_table not in connection.introspection.table_names():
        return 0
    return Subscriber.objects.exclude(
        bulletin__slug__in=[one["slug"] for one in _bulletins()]
    ).count()


def _bulletins() -> list[dict[str, Any]]:
    words = tomllib.loads((FOLDER / "topics.toml").read_text(encoding="utf-8"))
    return list(words["bulletins"])


@transaction.atomic
def _load(words: dict[str, Any], *, at: datetime) -> Sample:
    fields = ("name", "description", "language", "publisher", "postal_address", "accent")
    look = {name: words[name] for name in fields}
    sender = {"sender_name": words["name"], "sender_email": f"{words['slug']}@example.org"}
    bulletin, new = Bulletin.objects.get_or_create(slug=words["slug"], defaults=look | sender)
    if new:
        for position, topic in enumerate(words["topics"], start=1):
            _add_topic(bulletin, topic, position=position)
        _add_readers(bulletin, keywords=words["watches"], at=at)
    return Sample(bulletin=bulletin, pdf=FOLDER / words["issue"])


def _add_topic(bulletin: Bulletin, words: dict[str, Any], *, position: int) -> None:
    topic = Topic.objects.create(
        bulletin=bulletin, name_zh=words["zh"], name_en=words["en"], position=position
    )
    for title in words["aliases"]:
        Alias.objects.learn(topic, title)


def _add_readers(bulletin: Bulletin, *, keywords: list[str], at: datetime) -> None:
    """Add READERS readers at example.org (RFC 2606), two thirds in the bulletin's language.

    What each follows is drawn with a fixed seed; a few follow nothing that is printed, and one
    in eight has alerts for two phrases.
    """
    draw = random.Random(bulletin.slug)
    others = [code for code, _ in settings.LANGUAGES if code != bulletin.language]
    topics = list(bulletin.topics.all())
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            bulletin=bulletin,
            address=f"reader{n:03}@{bulletin.slug}.example.org",
            address_key=f"reader{n:03}@{bulletin.slug}.example.org",
            language=bulletin.language if n % 3 else others[0],
            signed_up_at=at,
            confirmed_at=at,
        )
        for n in range(1, READERS + 1)
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=reader, topic=topic, started_at=at, source=SubscriptionSource.IMPORT
        )
        for reader in readers
        for topic in draw.sample(topics, draw.randint(0, len(topics)))
    )
    KeywordAlert.objects.bulk_create(
        KeywordAlert(subscriber=reader, phrase=phrase, key=phrase_of(phrase).key)
        for reader in readers[::8]
        for phrase in draw.sample(keywords, 2)
    )
