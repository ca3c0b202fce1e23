"""Pasting from Excel, Word or a page of the web: lines of cells between tabs, or HTML."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from msgspec.structs import replace

from pdf_reading.issue_text import Emphasis, Heading, Link, Mark, Paragraph, StoredPassage, Table
from pdf_reading.linking import RichText, placed, tidy

MAX_CELLS = 20_000
MAX_SPAN = 100
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | {
    *("address", "article", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "hr"),
    *("li", "ol", "p", "pre", "section", "table", "tr", "ul"),
}
_SILENT = frozenset(("head", "script", "style", "template", "title", "xml"))
_EMPHASIS = {
    "b": Emphasis.BOLD,
    "strong": Emphasis.BOLD,
    "i": Emphasis.ITALIC,
    "em": Emphasis.ITALIC,
}
_IN_SEVERAL_LINES = re.compile(
    r'(?:(?<=\t)|^)"((?:[^"\n]|"")*\n(?:[^"]|"")*)"(?=\t|$)', re.MULTILINE
)


_PLAIN = re.compile(r"(?<![\w-])font-(?:weight|style)\s*:\s*(?:normal|400)")  # Google's documents


class TooLarge(Exception):
    """There are more cells than anybody reads."""


def in_one_line(text: str) -> str:
    """Return a text in which each cell stands in one line: Excel copies one of several lines in
    quotes."""
    if "\t" not in text:
        return text
    return _IN_SEVERAL_LINES.sub(lambda match: f'"{match[1]}"'.replace("\n", "⏎"), text)


def rows_of_lines(lines: Iterable[str]) -> list[list[str]]:
    """Return the cells of lines with tabs between them; where quotes are no quotes of Excel's, they
    are a part of the words."""
    given = list(lines)
    try:
        return list(csv.reader(given, dialect="excel-tab", strict=True))
    except csv.Error:
        return [line.split("\t") for line in given]


def is_table(lines: Sequence[str]) -> bool:
    """Return whether lines with tabs are rows: several, with tabs between words, and as many in
    each where not all have them. A tab before a line alone indents it."""
    inside = ["\t" in line.strip() for line in lines]
    even = len({line.count("\t") for line in lines}) == 1
    return len(lines) > 1 and (all(inside) or (even and any(inside)))


def passages_of_html(html: str) -> tuple[StoredPassage, ...]:
    """Return the tables of HTML, and the words around them as paragraphs and sub-headings. Raises
    TooLarge."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return tuple(reader.passages)


