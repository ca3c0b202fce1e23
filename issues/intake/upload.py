"""Uploading the files of an issue, which are recognised by their content, not by their names."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from issues.intake import documents
from issues.intake.kinds import PDF, kind_of
from issues.models import Issue, IssueFile
from publications.models import Bulletin

logger = logging.getLogger(__name__)

MAX_FILES = 20
MAX_KEPT = 100  # files of one issue, with those that were proposed or replaced
MAX_TEXT = 1_000_000  # characters that are pasted: some 600 pages


class NotTaken(Exception):
    """A refusal of what was sent, of which nothing is stored."""


class UnknownKind(NotTaken):
    """A file is of none of `issues.intake.kinds`, or is empty: `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NeedsLibreOffice(UnknownKind):
    """A file of this kind is read by LibreOffice alone, which is not installed: `name`."""


class TooLarge(NotTaken):
    """The files have more than PDF_MAX_BYTES bytes together, a text more than MAX_TEXT characters,
    or there are more than MAX_FILES."""


class AlreadyUploaded(NotTaken):
    """The bulletin has an issue from this very file: `issue`."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.pk)
        self.issue = issue


class ChosenTwice(NotTaken):
    """One file is there twice, whatever its names: `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def upload(bulletin: Bulletin, files: Sequence[File[Any]], *, at: datetime) -> Issue:
    """Store the files and make the issue that is to be read from them, in their order.

    Raises UnknownKind, TooLarge, AlreadyUploaded or ChosenTwice, and then nothing is stored.
    """
    if len(files) > MAX_FILES or sum(file.size for file in files) > settings.PDF_MAX_BYTES:
        raise TooLarge
    rows = [_row(bulletin, file, position=n) for n, file in enumerate(files, start=1)]
    _refuse_a_second(bulletin, rows)
    names = ", ".join(row.name for row in rows)
    issue = Issue(bulletin=bulletin, file_name=names[:255], uploaded_at=at)
    try:
        _store(issue, rows, files)
    except IntegrityError:  # somebody else uploaded the same file in this moment
        _refuse_a_second(bulletin, rows)
        raise
    logger.info("issue %s uploaded for bulletin %s: %s files", issue.pk, bulletin.pk, len(rows))
    return issue


def paste(bulletin: Bulletin, text: str, *, at: datetime, name: str) -> Issue:
    """Store a text, plain or Markdown, and make the issue that is to be read from it. Raises as
    `upload` does."""
    if len(text) > MAX_TEXT:
        raise TooLarge
    return upload(bulletin, [ContentFile(text.encode("utf-8"), name=name)], at=at)


def propose(
    issue: Issue, file: File[Any], *, instead_of: IssueFile | None = None
) -> list[IssueFile]:
    """Store a file that is to be one of those of a draft, in place of one of them or behind them.

    Returns the files of which the draft is to be read again, in order: it is made from those that
    it was until that reading is taken. Raises as `upload` does.
    """
    if file.size > settings.PDF_MAX_BYTES:
        raise TooLarge
    now = list(issue.files.in_use())
    row = _row(issue.bulletin, file, position=0)
    known = issue.files.filter(sha256=row.sha256).first()
    kept = [one for one in now if one != instead_of]
    if known in kept:
        raise ChosenTwice(row.name)
    sizes = sum(one.original.size for one in kept) + file.size
    if len(kept) >= MAX_FILES or sizes > settings.PDF_MAX_BYTES or issue.files.count() >= MAX_KEPT:
        raise TooLarge
    if known is None:
        _refuse_a_second(issue.bulletin, [row])
        _store(issue, [row], [file])
        logger.info("issue %s: a file is proposed", issue.pk)
    new = known or row
    return [new if one == instead_of else one for one in now] if instead_of else [*now, new]


def _row(bulletin: Bulletin, file: File[Any], *, position: int) -> IssueFile:
    """Return the row of a file, not yet saved. Raises UnknownKind."""
    name = PurePath(file.name or "").name[-255:]
    kind = kind_of(file)
    if kind is None:
        raise UnknownKind(name)
    if kind.needs_libreoffice and not documents.has_libreoffice():
        raise NeedsLibreOffice(name)
    return IssueFile(
        bulletin=bulletin, position=position, suffix=kind.suffix, sha256=_sha256(file), name=name
    )


def _store(issue: Issue, rows: Iterable[IssueFile], files: Iterable[File[Any]]) -> None:
    """Save files with their issue, unless that is there: all or nothing."""
    stored: list[IssueFile] = []
    try:
        for row, file in zip(rows, files, strict=True):
            row.original.save(row.name, file, save=False)
            stored.append(row)
            if row.suffix == PDF.suffix:  # so that it is seen also where it cannot be read
                row.pdf.name = row.original.name
        with transaction.atomic():
            if issue._state.adding:
                issue.save()
            for row in stored:
                row.issue = issue
                row.save()
    except BaseException:
        for row in stored:
            row.original.delete(save=False)
        raise


def _refuse_a_second(bulletin: Bulletin, rows: Sequence[IssueFile]) -> None:
    hashes = [row.sha256 for row in rows]
    same = IssueFile.objects.filter(bulletin=bulletin, sha256__in=hashes).select_related("issue")
    if (found := same.first()) is not None:
        raise AlreadyUploaded(found.issue)
    for row in rows:
        if hashes.count(row.sha256) > 1:
            raise ChosenTwice(row.name)


def _sha256(file: File[Any]) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
