"""A bulletin with three topics."""

from __future__ import annotations

import pytest

from publications.models import Bulletin, Topic
from tests.support.factories import topics_of


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Law", "Markets", "Science"])
