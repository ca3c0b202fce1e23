"""Reading an uploaded issue: from its file to a draft, or to the reason why it cannot be read."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from issues import importing
from issues.intake.errors import Unreadable
from issues.intake.kinds import kind_of_file
from issues.models import Issue

logger = logging.getLogger(__name__)


def claim(issue: Issue, *, at: datetime) -> bool:
    """Claim the issue for reading. Returns False if somebody reads it, or read it, already."""
    before = at - timedelta(seconds=2 * settings.READING_SECONDS)
    return bool(Issue.objects.unread(before=before).filter(pk=issue.pk).update(reading_at=at))


def read(issue: Issue, *, at: datetime) -> None:
    """Turn an uploaded issue into a draft, or into an unreadable one with its reason.

    Reading costs up to READING_SECONDS of a processor in a process of its own; the file is
    kept whatever comes of it. Does nothing if somebody else reads the issue, or read it.
    """
    if not claim(issue, at=at):
        return
    file = Path(issue.pdf.path)
    try:
        text = kind_of_file(file).read(file)
    except Unreadable as error:
        _refuse(issue, reason=error.reason, at=at)
    else:
        importing.import_text(issue, text, at=at)


def _refuse(issue: Issue, *, reason: str, at: datetime) -> None:
    Issue.objects.filter(pk=issue.pk, status=Issue.Status.UPLOADED).update(
        status=Issue.Status.UNREADABLE, unreadable_reason=reason, read_at=at
    )
    logger.info("issue %s is unreadable: %s", issue.pk, reason)
