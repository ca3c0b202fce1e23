"""Rows to a file for a spreadsheet, CSV or XLSX, written while it is downloaded.

Who may have it is asked, and that they had it is written down, by whoever calls.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise

if TYPE_CHECKING:
    from typing_extensions import Buffer

Cell: TypeAlias = "str | Promise | int | datetime | None"

PIECE = 1 << 16  # bytes, about, that are sent at once
MAX_SHEET_ROWS = 1_048_576  # of a sheet of XLSX, its heads among them
MAX_CELL_LENGTH = 32_767  # characters of a cell of XLSX

# What makes a cell a formula to the programs that open it, also as East Asian keyboards type it
# and behind blanks (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML has them

_SHEET_START = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><cols><col min="1" max="{}" width="22" customWidth="1"/></cols>'
    "<sheetData>"
)
_SHEET_END = "</sheetData></worksheet>"


class Format(StrEnum):
    """The format of the file; its value is the end of the name."""

    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(
    heads: Sequence[Cell], rows: Iterable[Sequence[Cell]], *, name: str, format: Format
) -> StreamingHttpResponse:
    """Return the file `name`, which has no suffix, as it is made row by row of `rows`."""
    write = csv_pieces if format is Format.CSV else xlsx_pieces
    return StreamingHttpResponse(
        write(heads, rows),
        content_type=CONTENT_TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{format.value}"',
            "Cache-Control": "private, no-store",
            "X-Accel-Buffering": "no",  # nginx would keep all of it on its disk first
        },
    )


def harmless(cell: Cell) -> str:
    """Return a cell as text that no program reads as a formula: with an apostrophe in front where
    it would be one. A time is told in the time zone of the page."""
    if isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        return f"{local:%Y-%m-%d %H:%M:%S}"
    text = UNSEEN.sub("", "" if cell is None else str(cell))
    return f"'{text}" if FORMULA.match(text) else text


def csv_pieces(heads: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file piece by piece, in UTF-8 with the mark by which Excel knows that."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in chain([heads], rows):
        writer.writerow([harmless(cell) for cell in row])
        if text.tell() >= PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def xlsx_pieces(heads: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file piece by piece; rows beyond MAX_SHEET_ROWS stand on further sheets.

    The sheets are ours, because openpyxl gives a file away only when it is whole; all that stands
    around them is openpyxl's.
    """
    out = _Pieces()
    left = iter(rows)
    count = 0
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        first = next(left, None)
        while first is not None or not count:
            count += 1
            here = [] if first is None else chain([first], islice(left, MAX_SHEET_ROWS - 2))
            with package.open(f"xl/worksheets/sheet{count}.xml", "w") as sheet:
                for piece in _sheet(heads, here):
                    sheet.write(piece)
                    yield from out.taken()
            first = next(left, None)
        _add_frame(package, sheets=count)
    yield from out.taken()


def _sheet(heads: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    text = [_SHEET_START.format(len(heads))]
    length = 0
    for number, row in enumerate(chain([heads], rows), start=1):
        text.append(f'<row r="{number}">{"".join(map(_cell, row))}</row>')
        length += len(text[-1])
        if length >= PIECE:
            yield "".join(text).encode()
            text, length = [], 0
    yield ("".join(text) + _SHEET_END).encode()


def _cell(cell: Cell) -> str:
    if isinstance(cell, int) and cell >= 0:
        return f"<c><v>{int(cell)}</v></c>"
    text = harmless(cell)[:MAX_CELL_LENGTH]
    if not text:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _add_frame(package: ZipFile, *, sheets: int) -> None:
    """Add what a package has beside `sheets` sheets."""
    from openpyxl import Workbook  # noqa: PLC0415 - memory that who sends mail does not need

    empty = Workbook(write_only=True)
    for number in range(1, sheets + 1):
        empty.create_sheet(str(number))
    made = io.BytesIO()
    empty.save(made)
    with ZipFile(made) as frame:
        for entry in frame.namelist():
            if not entry.startswith("xl/worksheets/"):
                package.writestr(entry, frame.read(entry))


class _Pieces(io.RawIOBase):
    """A file that is only written to: what was written since it was last asked for."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        piece = bytes(data)
        self._written.append(piece)
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """Yield what there is, once."""
        written, self._written = b"".join(self._written), []
        if written:
            yield written
