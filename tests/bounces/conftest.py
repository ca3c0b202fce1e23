"""A digest that was sent, and the mails that come back about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from digests import audience, publishing, sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.rendering.delivery_tokens import return_key
from mail.bounces.return_path import ReturnPath
from publications.models import Bulletin, Topic
from subscribers.models import Subscriber
from tests.support.making import NOON, a_bulletin, a_draft, a_reader, topics_of

MAILS = Path(__file__).parent / "mails"
LATER = NOON + timedelta(hours=1)
Enclose = Callable[..., bytes]


@pytest.fixture(autouse=True)
def _return_path(settings: Settings) -> None:
    settings.RETURN_PATH = "bounces@bounces.example.org"


@pytest.fixture
def bulletin(db: None) -> Bulletin:
    return a_bulletin()


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water"])


@pytest.fixture
def reader(bulletin: Bulletin, topics: list[Topic]) -> Subscriber:
    return a_reader(bulletin, "ann@reader.example", topics=topics)


def sent_digest(bulletin: Bulletin, topics: list[Topic], *, days: int = 0) -> Digest:
    """A digest of which every delivery was sent, so many days after the first."""
    at = LATER + timedelta(days=days)
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    digest = publishing.publish(draft, at=at)
    assert audience.prepare(digest, at=at)
    Delivery.objects.filter(digest=digest, status=DeliveryStatus.QUEUED).update(
        status=DeliveryStatus.SENT, settled_at=at
    )
    sending.recount(digest)
    return digest


@pytest.fixture
def delivery(bulletin: Bulletin, topics: list[Topic], reader: Subscriber) -> Delivery:
    return Delivery.objects.get(digest=sent_digest(bulletin, topics), subscriber=reader)


def key_of(delivery: Delivery) -> str:
    return ReturnPath().signed_key(return_key(delivery.digest, delivery.pk))


def mail(name: str, key: str) -> bytes:
    """A mail of the folder, with a sealed key in the places where one stands in life."""
    data = (MAILS / f"{name}.eml").read_bytes().replace(b"KEY", key.encode())
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
