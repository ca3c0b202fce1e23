"""Workbooks (XLSX, ECMA-376) as rows, whatever is in them: read piece by piece, and nothing held
but the row that is read. The words that cells share lie in a file, as far as they were needed."""

from __future__ import annotations

import os
import re
import zlib
from array import array
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import TypeAlias
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from subscribers.importing.values import Cells, FileFailure, UnreadableFile

BOOK = "xl/workbook.xml"
PIECE = 1 << 16  # bytes
MAX_TOKEN = 1 << 20  # bytes of a tag, which expat holds as a whole
MAX_DEPTH = 50
MAX_TAGS = 10_000  # names of tags and attributes, which expat never forgets
MAX_CELL = 100_000  # characters
MAX_WIDTH = 16_384  # columns of a sheet
MAX_TAGS_OF_ROW = 16 * MAX_WIDTH
MAX_SHEETS = 1_000
MAX_STYLES = 65_000

_CELL = re.compile(r"([A-Z]{1,3})[0-9]+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?[0-9]{1,15}")

Attributes: TypeAlias = dict[str, str]
# A tag and its attributes, its end (None), or text (which has no name).
Event: TypeAlias = tuple[str, Attributes | str | None]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that is open: the parts of its visible sheets, by their names."""

    package: ZipFile
    sheets: Mapping[str, str]
    words: _Words
    dates: _Dates

    def rows(self, sheet: str) -> Iterator[Cells]:
        """Yield the rows, also those that a file leaves out. Of a formula there is the value that
        was last computed. Raises UnreadableFile."""
        number = 0
        with closing(_events(self.package, self.sheets[sheet])) as events:
            for at, cells in _rows(events, self.words, self.dates):
                for _left_out in range(number + 1, at):
                    yield ()
                number = max(number + 1, at)
                yield tuple(cells.get(column, "") for column in range(1, max(cells, default=0) + 1))


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """Open a workbook. Raises UnreadableFile where it is damaged, also while its rows are read."""
    try:
        with ZipFile(path) as package, TemporaryFile(buffering=0) as file:
            sheets, epoch = _book(package)
            parts = _parts(package)
            dates = _Dates(list(_styles(package, parts.get("styles", ""))), epoch)
            found = {name: parts[key] for name, key in sheets.items() if key in parts}
            with closing(_shared(package, parts.get("sharedStrings", ""))) as shared:
                yield Workbook(package, found, _Words(file.fileno(), shared), dates)
    except (BadZipFile, zlib.error, EOFError, OSError, LookupError, NotImplementedError) as error:
        raise UnreadableFile(FileFailure.DAMAGED) from error


def _events(package: ZipFile, part: str) -> Generator[Event, None, None]:
    """Yield what a part consists of. Raises UnreadableFile where it is no XML, or has what would
    be held: a DTD (of which a package has none, ECMA-376 part 2), endless tags, or nested ones."""
    found: list[Event] = []
    names: dict[str, str] = {}
    parser = expat.ParserCreate(intern=names)
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: found.append((_local(name), attributes))
    parser.EndElementHandler = lambda name: found.append((_local(name), None))
    parser.CharacterDataHandler = lambda text: found.append(("", text))
    parser.StartDoctypeDeclHandler = _refuse
    depth = given = 0
    with package.open(part) as file:
        while piece := file.read(PIECE):
            given += len(piece)
            _parse(parser, piece)
            for name, has in found:
                if name:
                    depth += -1 if has is None else 1
                if depth > MAX_DEPTH:
                    _refuse()
                yield name, has
            found.clear()
            if len(names) > MAX_TAGS or given - parser.CurrentByteIndex > MAX_TOKEN:
                _refuse()
    _parse(parser, b"", last=True)
    yield from found


def _parse(parser: expat.XMLParserType, piece: bytes, *, last: bool = False) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError as error:
        raise UnreadableFile(FileFailure.DAMAGED) from error


def _refuse(*_declared: object) -> None:
    raise UnreadableFile(FileFailure.DAMAGED)


@lru_cache(maxsize=1024)
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _tags(package: ZipFile, part: str, *names: str) -> Iterator[tuple[str, Attributes]]:
    """Yield the attributes of each tag of these names, by their names without a prefix."""
    with closing(_events(package, part)) as events:
        for name, has in events:
            if name in names and isinstance(has, dict):
                yield name, {_local(key): value for key, value in has.items()}


def _book(package: ZipFile) -> tuple[dict[str, str], int]:
    """Return the keys of the visible sheets by their names, and the year from which days count."""
    sheets: dict[str, str] = {}
    epoch = 1900
    for name, has in islice(_tags(package, BOOK, "workbookPr", "sheet"), MAX_SHEETS):
        if name == "workbookPr":
            epoch = 1904 if has.get("date1904") in {"1", "true"} else 1900
        elif has.get("state", "visible") == "visible":
            sheets[has.get("name", "")] = has.get("id", "")
    return sheets, epoch


def _parts(package: ZipFile) -> dict[str, str]:
    """Return the parts to which a workbook refers, by their keys, and the shared words and styles
    by what they are."""
    found: dict[str, str] = {}
    related = _tags(package, "xl/_rels/workbook.xml.rels", "Relationship")
    for _name, has in islice(related, MAX_SHEETS):
        part = str(PurePosixPath("/xl") / has.get("Target", "")).lstrip("/")
        kind = has.get("Type", "").rpartition("/")[2]
        found[has.get("Id", "")] = part
        if kind in {"sharedStrings", "styles"} and part in package.NameToInfo:
            found[kind] = part
    return found


def _shared(package: ZipFile, part: str) -> Generator[str, None, None]:
    """Yield the words that cells share."""
    if not part:
        return
    text = _Text()
    with closing(_events(package, part)) as events:
        for name, has in events:
            text.take(name, has)
            if name == "si" and has is None:
                yield text.taken()


def _styles(package: ZipFile, part: str) -> Iterator[bool]:
    """Yield of each style of cells whether a number in it is a day."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # noqa: PLC0415 - memory

    if not part:
        return
    formats = {str(key): code for key, code in BUILTIN_FORMATS.items()}
    inside = False
    with closing(_events(package, part)) as events:
        for name, has in islice(events, MAX_STYLES * 10):
            if name == "cellXfs":
                inside = has is not None
            elif isinstance(has, dict) and name == "numFmt":
                formats[has.get("numFmtId", "")] = has.get("formatCode", "")
            elif isinstance(has, dict) and name == "xf" and inside:
                yield is_date_format(formats.get(has.get("numFmtId", ""), ""))


