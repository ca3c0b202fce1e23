"""A published issue of many sections, and the mails that are made of it without sending them."""

from __future__ import annotations

import pytest

from publications.models import Bulletin, Topic
from tests.support.factories import a_bulletin, a_long_draft, topics_of
from tests.support.messages import RenderedDigest, rendered_digest_of


@pytest.fixture
def bulletin(db: None) -> Bulletin:
    return a_bulletin(postal_address="1 Mill Lane, Ostermere", publisher="The Institute")


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy", "Standards"])


@pytest.fixture
def rendered_digest(bulletin: Bulletin, topics: list[Topic]) -> RenderedDigest:
    """A digest of three sections with three articles each."""
    return rendered_digest_of(a_long_draft(bulletin, topics, articles=3))
