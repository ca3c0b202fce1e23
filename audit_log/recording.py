"""Writing down an act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from audit_log.models import Entry

MAX_SUBJECT = 200  # characters
MAX_NAME = 150


class LogKeys(TypedDict, total=False):
    """The keys by which entries about a row are found, and its name: the `log_keys` of the models
    of which the log has acts. A reader has no name there."""

    publication: int
    issue: int | None
    reader: int
    subject: str


def record_act(
    act: str,
    *,
    by: Any,
    at: datetime,
    service: str = "",
    publication: int | None = None,
    issue: int | None = None,
    reader: int | None = None,
    subject: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Write down that somebody did something, in the transaction that does it.

    `act` is a noun and a participle with a dot between, such as `issue.published`; its words stand
    where the log is read. `by` is a user, or None for the service itself, of which `service` says
    by which command. Rows are named by their primary keys: `**row.log_keys`. `before` and `after`
    hold JSON of what changed, never addresses or secrets.
    """
    return Entry.objects.create(
        act=act,
        at=at,
        by=by,
        by_name=by.get_username()[:MAX_NAME] if by else service,
        publication_id=publication,
        issue_id=issue,
        reader_id=reader,
        subject=subject[:MAX_SUBJECT],
        before=dict(before or {}),
        after=dict(after or {}),
    )
