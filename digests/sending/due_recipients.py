"""Loading the due recipients of a claim, each with the reason to skip it, if there is one."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection

from digests.models import Delivery
from digests.rendering import COLUMNS, Recipient

_NOW = datetime.min.replace(tzinfo=UTC)  # stands for the time in what is compiled once
_EDITION = "edition__"


def load_due_recipients(claim: str, *, at: datetime) -> list[Recipient]:
    """Return the due recipients of the claim of that name, edition by edition. One query."""
    sql, params = _compiled()
    adapt = connection.ops.adapt_datetimefield_value
    now, placeholder = adapt(at), adapt(_NOW)
    with connection.cursor() as cursor:
        cursor.execute(sql, [claim, *[now if p == placeholder else p for p in params]])
        return list(map(Recipient._make, cursor.fetchall()))


@cache
def _compiled() -> tuple[str, tuple[Any, ...]]:
    """The statement, and its parameters behind the claim's name: to have Django compile it at
    each claim costs 3 µs a reader, where PostgreSQL needs 4 for the answer."""
    ours = [column for column in COLUMNS if not column.startswith(_EDITION)]
    rows = Delivery.objects.due(at=_NOW).with_skip_reason(at=_NOW).with_first_day().order_by()
    deliveries, params = rows.values("edition_id", *ours).query.sql_with_params()
    shared = ", ".join(
        f"edition.{column.removeprefix(_EDITION)}"
        for column in COLUMNS
        if column.startswith(_EDITION)
    )
    found = ", ".join(
        f"held.{column.removeprefix(_EDITION)}"
        if column.startswith(_EDITION)
        else f"delivery.{column}"
        for column in COLUMNS
    )
    # The editions are looked up before the deliveries: left to itself, PostgreSQL takes a claim
    # for one reader, and looks the edition up for each: 5.0 instead of 4.4 µs a reader of
    # 100,000, and 20 instead of 5.5 of 1,000,000.
    sql = f"""
        WITH held AS MATERIALIZED (
            SELECT batch.edition_id, batch.first, batch.last,
                {shared}
            FROM digests_batch AS batch
            JOIN digests_edition AS edition ON edition.id = batch.edition_id
            WHERE batch.claim = %s
        )
        SELECT {found}
        FROM held
        JOIN ({deliveries}) AS delivery
            ON delivery.edition_id = held.edition_id
            AND delivery.pk BETWEEN held.first AND held.last
        ORDER BY delivery.edition_id, delivery.pk"""  # noqa: S608 - our words
    return sql, params
