"""Taking in the PDF of an issue: what it is says its content, not its name."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction

from issues.models import Issue
from publications.models import Bulletin

logger = logging.getLogger(__name__)

# Readers accept junk before the header within so many bytes (ISO 32000-1, annex H, note 13).
HEADER_WITHIN = 1024


class NotAPdf(Exception):
    """The file does not begin as a PDF does, or is empty."""


class TooLarge(Exception):
    """The file has more than PDF_MAX_BYTES bytes."""


class AlreadyUploaded(Exception):
    """The bulletin has an issue from this very file: `issue`."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.pk)
        self.issue = issue


def upload(bulletin: Bulletin, file: File[Any], *, at: datetime) -> Issue:
    """Keep the PDF and make the issue that is to be read from it.

    Raises NotAPdf, TooLarge or AlreadyUploaded, and then nothing is kept.
    """
    if file.size > settings.PDF_MAX_BYTES:
        raise TooLarge
    if b"%PDF-" not in file.read(HEADER_WITHIN):
        raise NotAPdf
    issue = Issue(
        bulletin=bulletin,
        pdf_sha256=_sha256(file),
        pdf_name=PurePath(file.name or "").name[-255:],
        uploaded_at=at,
    )
    _refuse_a_second(issue)
    issue.pdf.save(issue.pdf_name, file, save=False)
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError:  # somebody else uploaded the same file in this moment
        issue.pdf.delete(save=False)
        _refuse_a_second(issue)
        raise
    logger.info("issue %s uploaded for bulletin %s", issue.pk, bulletin.pk)
    return issue


def _refuse_a_second(issue: Issue) -> None:
    same = Issue.objects.filter(bulletin=issue.bulletin, pdf_sha256=issue.pdf_sha256).first()
    if same is not None:
        raise AlreadyUploaded(same)


def _sha256(file: File[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
