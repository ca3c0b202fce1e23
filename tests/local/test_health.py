"""The health address: the database and the broker answer, or it says which does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings

from tests.embedded import serving

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


def test_a_database_that_is_away_is_named(client: Client, settings: Settings, socket: Path) -> None:
    def away(*_asked: Callable[..., Any] | object) -> None:
        raise OperationalError("the server closed the connection")

    settings.CELERY_BROKER_URL = f"redis+socket://{socket}"
    with connection.execute_wrapper(away):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
