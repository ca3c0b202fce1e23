"""Reading an uploaded issue: from the PDF to a draft, or to the reason why it cannot be read."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from issues import importing
from issues.models import Issue
from pdf_reading import Limits, UnreadablePdf, parse

logger = logging.getLogger(__name__)


def claim(issue: Issue, *, at: datetime) -> bool:
    """Whether it is ours to read this issue now: nobody else began to, or they are long gone."""
    before = at - timedelta(seconds=2 * settings.READING_SECONDS)
    return bool(Issue.objects.unread(before=before).filter(pk=issue.pk).update(reading_at=at))


def read(issue: Issue, *, at: datetime) -> None:
    """Turn an uploaded issue into a draft, or into an unreadable one with its reason.

    Reading costs up to READING_SECONDS of a processor in a process of its own; the PDF is
    kept whatever comes of it. An issue that somebody else reads, or read, is left alone.
    """
    if not claim(issue, at=at):
        return
    limits = Limits(
        memory=settings.READING_MEMORY_BYTES,
        cpu_seconds=settings.READING_SECONDS,
        pages=settings.READING_PAGES,
    )
    try:
        text = parse(Path(issue.pdf.path), limits=limits)
    except UnreadablePdf as error:
        _refuse(issue, reason=error.reason, at=at)
    else:
        importing.import_text(issue, text, at=at)


def _refuse(issue: Issue, *, reason: str, at: datetime) -> None:
    Issue.objects.filter(pk=issue.pk, status=Issue.Status.UPLOADED).update(
        status=Issue.Status.UNREADABLE, unreadable_reason=reason, read_at=at
    )
    logger.info("issue %s is unreadable: %s", issue.pk, reason)
