"""The page of an import in each state: numbers, first rows, the rows that are bad."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice import exporting
from backoffice.subscriber_pages.import_forms import LayoutForm
from backoffice.subscriber_pages.import_words import FAILURES, OUTCOMES, PROBLEMS
from subscribers.importing import staging, tables
from subscribers.importing.values import FileFailure, Outcome, RowProblem, UnreadableFile
from subscribers.models import ImportRow, ImportStatus, ReaderImport
from subscribers.models.reader_import import AT_WORK

SHOWN_ROWS = 8
SHOWN_BAD = 50


def shown(run: ReaderImport, *, words: Callable[[str], str]) -> dict[str, Any]:
    """Return what the page shows of an import in its state; `words` is how who asks sees those of
    its list."""
    found: dict[str, Any] = {
        "at_work": run.status in AT_WORK,
        "undoable": ReaderImport.objects.undoable(at=timezone.now()).filter(pk=run.pk).exists(),
        "bad_count": run.numbers.get("bad", 0),
        "outcomes": _outcomes(run),
        "bad_kept": staging.bad_rows(run).exists(),
    }
    if run.status == ImportStatus.UNREADABLE:
        found["failure"] = FAILURES[FileFailure(run.failure)]
    if run.status == ImportStatus.READY:
        found["forecast"] = staging.forecast(run)
        found["rows"] = [[words(cell) for cell in row] for row in _first_rows(run)]
        found["bad"] = [_bad_words(row, words) for row in staging.bad_rows(run)[:SHOWN_BAD]]
    if run.status == ImportStatus.RUNNING:
        done = sum(run.numbers.get("taken", {}).values())
        total = run.numbers["read"] - run.numbers.get("twice", 0)
        found["progress"] = {"done": done, "total": total}
    return found


def layout_form(run: ReaderImport, data: Any = None) -> LayoutForm | None:
    """Return the form of where the list stands; None where that is decided."""
    if run.status != ImportStatus.READY:
        return None
    return LayoutForm(run, data, width=max(len(run.columns), len(run.heads)))


def _first_rows(run: ReaderImport) -> list[list[str]]:
    try:
        rows = tables.first_rows(
            Path(run.file.path), run.sheet, count=SHOWN_ROWS, begins=run.first_row
        )
    except (UnreadableFile, OSError, ValueError):
        return []
    width = max(len(run.columns), len(run.heads))
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def _outcomes(run: ReaderImport) -> list[tuple[str, int]]:
    counts = run.numbers.get("taken", {})
    return [(str(OUTCOMES[one]), counts[one.value]) for one in Outcome if counts.get(one.value)]


def _bad_words(row: Any, words: Callable[[str], str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "words": words(row.words),
        "problem": PROBLEMS[RowProblem(row.problem)],
    }


def bad_rows(
    run: ReaderImport, format: exporting.Format, *, words: Callable[[str], str]
) -> HttpResponseBase:
    """Return the rows that cannot be read as a file: as they were, with the reason behind them, to
    be corrected and brought again."""
    width = max(len(run.heads), len(run.columns))
    heads = [head or "" for head in run.heads] + [""] * (width - len(run.heads))

    def cells(row: ImportRow) -> list[exporting.Cell]:
        found = [words(str(cell)) for cell in (row.cells or [])[:width]]
        missing = [""] * (width - len(found))
        return [*found, *missing, row.number, PROBLEMS[RowProblem(row.problem)]]

    rows = map(cells, staging.bad_rows(run).iterator(1_000))
    name = f"bad-rows-{run.pk}"
    return exporting.download([*heads, _("row"), _("why")], rows, name=name, format=format)