def _rows(
    events: Iterator[Event], words: _Words, dates: _Dates
) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield the number of each row that is there, 0 where it has none, and its cells in which
    something stands, by the numbers of their columns."""
    text, number, column = _Text(), 0, 0
    cells: dict[int, str] = {}
    cell: Attributes = {}
    for name, has in _bounded(events):
        text.take(name, has)
        if isinstance(has, dict):
            if name == "row":
                number, column, cells = _number(has.get("r", "0")), 0, {}
            elif name == "c":
                column, cell = _column(has.get("r", "")) or column + 1, has
                text.taken()
        elif name == "c" and has is None:
            if value := _value(text.taken(), cell, words, dates):
                cells[column] = value
            if column > MAX_WIDTH:
                raise UnreadableFile(FileFailure.TOO_MANY_COLUMNS)
        elif name == "row" and has is None:
            yield number, cells


def _bounded(events: Iterator[Event]) -> Iterator[Event]:
    """Yield what a sheet consists of until its rows end. Raises UnreadableFile where more tags
    stand in a row, or before all, than any sheet has."""
    tags = 0
    for name, has in events:
        if name == "sheetData" and has is None:
            return
        if name == "row":
            tags = 0
        elif isinstance(has, dict):
            tags += 1
        if tags > MAX_TAGS_OF_ROW:
            reason = FileFailure.TOO_MANY_COLUMNS if name == "c" else FileFailure.DAMAGED
            raise UnreadableFile(reason)
        yield name, has


def _column(reference: str) -> int:
    """Return the number of the column in which a cell stands; 0 where it does not say so."""
    if not reference:
        return 0
    letters = _CELL.fullmatch(reference)
    if letters is None:
        raise UnreadableFile(FileFailure.DAMAGED)
    number = 0
    for letter in letters[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise UnreadableFile(FileFailure.DAMAGED)
    return int(text)


def _value(text: str, cell: Attributes, words: _Words, dates: _Dates) -> str:
    """Return what a cell shows."""
    match cell.get("t", "n"):
        case "s" if text:
            return words[_number(text)]
        case "b":
            return "TRUE" if text == "1" else "FALSE"
        case "n" if text:
            return dates.shown(text, cell.get("s", "")) or _shown(text)
    return text


def _shown(text: str) -> str:
    """Return a number as it is written in a cell: a telephone number without a power of ten."""
    if _WHOLE.fullmatch(text):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e17 else str(number)


class _Text:
    """The text of a cell or of shared words, without how it is spoken. Raises UnreadableFile where
    it is too long."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._inside = self._spoken = False

    def take(self, name: str, has: Attributes | str | None) -> None:
        """Take what there is, where it is text of a cell."""
        if isinstance(has, str):
            if self._inside and not self._spoken:
                self._parts.append(has)
                self._length += len(has)
                if self._length > MAX_CELL:
                    raise UnreadableFile(FileFailure.LONG_CELL)
        elif name in {"t", "v"}:
            self._inside = has is not None
        elif name == "rPh":
            self._spoken = has is not None

    def taken(self) -> str:
        """Return the text, and begin another."""
        text = "".join(self._parts)
        self._parts.clear()
        self._length = 0
        return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


class _Words:
    """The words that cells share, by their numbers, in a file."""

    def __init__(self, file: int, words: Iterator[str]) -> None:
        self._file, self._words = file, words
        self._ends = array("Q", [0])

    def __getitem__(self, number: int) -> str:
        """Return words. Raises UnreadableFile where there are none of that number."""
        if number < 0:
            raise UnreadableFile(FileFailure.DAMAGED)
        while len(self._ends) < number + 2:
            word = next(self._words, None)
            if word is None:
                raise UnreadableFile(FileFailure.DAMAGED)
            written = os.write(self._file, word.encode("utf-8", "surrogatepass"))
            self._ends.append(self._ends[-1] + written)
        start, end = self._ends[number : number + 2]
        return os.pread(self._file, end - start, start).decode("utf-8", "surrogatepass")


class _Dates:
    """Which numbers are days, by the styles of their cells."""

    def __init__(self, styles: list[bool], epoch: int) -> None:
        self._styles, self._epoch = styles, epoch

    def shown(self, text: str, style: str) -> str:
        """Return the day that a number stands for; "" where it stands for none."""
        if not (style.isdecimal() and any(self._styles[int(style[:6]) :][:1])):
            return ""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel  # noqa: PLC0415

        try:
            day = from_excel(float(text), MAC_EPOCH if self._epoch == 1904 else WINDOWS_EPOCH)
        except (ValueError, OverflowError):
            return ""
        return f"{day:%Y-%m-%d}" if hasattr(day, "year") else str(day)
