"""One entry of the log for a spell of editing: what was done in it stands in the draft's own
history, act by act."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from audit_log.models import Entry
from audit_log.recording import record_act
from issues.models import Issue

SPELL = timedelta(hours=1)  # after which going on is written down anew
ACT = "issue.edited"


def note(user: Any, issue: Issue, *, at: datetime) -> None:
    """Write down that somebody edits the draft, unless that was written down lately. One query,
    and one more for the first act of a spell."""
    lately = Entry.objects.filter(issue_id=issue.pk, at__gt=at - SPELL, by=user, act=ACT)
    if not lately.exists():
        record_act(ACT, by=user, at=at, after={"version": issue.version}, **issue.log_keys)
