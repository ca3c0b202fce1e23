"""Lists of readers as files, and what becomes of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from openpyxl import Workbook

from publications.models import Bulletin, Topic
from subscribers.importing import reverting, taking, working
from subscribers.models import ReaderImport
from tests.support.factories import NOON


def an_import(bulletin: Bulletin, content: bytes | str, *, at: datetime = NOON) -> ReaderImport:
    """An import whose file was read."""
    data = content.encode() if isinstance(content, str) else content
    run = ReaderImport(bulletin=bulletin, file_name="list.csv", uploaded_at=at)
    run.file.save("list", ContentFile(data), save=False)
    run.save()
    return worked(run, at=at)


def worked(run: ReaderImport, *, at: datetime = NOON) -> ReaderImport:
    """The import when a worker went on with it."""
    working.work(run.pk, clock=lambda: at, should_stop=lambda: False)
    return ReaderImport.objects.get(pk=run.pk)


def taken(
    run: ReaderImport,
    topics: Sequence[Topic] = (),
    *,
    ask: bool = False,
    complete: bool = False,
    at: datetime = NOON,
) -> ReaderImport:
    """The import when it was taken in."""
    decision = taking.Decision(
        consent="signed lists of the spring meeting",
        ask=ask,
        language="en",
        topics=tuple(topic.pk for topic in topics),
        complete=complete,
    )
    assert taking.start(run.pk, decision, at=at)
    return worked(run, at=at)


def undone(run: ReaderImport, *, at: datetime = NOON) -> ReaderImport:
    """The import when it was undone."""
    assert reverting.start(run.pk, at=at)
    return worked(run, at=at)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], *, merged: Sequence[str] = ()) -> bytes:
    """A workbook; `merged` are ranges of its last sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
