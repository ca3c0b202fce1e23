"""Files as rows of cells, one after the other: CSV and the like in any encoding, and XLSX.

Nothing is held but the row that is read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from document_reading import DocumentFailure, packages
from document_reading.failures import UnreadableDocument
from subscribers.importing import workbooks
from subscribers.importing.text_files import encoding_of, separator_of
from subscribers.importing.values import Cells, FileFailure, UnreadableFile

MAX_BYTES = 50 << 20  # of a file
MAX_COLUMNS = 200
MAX_ROWS = 1_100_000  # a whole sheet of XLSX
MAX_WORDS = 128 << 20  # bytes of the words that the cells of XLSX share
START = 64 << 10  # characters by which a separator is told

OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
OTHER_KINDS = re.compile(
    rb"\s*(?:%PDF|<(?:!doctype|\?xml|html|table))|\x89PNG|\xff\xd8\xff", re.IGNORECASE
)

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = str.maketrans(dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_FAILURES = {
    DocumentFailure.ENCRYPTED: FileFailure.ENCRYPTED,
    DocumentFailure.TOO_LARGE_INSIDE: FileFailure.TOO_LARGE_INSIDE,
    DocumentFailure.HUGE_PICTURE: FileFailure.TOO_LARGE_INSIDE,
}


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets that are to be seen; of a text file one without a name.
    Raises UnreadableFile, as everything here does."""
    if not _is_spreadsheet(path):
        return [""]
    with workbooks.opened(path) as book:
        return list(book.sheets)


def rows(path: Path, sheet: str = "") -> Iterator[Cells]:
    """Yield every row, also empty ones, so that they can be counted as a spreadsheet does."""
    found = _sheet_rows(path, sheet) if _is_spreadsheet(path) else _text_rows(path)
    for number, row in enumerate(found, start=1):
        if number > MAX_ROWS:
            raise UnreadableFile(FileFailure.TOO_MANY_ROWS)
        yield _narrow(row)


def first_rows(path: Path, sheet: str = "", *, count: int, begins: int = 1) -> list[Cells]:
    """Return the first rows, of those from the row of that number on."""
    with closing(rows(path, sheet)) as found:  # type: ignore[type-var]  # a generator
        return list(islice(found, begins - 1, begins - 1 + count))


def _is_spreadsheet(path: Path) -> bool:
    """Return whether it is XLSX, of which nothing is too large; False for a text file."""
    with path.open("rb") as file:
        start = file.read(200)
    if not start.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise UnreadableFile(FileFailure.EMPTY)
    if start.startswith(OLD_OFFICE):  # an encrypted XLSX is one of these, too
        raise UnreadableFile(FileFailure.OLD_EXCEL)
    if not start.startswith(ZIP):
        if OTHER_KINDS.match(start):
            raise UnreadableFile(FileFailure.NOT_A_TABLE)
        return False
    if OPEN_DOCUMENT in start:
        raise UnreadableFile(FileFailure.OPEN_DOCUMENT)
    _check_package(path)
    return True


def _check_package(path: Path) -> None:
    """Raise UnreadableFile where the package is none of a spreadsheet, damaged or too much. An
    entry gives out no more bytes than it says (zipfile), so that what it says can be gone by."""
    try:
        with ZipFile(path) as package:
            sizes = {entry.filename: entry.file_size for entry in package.infolist()}
    except (BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile(FileFailure.DAMAGED) from error
    if workbooks.BOOK not in sizes:
        raise UnreadableFile(FileFailure.NOT_A_TABLE)
    if sizes.get("xl/sharedStrings.xml", 0) > MAX_WORDS:
        raise UnreadableFile(FileFailure.TOO_LARGE_INSIDE)
    try:
        packages.check(path)
    except UnreadableDocument as error:
        raise UnreadableFile(_FAILURES.get(error.reason, FileFailure.DAMAGED)) from error


def _sheet_rows(path: Path, name: str) -> Iterator[Cells]:
    with workbooks.opened(path) as book:
        if not book.sheets:
            raise UnreadableFile(FileFailure.EMPTY)
        for row in book.rows(name if name in book.sheets else next(iter(book.sheets))):
            yield tuple(map(_text, row))


def _text_rows(path: Path) -> Iterator[Cells]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        separator = separator_of(file.read(START))
        file.seek(0)
        yield from _parsed(file, separator)


def _parsed(lines: Iterable[str], separator: str) -> Iterator[Cells]:
    csv.field_size_limit(workbooks.MAX_CELL)
    try:
        for row in _rows_of(lines, separator):
            yield tuple(map(_text, row))
    except csv.Error as error:
        raise UnreadableFile(FileFailure.LONG_CELL) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(FileFailure.UNKNOWN_ENCODING) from error


def _rows_of(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Yield the rows of a text. Where a quotation mark is not closed, each line is a row by itself,
    so that nobody who stands below is a part of a name."""
    read: list[str] = []  # since the last row

    def noted() -> Iterator[str]:
        for line in lines:
            read.append(line)
            yield line

    read_rows = partial(csv.reader, delimiter=separator, skipinitialspace=True)
    for row in read_rows(noted()):
        if len(read) > 1 and sum(line.count('"') for line in read) % 2:
            for line in read:
                yield from read_rows([line])
        else:
            yield row
        read.clear()


def _text(cell: str) -> str:
    """Return a cell as it is read: without blanks that nobody sees; what no database keeps, such
    as NUL, is shown as what could not be read."""
    text = cell.translate(_BLANKS)
    if text.startswith('="') and text.endswith('"'):  # how Excel is kept from seeing a number
        text = text[2:-1]
    return _UNSEEN.sub("\ufffd", text).strip()


def _narrow(row: Cells) -> Cells:
    """Return the row without the empty cells at its end."""
    width = len(row)
    while width and not row[width - 1]:
        width -= 1
    if width > MAX_COLUMNS:
        raise UnreadableFile(FileFailure.TOO_MANY_COLUMNS)
    return row[:width]
