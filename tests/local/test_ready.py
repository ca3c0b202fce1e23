"""What an operator's monitor is told: who is heard, what waits for too long, who takes no mail."""

from __future__ import annotations

import json
import socket as sockets
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from redis import Redis

from digests import audience, monitoring, publishing, sending
from digests.models import BEAT, Batch, Heartbeat
from issues.models import Issue
from mail.rate_limits import circuit_breakers
from mail.servers import servers
from subscribers.models import Subscriber
from tests.support.factories import (
    NOON,
    a_bulletin,
    a_draft,
    a_reader,
    an_issue,
    topics_of,
    weather,
)

pytestmark = [pytest.mark.django_db, pytest.mark.redis]

MINUTE = timedelta(minutes=1)


def failing(*, at: datetime = NOON) -> list[str]:
    """The names of what is not ok."""
    return [name for name, check in monitoring.checks(at=at).items() if not check.ok]


@pytest.mark.django_db(transaction=True)
def test_all_is_ready_when_everybody_answers_and_nothing_waits(
    at_work: Redis, client: Client, settings: Settings
) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{settings.REDIS_SOCKET}"
    monitoring.migrations()  # reading them first takes a busy process a while
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    answered = answer.json()
    assert answered["ready"] is True
    assert {"database", "broker", "migrations", "disk", BEAT, "worker_reading"} <= set(
        answered["checks"]
    )
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_who_is_silent_is_named_with_the_time_since_when(
    at_work: Redis, client: Client, settings: Settings
) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{settings.REDIS_SOCKET}"
    Heartbeat.objects.filter(name="notices").update(seen_at=timezone.now() - 5 * MINUTE)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    check = answer.json()["checks"]["worker_notices"]
    assert check["ok"] is False
    assert check["seconds"] == pytest.approx(300, abs=5)
    assert datetime.fromisoformat(check["since"]).utcoffset() == timedelta(hours=8)


@pytest.mark.django_db(transaction=True)
def test_of_a_mail_server_it_says_what_it_answered_and_no_secret(
    at_work: Redis, client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = servers("smtp://us:geheim@a.test smtp://b.test")
    circuit_breakers.open_circuit(
        "a.test:25", reason="535 5.7.8 no", problem="password", max_seconds=120
    )
    answer = client.get("/readyz")
    answered = answer.json()["checks"]
    assert (
        answered["mail_server a.test:25"]["reason"],
        answered["mail_server b.test:25"]["ok"],
    ) == (
        "password",
        True,
    )
    assert answered["mail_server a.test:25"]["detail"] == "535 5.7.8 no"
    assert "geheim" not in json.dumps(answered)


def test_a_redis_that_is_silent_costs_less_than_a_second(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    with sockets.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CELERY_BROKER_URL = settings.REDIS_URL
        began = monotonic()
        answer = client.get("/readyz")
        assert monotonic() - began < 1.5  # of a busy machine
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False}


def test_each_worker_and_the_beat_are_missed_after_a_minute(at_work: Redis) -> None:
    assert failing() == []
    Heartbeat.objects.filter(name__in=[BEAT, "reading"]).update(seen_at=NOON - MINUTE)
    assert failing() == []
    assert failing(at=NOON + MINUTE / 60) == [BEAT, "worker_reading"]
    Heartbeat.objects.all().delete()
    assert failing() == [BEAT, "worker_digests", "worker_notices", "worker_reading"]


def test_mail_that_nobody_sends_is_reported(at_work: Redis) -> None:
    bulletin = a_bulletin()
    (topic,) = topics_of(bulletin, ["Water"])
    a_reader(bulletin, "a@example.org", topics=[topic])
    digest = publishing.publish(a_draft(bulletin, {"Water": topic}), at=NOON)
    assert failing(at=NOON + 10 * MINUTE) == []
    assert failing(at=NOON + 11 * MINUTE) == ["oldest_digest"]
    assert audience.prepare(digest, at=NOON)
    assert failing(at=NOON + 10 * MINUTE) == []
    assert failing(at=NOON + 11 * MINUTE) == ["oldest_delivery"]
    Batch.objects.update(claim="x", leased_until=NOON + 20 * MINUTE)
    assert failing(at=NOON + 11 * MINUTE) == []
    assert failing(at=NOON + 21 * MINUTE) == []  # the sweep takes up what a dead worker held
    Batch.objects.update(claim="")
    sending.pause(digest, at=NOON)
    assert failing(at=NOON + 11 * MINUTE) == []


def test_a_confirmation_that_is_not_mailed_is_reported(at_work: Redis) -> None:
    reader = a_reader(a_bulletin(), "a@example.org", confirmed_at=None)
    due = Subscriber.objects.filter(pk=reader.pk)
    due.update(confirmation_requested_at=NOON, confirmation_due_at=NOON + 60 * MINUTE)
    assert failing(at=NOON + 5 * MINUTE) == []
    assert failing(at=NOON + 6 * MINUTE) == ["oldest_confirmation"]
    due.update(confirmation_due_at=None)
    assert failing(at=NOON + 6 * MINUTE) == []


def test_an_issue_that_nobody_reads_is_reported_but_not_while_another_is_read(
    at_work: Redis,
) -> None:
    bulletin = weather()
    an_issue(bulletin, status=Issue.Status.UPLOADED)
    Issue.objects.update(uploaded_at=NOON)
    assert failing(at=NOON + 10 * MINUTE) == []
    assert failing(at=NOON + 11 * MINUTE) == ["oldest_issue"]
    an_issue(bulletin, status=Issue.Status.UPLOADED, reading_at=NOON + 5 * MINUTE)
    assert failing(at=NOON + 11 * MINUTE) == []


def test_a_migration_that_waits_is_named(at_work: Redis) -> None:
    MigrationRecorder.Migration.objects.filter(app="digests").latest("id").delete()
    (check,) = [each for each in monitoring.checks(at=NOON).values() if not each.ok]
    assert check.detail.startswith("digests.")


def test_a_disk_that_is_nearly_full_is_reported(
    at_work: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.monitoring.MIN_FREE_BYTES", 1 << 62)
    assert failing() == ["disk"]


def test_it_asks_no_more_however_much_waits(
    at_work: Redis, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulletin = weather()
    for n in range(5):
        an_issue(bulletin, status=Issue.Status.UPLOADED, title=f"Weather {n}")
    with django_assert_max_num_queries(9):
        monitoring.checks(at=NOON)
