"""Uploading the file of an issue, which is recognised by its content, not by its name."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction

from issues.intake.kinds import START, kind_of
from issues.models import Issue
from publications.models import Bulletin

logger = logging.getLogger(__name__)


class UnknownKind(Exception):
    """The file is of none of `issues.intake.kinds`, or is empty."""


class TooLarge(Exception):
    """The file has more than PDF_MAX_BYTES bytes."""


class AlreadyUploaded(Exception):
    """The bulletin has an issue from this very file: `issue`."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.pk)
        self.issue = issue


def upload(bulletin: Bulletin, file: File[Any], *, at: datetime) -> Issue:
    """Store the file and make the issue that is to be read from it.

    Raises UnknownKind, TooLarge or AlreadyUploaded, and then nothing is stored.
    """
    if file.size > settings.PDF_MAX_BYTES:
        raise TooLarge
    if kind_of(file.read(START)) is None:
        raise UnknownKind
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
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
