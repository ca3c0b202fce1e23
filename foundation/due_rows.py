"""Mails that a column of a row says are due: who sends one, and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from foundation import retries

Row = TypeVar("Row", bound=Model)


def send_due(
    due: QuerySet[Row],
    key: int,
    column: str,
    send: Callable[[Row], datetime | None],
    *,
    at: datetime,
) -> None:
    """Have `send` mail what is due of the row `key`, if it is among those that are `due`; whoever
    claims it first by its `column` does it, once. `send` returns when to try again, None for no
    more; whose worker dies meanwhile is due again when the claim ends."""
    claim: dict[str, Any] = {column: at + retries.LEASE}
    rows = due.model._default_manager
    if not due.filter(pk=key).update(**claim):
        return
    row: Any = rows.select_related().get(pk=key)  # with its bulletin or its person: one query
    rows.filter(pk=key, **claim).update(**{column: send(row)})
