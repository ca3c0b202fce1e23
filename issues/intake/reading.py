"""Reading an uploaded issue: from its files to a draft, or to the reason why one cannot be read."""

from __future__ import annotations

import logging
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File

from issues import importing
from issues.intake.errors import Unreadable
from issues.intake.joining import joined
from issues.intake.kinds import FileText, kind_of_file
from issues.models import Issue, IssueFile
from issues.models.issue_file import pdf_path
from pdf_reading.issue_text import IssueText

logger = logging.getLogger(__name__)


def claim(issue: Issue, *, at: datetime) -> bool:
    """Claim the issue for reading. Returns False if somebody reads it, or read it, already."""
    before = at - timedelta(seconds=2 * settings.READING_SECONDS)
    return bool(Issue.objects.unread(before=before).filter(pk=issue.pk).update(reading_at=at))


def read(issue: Issue, *, at: datetime) -> None:
    """Turn an uploaded issue into a draft, or into an unreadable one with its reason.

    Reading costs up to READING_SECONDS of a processor in a process of its own; the files are
    kept whatever comes of it. Does nothing if somebody else reads the issue, or read it.
    """
    if not claim(issue, at=at):
        return
    began = time.monotonic()
    files = list(issue.files.in_use())
    texts: list[IssueText] = []
    for file in files:
        _prolong(issue, at=at + timedelta(seconds=time.monotonic() - began))
        try:
            texts.append(read_file(file))
        except Unreadable as error:
            name = file.name if len(files) > 1 else ""
            _refuse(issue, reason=error.reason, file_name=name, at=at)
            return
    importing.import_text(issue, joined(texts), at=at)


def read_file(file: IssueFile) -> IssueText:
    """Return the text of a file, and keep the PDF of its pages. Raises Unreadable."""
    path = Path(file.original.path)
    with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
        found = kind_of_file(path).read(path, Path(folder))
        _keep_pages(file, found)
    return found.text


def _keep_pages(file: IssueFile, found: FileText) -> None:
    """Store the PDF, in place of the one that an earlier reading made."""
    if found.pdf is not None and found.pdf != Path(file.original.path):
        file.pdf.storage.delete(pdf_path(file, ""))
        with found.pdf.open("rb") as pdf:
            file.pdf.save("", File(pdf), save=False)
    file.page_count = found.text.page_count
    file.save(update_fields=["pdf", "page_count"])


def _prolong(issue: Issue, *, at: datetime) -> None:
    """Have the claim hold for one more file."""
    Issue.objects.filter(pk=issue.pk, status=Issue.Status.UPLOADED).update(reading_at=at)


def _refuse(issue: Issue, *, reason: str, file_name: str, at: datetime) -> None:
    Issue.objects.filter(pk=issue.pk, status=Issue.Status.UPLOADED).update(
        status=Issue.Status.UNREADABLE,
        unreadable_reason=reason,
        unreadable_file=file_name,
        read_at=at,
    )
    logger.info("issue %s is unreadable: %s", issue.pk, reason)