@dataclass(slots=True)
class _Text:
    """A text as it comes in, with the links and the emphasis that have begun in it."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.parts.append(words)
        self.size += len(words)

    def rich(self) -> RichText:
        """The text, its white space as a browser shows it."""
        raw = "".join(self.parts)
        lines = (" ".join(line.split()) for line in raw.split("\n"))
        text = "\n".join(line for line in lines if line)
        links, marks = placed(text, [(raw, self.links)]), placed(text, [(raw, self.marks)])
        return tidy(RichText(text, links, marks))


@dataclass(slots=True)
class _Grid:
    """The cells of a table as they come in; those that a cell covers besides its own are empty."""

    rows: list[list[RichText]] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)  # column: how many more rows
    header: bool = False
    count: int = 0

    def begin_row(self) -> None:
        self.rows.append([])
        self._skip()

    def add(self, text: RichText, *, columns: int, rows: int) -> None:
        """Add a cell. Raises TooLarge."""
        if not self.rows:
            self.begin_row()
        for cell in (text, *[RichText("")] * (columns - 1)):
            if rows > 1:
                self.covered[len(self.rows[-1])] = rows
            self._append(cell)
        self._skip()

    def _skip(self) -> None:
        """Leave out the columns that a cell above covers."""
        while self.covered.get(len(self.rows[-1]), 0) > 0:
            self._append(RichText(""))

    def _append(self, cell: RichText) -> None:
        self.count += 1
        if self.count > MAX_CELLS:
            raise TooLarge
        column = len(self.rows[-1])
        if column in self.covered:
            self.covered[column] -= 1
        self.rows[-1].append(cell)

    def table(self, caption: RichText) -> Table | None:
        """Return the table; None if there is no word in it."""
        rows = [row for row in self.rows if any(cell.text for cell in row)]
        if not rows:
            return None
        width = max(max(n for n, cell in enumerate(row, 1) if cell.text) for row in rows)
        rows = [[*row[:width], *[RichText("")] * (width - len(row))] for row in rows]
        texts = [caption, *(cell for row in rows for cell in row)]
        return Table(
            caption.text,
            0,
            tuple(tuple(cell.text for cell in row) for row in rows),
            self.header and len(rows) > 1,
            tuple(replace(link, part=n) for n, text in enumerate(texts) for link in text.links),
            tuple(replace(mark, part=n) for n, text in enumerate(texts) for mark in text.marks),
        )


class _Reader(HTMLParser):
    """Reads HTML into passages. A table in a cell is words of that cell."""

    def __init__(self) -> None:
        super().__init__()
        self.passages: list[StoredPassage] = []
        self._text = _Text()
        self._heading = False
        self._silent = 0
        self._tables = 0
        self._grid = _Grid()
        self._caption = RichText("")
        self._span: tuple[int, int] | None = None
        self._begun: list[tuple[str, int, str]] = []  # tag, place, address

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._break()
        elif tag == "table":
            self._begin_table()
        elif tag in {"td", "th", "tr"} and self._tables == 1:
            self._begin_cell(tag, values)
        elif tag in _BLOCKS or tag in {"td", "th"}:
            self._break()
            self._heading = tag in _HEADINGS
        elif tag == "a" or (tag in _EMPHASIS and not _PLAIN.search(values.get("style", ""))):
            self._begun.append((tag, self._text.size, values.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._tables:
            self._end_table()
        elif tag in {"td", "th", "tr"} and self._tables == 1:
            self._end_cell()
        elif tag == "caption" and self._tables == 1:
            self._caption, self._text = self._text.rich(), _Text()
        elif tag in _BLOCKS:
            self._break()
            self._heading = False
        else:
            self._end_span(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.add(re.sub(r"\s+", " ", data))

    def end_block(self) -> None:
        """Take what was said outside of tables since the last block as a passage."""
        text, self._text = self._text.rich(), _Text()
        self._begun = []
        if text.text:
            kind = Heading if self._heading else Paragraph
            self.passages.append(kind(text.text, 0, text.links, text.marks))

    def _break(self) -> None:
        if self._tables:
            self._text.add("\n")
        else:
            self.end_block()

    def _begin_table(self) -> None:
        self._break()
        self._tables += 1
        if self._tables == 1:
            self._grid, self._caption, self._span = _Grid(), RichText(""), None

    def _end_table(self) -> None:
        self._tables -= 1
        if self._tables:
            return
        self._end_cell()
        self._text = _Text()
        table = self._grid.table(self._caption)
        if table:
            self.passages.append(table)

    def _begin_cell(self, tag: str, values: dict[str, str]) -> None:
        self._end_cell()
        self._text = _Text()
        if tag == "tr":
            self._grid.begin_row()
        else:
            self._span = _number(values.get("colspan")), _number(values.get("rowspan"))
            self._grid.header |= tag == "th" and len(self._grid.rows) <= 1

    def _end_cell(self) -> None:
        if self._span:
            columns, rows = self._span
            self._grid.add(self._text.rich(), columns=columns, rows=rows)
        self._span, self._text, self._begun = None, _Text(), []

    def _end_span(self, tag: str) -> None:
        for number in reversed(range(len(self._begun))):
            begun, start, url = self._begun[number]
            if begun == tag:
                del self._begun[number:]
                stop = self._text.size
                if tag == "a":
                    self._text.links.append(Link(0, start, stop, url))
                else:
                    self._text.marks.append(Mark(0, start, stop, _EMPHASIS[tag]))
                return


def _number(words: str | None) -> int:
    return min(int(words), MAX_SPAN) or 1 if words and words.isdecimal() else 1
