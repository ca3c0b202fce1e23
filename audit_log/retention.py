"""Forgetting what was written down longer ago than the log is kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from audit_log.models import Entry

STEP = 5_000  # entries in one transaction

logger = logging.getLogger(__name__)


def forget(*, at: datetime) -> int:
    """Delete the entries that are older than AUDIT_LOG_DAYS; none where that is 0. Returns how
    many."""
    if not settings.AUDIT_LOG_DAYS:
        return 0
    before = at - timedelta(days=settings.AUDIT_LOG_DAYS)
    count = 0
    while step := _step(before):
        count += step
    if count:
        logger.info("forgot %s entries of the log", count)
    return count


@transaction.atomic
def _step(before: datetime) -> int:
    old = Entry.objects.filter(at__lt=before).order_by("at")
    keys = list(old.values_list("pk", flat=True)[:STEP])
    _let_delete("on")
    rows: QuerySet[Entry] = Entry._base_manager.filter(pk__in=keys)
    rows.delete()
    _let_delete("off")
    return len(keys)


def _let_delete(leave: str) -> None:
    """Say, to the trigger of the third migration, whether this transaction forgets."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bulletin.forgets_log', %s, true)", [leave])
