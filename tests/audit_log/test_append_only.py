"""Nobody rewrites the log: not by our code, and on PostgreSQL not past it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit_log import retention, tasks
from audit_log.models import AppendOnly, Entry
from audit_log.recording import record_act

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")


@pytest.fixture
def entry() -> Entry:
    person = User.objects.create_user("chen")
    return record_act("issue.published", by=person, at=timezone.now(), after={"readers": 211})


def _saved(entry: Entry) -> None:
    entry.act = "issue.withdrawn"
    entry.save()


CHANGES: dict[str, Callable[[Entry], Any]] = {
    "saved again": _saved,
    "deleted": lambda entry: entry.delete(),
    "updated": lambda _entry: Entry.objects.update(act="x.y"),
    "updated by the dozen": lambda entry: Entry.objects.bulk_update([entry], ["act"]),
    "deleted by the dozen": lambda _entry: Entry.objects.filter(act="issue.published").delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_entry_is_neither_changed_nor_deleted(change: str, entry: Entry) -> None:
    with pytest.raises(AppendOnly):
        CHANGES[change](entry)
    assert Entry.objects.get().act == "issue.published"


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log_entry SET act = 'x.y'",
        "UPDATE audit_log_entry SET by_name = 'li', by_id = NULL",
        "DELETE FROM audit_log_entry",
    ],
)
def test_the_database_refuses_what_goes_past_our_code(statement: str, entry: Entry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    entry.refresh_from_db()
    assert (entry.act, entry.by_name) == ("issue.published", "chen")


def test_what_is_older_than_the_log_is_kept_is_forgotten(settings: Settings) -> None:
    now = timezone.now()
    for days in (0, 9, 11, 400):
        record_act("issue.published", by=None, at=now - timedelta(days=days))
    settings.AUDIT_LOG_DAYS = 0
    assert retention.forget(at=now) == 0
    settings.AUDIT_LOG_DAYS = 10
    assert retention.forget(at=now) == 2
    assert retention.forget(at=now) == 0
    assert Entry.objects.count() == 2
    if connection.vendor == "postgresql":  # the leave to delete ended with it
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry._base_manager.all().delete()


def test_a_task_forgets_each_night(settings: Settings) -> None:
    record_act("issue.published", by=None, at=timezone.now() - timedelta(days=1100))
    tasks.forget.delay()
    assert not Entry.objects.exists()
    assert settings.CELERY_BEAT_SCHEDULE["log"]["task"] == tasks.forget.name
