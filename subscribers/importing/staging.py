"""Reading the file of an import into rows of a table, by batches: whoever is killed goes on after
the last one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation import bulk_rows
from publications.models import Bulletin, Topic
from subscribers.importing import guessing, tables
from subscribers.importing.judging import judge
from subscribers.importing.values import (
    Bad,
    Cells,
    FileFailure,
    Layout,
    Names,
    RowReading,
    UnreadableFile,
    Wanted,
)
from subscribers.models import ImportRow, ImportStatus, ReaderImport, Subscriber, Suppression

BATCH = 2_000  # rows of the file
MAX_BAD = 50_000  # rows that are kept to be had back
MAX_CELLS = 40  # cells of a bad row that are kept
MAX_CELL_LENGTH = 500

log = logging.getLogger(__name__)


def read_batches(
    run: ReaderImport, *, clock: Callable[[], datetime], should_stop: Callable[[], bool]
) -> None:
    """Read the file until its end, or until `should_stop`; what was read is kept."""
    try:
        _place(run)
        _read_on(run, clock=clock, should_stop=should_stop)
    except UnreadableFile as failure:
        _fail(run, failure.reason)
    except FileNotFoundError:
        _fail(run, FileFailure.DAMAGED)


def layout_of(run: ReaderImport) -> Layout:
    """Return where the list stands in its file."""
    return Layout(run.sheet, run.first_row, tuple(run.columns), tuple(run.heads))


def names_of(bulletin: Bulletin) -> Names:
    """Return the names of the topics that can be followed. Two queries."""
    topics = Topic.objects.by_key(bulletin)
    return Names({key: topic.pk for key, topic in topics.items() if topic.retired_at is None})


def place(run: ReaderImport, sheet: str = "") -> Layout:
    """Return where the list stands, as far as its first rows tell; on the sheet with the most
    addresses, if none is named. Raises UnreadableFile."""
    path = Path(run.file.path)
    names = names_of(run.bulletin)
    found = tables.sheets(path)
    first = {
        name: tables.first_rows(path, name, count=guessing.SAMPLE)
        for name in found[:20]
        if not sheet or name == sheet
    }
    if not first:
        raise UnreadableFile(FileFailure.EMPTY)
    best = max(first, key=lambda name: guessing.count_addresses(first[name]))
    layout = guessing.guess(first[best], names, sheet=best)
    if layout is None:
        raise UnreadableFile(FileFailure.NO_ADDRESSES)
    return layout


@transaction.atomic
def read_again(run_id: int, layout: Layout) -> bool:
    """Have the file read anew as `layout` says. Returns False where it is decided already."""
    waiting = ReaderImport.objects.filter(pk=run_id, status=ImportStatus.READY)
    changed = waiting.update(
        status=ImportStatus.CHECKING,
        sheet=layout.sheet,
        first_row=layout.first_row,
        columns=list(layout.columns),
        heads=list(layout.heads),
        position=0,
        numbers={},
        worked_at=None,
    )
    if changed:
        ImportRow.objects.filter(reader_import=run_id).delete()
    return bool(changed)


def forecast(run: ReaderImport) -> dict[str, int]:
    """Return how many of the addresses that can be read are new and known, and how many of those
    who are known or suppressed will not be taken. Three queries."""
    good = run.rows.filter(problem="")
    reader = Subscriber.objects.filter(bulletin=run.bulletin, address_key=OuterRef("address_key"))
    left = Q(unsubscribed_at__isnull=False)
    held = Suppression.objects.unlifted().filter(address_key=OuterRef("address_key"))
    known = good.filter(Exists(reader)).count()
    return {
        "found": (found := good.count()),
        "new": found - known,
        "known": known,
        "left": good.filter(Exists(reader.filter(left))).count(),
        "suppressed": good.filter(Exists(held)).count(),
    }


def bad_rows(run: ReaderImport) -> QuerySet[ImportRow]:
    """Return the rows that cannot be read, in the order of the file."""
    return run.rows.exclude(problem="").order_by("pk")


def _place(run: ReaderImport) -> None:
    if run.first_row:
        return
    layout = place(run)
    run.sheets = tables.sheets(Path(run.file.path))
    run.sheet, run.first_row = layout.sheet, layout.first_row
    run.columns, run.heads = list(layout.columns), list(layout.heads)
    run.save(update_fields=["sheets", "sheet", "first_row", "columns", "heads"])


def _read_on(
    run: ReaderImport, *, clock: Callable[[], datetime], should_stop: Callable[[], bool]
) -> None:
    layout, names = layout_of(run), names_of(run.bulletin)
    position = max(run.position, layout.first_row - 1)
    rows = islice(tables.rows(Path(run.file.path), layout.sheet), position, None)
    for batch in _batches(rows):
        readings = [judge(row, layout, names) for row in batch]
        if not _keep(run.pk, position, batch, readings, at=clock()):
            return  # somebody else reads it, or it is to be read otherwise
        position += len(batch)
        if should_stop():
            return
    _finish(run.pk, position)


def _batches(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


@transaction.atomic
def _keep(
    run_id: int,
    position: int,
    batch: Sequence[Cells],
    readings: Sequence[RowReading],
    *,
    at: datetime,
) -> bool:
    """Write a batch down. Returns False, and writes nothing, where another worker did."""
    run = _locked(run_id)
    if run is None or max(run.position, run.first_row - 1) != position:
        return False
    good, bad = [], []
    for number, (cells, row) in enumerate(zip(batch, readings, strict=True), start=position + 1):
        good += [(number, wanted) for wanted in row.wanted]
        bad += [_bad(run_id, number, cells, one) for one in row.bad]
    _insert(run_id, good)
    numbers = run.numbers
    kept = numbers.get("bad", 0)
    ImportRow.objects.bulk_create(bad[: max(0, MAX_BAD - kept)])
    run.numbers = {
        **numbers,
        "rows": numbers.get("rows", 0) + sum(bool(row.wanted or row.bad) for row in readings),
        "read": numbers.get("read", 0) + len(good),
        "bad": kept + len(bad),
    }
    run.position, run.worked_at = position + len(batch), at
    run.save(update_fields=["numbers", "position", "worked_at"])
    return True


def _insert(run_id: int, good: Sequence[tuple[int, Wanted]]) -> None:
    """Keep each address once, as it stands first."""
    first = {wanted.address.key: (number, wanted) for number, wanted in reversed(good)}
    kept = ImportRow.objects.filter(reader_import=run_id, problem="", address_key__in=first)
    for key in kept.values_list("address_key", flat=True):
        del first[key]
    bulk_rows.insert(
        ImportRow,
        (
            "reader_import_id", "number", "address", "address_key", "name", "unit", "language",
            "topics", "problem", "words",
        ),
        (
            (
                run_id, number, each.address.text, each.address.key, each.name, each.unit,
                each.language, each.topics, "", "",
            )
            for number, each in sorted(first.values(), key=itemgetter(0))
        ),
    )  # fmt: skip


def _bad(run_id: int, number: int, cells: Cells, bad: Bad) -> ImportRow:
    return ImportRow(
        reader_import_id=run_id,
        number=number,
        problem=bad.problem.value,
        words=bad.words,
        cells=[cell[:MAX_CELL_LENGTH] for cell in cells[:MAX_CELLS]],
    )


@transaction.atomic
def _finish(run_id: int, position: int) -> None:
    run = _locked(run_id)
    if run is None or max(run.position, run.first_row - 1) != position:
        return
    if not run.numbers.get("read") and not run.numbers.get("bad"):
        _fail(run, FileFailure.NO_ADDRESSES)
        return
    good = run.rows.filter(problem="")
    run.numbers = {
        **run.numbers,
        "twice": run.numbers["read"] - good.count(),
        "without_topics": good.filter(topics=[]).count(),
    }
    run.status, run.position = ImportStatus.READY, 0
    run.save(update_fields=["numbers", "status", "position"])
    log.info("import read import=%s rows=%s", run.pk, run.numbers["rows"])


def _fail(run: ReaderImport, reason: FileFailure) -> None:
    """Write down why the file cannot be read, and keep nothing of it."""
    failed = ReaderImport.objects.filter(pk=run.pk, status=ImportStatus.CHECKING)
    if failed.update(status=ImportStatus.UNREADABLE, failure=reason.value, file=""):
        run.rows.all().delete()
        if run.file:
            run.file.storage.delete(run.file.name)
        log.info("import unreadable import=%s reason=%s", run.pk, reason.value)


def _locked(run_id: int) -> ReaderImport | None:
    checking = ReaderImport.objects.select_for_update(of=("self",))
    return checking.filter(pk=run_id, status=ImportStatus.CHECKING).first()
