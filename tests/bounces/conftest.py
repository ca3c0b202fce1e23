"""A digest that was sent, and the mails that come back about it."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from digests.models import Delivery
from publications.models import Bulletin, Topic
from subscribers.models import Subscriber
from tests.support.factories import a_reader, topics_of
from tests.support.returned_mails import sent_digest


@pytest.fixture(autouse=True)
def _return_path(settings: Settings) -> None:
    settings.RETURN_PATH = "bounces@bounces.example.org"


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water"])


@pytest.fixture
def reader(bulletin: Bulletin, topics: list[Topic]) -> Subscriber:
    return a_reader(bulletin, "ann@reader.example", topics=topics)


@pytest.fixture
def delivery(bulletin: Bulletin, topics: list[Topic], reader: Subscriber) -> Delivery:
    return Delivery.objects.get(digest=sent_digest(bulletin, topics), subscriber=reader)
