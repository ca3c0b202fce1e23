"""The health address: the database and the broker answer, or it says which does not.

Without a database: tests/journeys/test_the_database_fails.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.embedded import serving

pytestmark = pytest.mark.django_db


@pytest.mark.redis
def test_all_is_well_when_the_database_and_the_broker_answer(
    client: Client, settings: Settings, socket: Path, tmp_path: Path
) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{socket}"
    with serving(socket, tmp_path / "data"):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": True})
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_broker_that_is_away_is_named(client: Client, settings: Settings, socket: Path) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{socket}"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "broker": False})
