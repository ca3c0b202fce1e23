"""Files for a spreadsheet: every row once, no cell a formula, made while they are downloaded."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from backoffice import exporting
from backoffice.exporting import Format, csv_pieces, harmless, xlsx_pieces

FORBIDDEN = ("=", "+", "-", "@", "\t", "\r")
HEADS = ("Address", "Name")
texts = st.text(max_size=20) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1",
        "'=1",
        'a";=1',
        "\x00=1",
        "\ud800",
    ]
)


def in_csv(rows: Sequence[Sequence[exporting.Cell]]) -> list[list[str]]:
    made = b"".join(csv_pieces(HEADS, rows))
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def in_xlsx(rows: Sequence[Sequence[exporting.Cell]]) -> list[list[object]]:
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(HEADS, rows))))
    return [[cell.value for cell in row] for sheet in book for row in sheet]


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_no_cell_of_either_format_begins_as_a_formula_does(rows: list[tuple[str, str]]) -> None:
    cells = [cell for row in in_csv(rows) for cell in row]
    cells += [str(cell) for row in in_xlsx(rows) for cell in row if cell is not None]
    assert len(in_csv(rows)) == len(in_xlsx(rows)) == len(rows) + 1
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(FORBIDDEN)]


def test_words_come_back_as_they_were() -> None:
    row = ("李雷 <lilei@reader.example>", 'He said "a, b; c"\nand left')
    assert in_csv([row])[1] == list(row)
    assert in_xlsx([row])[1] == list(row)


def test_numbers_are_numbers_and_times_are_those_of_the_site() -> None:
    at = datetime(2026, 11, 29, 16, 5, tzinfo=UTC)
    assert in_xlsx([(7, at)])[1] == [7, "2026-11-30 00:05:00"]
    assert in_csv([(-7, None)])[1] == ["'-7", ""]


def test_an_empty_list_has_its_heads() -> None:
    assert in_csv([]) == in_xlsx([]) == [list(HEADS)]


def test_what_a_sheet_cannot_hold_stands_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MAX_SHEET_ROWS", 3)
    rows = [(str(n), "x") for n in range(5)]
    found = in_xlsx(rows)
    assert [row for row in found if row != list(HEADS)] == [list(row) for row in rows]
    assert found.count(list(HEADS)) == 3


@pytest.mark.parametrize("write", [csv_pieces, xlsx_pieces])
def test_a_file_is_made_while_it_is_read_and_takes_no_memory(
    write: Callable[..., Iterator[bytes]],
) -> None:
    def rows() -> Iterator[tuple[str, str]]:
        for n in range(30_000):
            yield f"reader{n}@reader.example", "A name that is as long as names are"

    tracemalloc.start()
    size = sum(len(piece) for piece in write(HEADS, rows()))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 100_000
    assert peak < 3_000_000


def test_the_file_has_a_name_and_is_kept_by_no_cache() -> None:
    answer = exporting.download(HEADS, [("a", "b")], name="readers-2026-11-29", format=Format.XLSX)
    assert answer["Content-Disposition"] == 'attachment; filename="readers-2026-11-29.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.getvalue()[:2] == b"PK"


@pytest.mark.parametrize("cell", ["=1", " +1", "-1", "@a", "\ta", "\ra", "\na", "＝1", "－", "＠a"])
def test_a_formula_is_text_with_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
