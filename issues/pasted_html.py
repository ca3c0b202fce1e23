"""HTML of a clipboard, from Word, Excel or a page of the web, as passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from msgspec.structs import replace

from issues.pasted_table import Grid
from pdf_reading.issue_text import (
    Emphasis,
    Heading,
    Link,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    StoredPassage,
)
from pdf_reading.linking import RichText, placed, tidy

MAX_SPAN = 100
MAX_DEPTH = 100  # of elements within a line; what is deeper says nothing
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | {
    *("address", "article", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "hr"),
    *("li", "ol", "p", "pre", "section", "table", "tr", "ul"),
}
_OF_LISTS = frozenset(("ol", "ul", "li"))
_SILENT = frozenset(("head", "script", "style", "template", "title", "xml"))
_EMPHASIS = {
    "b": Emphasis.BOLD,
    "strong": Emphasis.BOLD,
    "i": Emphasis.ITALIC,
    "em": Emphasis.ITALIC,
}
_WITHIN_LINES = frozenset(("a", "font", "span", *_EMPHASIS))
_PLAIN = re.compile(r"(?<![\w-])font-(?:weight|style)\s*:\s*(?:normal|400)")  # Google's documents
_STYLED = {
    Emphasis.BOLD: re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold|[6-9]00)"),
    Emphasis.ITALIC: re.compile(r"(?<![\w-])font-style\s*:\s*(?:italic|oblique)"),
}
# Word has no lists in HTML: paragraphs that say so, each with its mark (MS Office HTML, mso-list).
_WORDS_ENTRY = re.compile(r"mso-list\s*:\s*l\d")
_WORDS_MARK = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NUMBERED = re.compile(r"[(（]?\w{1,5}[.)、．）]\s*")


def passages_of_html(html: str) -> tuple[StoredPassage, ...]:
    """Return HTML as paragraphs, sub-headings, lists, quotations and tables, with links, bold and
    italics. Raises TooLarge."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
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

    def cut(self, size: int) -> str:
        """Take out what came behind `size` characters, and return it."""
        whole = "".join(self.parts)
        self.parts, self.size = [whole[:size]], size
        return whole[size:]

    def rich(self) -> RichText:
        """The text, its white space as a browser shows it."""
        raw = "".join(self.parts)
        lines = (" ".join(line.split()) for line in raw.split("\n"))
        text = "\n".join(line for line in lines if line)
        links, marks = placed(text, [(raw, self.links)]), placed(text, [(raw, self.marks)])
        return tidy(RichText(text, links, marks))


@dataclass(frozen=True, slots=True)
class _Begun:
    """An element within a line that has begun: where in its text, and what it says of it."""

    tag: str
    start: int
    url: str = ""
    emphasis: tuple[Emphasis, ...] = ()
    is_mark: bool = False


@dataclass(slots=True)
class _Lists:
    """The lists that have begun, and the entries of the outermost, in which all of them stand."""

    counts: list[int | None] = field(
        default_factory=list
    )  # of the last entry; None without numbers
    entries: list[RichText] = field(default_factory=list)
    mark: str = ""  # of the entry that has begun

    def next_mark(self) -> str:
        """Count one more entry, and return its number, "" where there are none."""
        self.mark = ""
        if self.counts and (count := self.counts[-1]) is not None:
            self.counts[-1] = count + 1
            self.mark = f"{count + 1}."
        return f"{self.mark} " if self.mark else ""

    def add(self, text: RichText) -> None:
        if text.text != self.mark:
            self.entries.append(text)

    def taken(self) -> Listing | None:
        """Take the entries as one passage; None where there are none."""
        entries, self.entries = self.entries, []
        if not entries:
            return None
        return Listing(
            0,
            tuple(entry.text for entry in entries),
            tuple(replace(link, part=n) for n, one in enumerate(entries) for link in one.links),
            tuple(replace(mark, part=n) for n, one in enumerate(entries) for mark in one.marks),
        )


class _Reader(HTMLParser):
    """Reads HTML into passages. A table or a list in a cell is words of that cell."""

    def __init__(self) -> None:
        super().__init__()
        self.passages: list[StoredPassage] = []
        self._text = _Text()
        self._heading = False
        self._quoted = 0
        self._lists = _Lists()
        self._is_words_entry = False
        self._silent = 0
        self._tables = 0
        self._grid = Grid()
        self._caption = RichText("")
        self._span: tuple[int, int] | None = None
        self._begun: list[_Begun] = []

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
            self._begin_block(tag, values)
        else:
            self._begin_span(tag, values)

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
            self._end_block(tag)
        else:
            self._end_span(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.add(re.sub(r"\s+", " ", data))

    def end(self) -> None:
        """Take what is left at the end of the HTML."""
        self._take()
        self._end_lists()

    def _take(self) -> None:
        """Take what was said outside of tables since the last block as a passage, or an entry."""
        text, self._text = self._text.rich(), _Text()
        self._begun = []
        if not text.text:
            return
        if self._lists.counts or self._is_words_entry:
            self._lists.add(text)
            return
        self._end_lists()
        kind = Heading if self._heading else Quotation if self._quoted else Paragraph
        self.passages.append(kind(text.text, 0, text.links, text.marks))

    def _end_lists(self) -> None:
        self._lists.counts = []
        if listing := self._lists.taken():
            self.passages.append(listing)

    def _break(self, *, ends_entry: bool = False) -> None:
        if self._tables or (self._lists.counts and not ends_entry):
            self._text.add("\n")
        else:
            self._take()

    def _begin_block(self, tag: str, values: dict[str, str]) -> None:
        self._break(ends_entry=tag in _OF_LISTS)
        self._heading = tag in _HEADINGS
        if self._tables:
            return
        self._is_words_entry = bool(_WORDS_ENTRY.search(values.get("style", "")))
        if tag == "blockquote":
            self._quoted += 1
        elif tag in {"ol", "ul"}:
            first = _number(values.get("start")) if tag == "ol" else None
            self._lists.counts.append(None if first is None else first - 1)
        elif tag == "li":
            self._text.add(self._lists.next_mark())

    def _end_block(self, tag: str) -> None:
        self._break(ends_entry=tag in _OF_LISTS)
        self._heading = self._is_words_entry = False
        if self._tables:
            return
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        elif tag in {"ol", "ul"} and self._lists.counts:
            self._lists.counts.pop()
            if not self._lists.counts:
                self._end_lists()

    def _begin_table(self) -> None:
        if self._tables:
            self._break()
        else:
            self.end()
            self._grid, self._caption, self._span = Grid(), RichText(""), None
        self._tables += 1

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

    def _begin_span(self, tag: str, values: dict[str, str]) -> None:
        style = values.get("style", "")
        if tag not in _WITHIN_LINES or len(self._begun) >= MAX_DEPTH:
            return
        self._begun.append(
            _Begun(
                tag,
                self._text.size,
                url=values.get("href", "") if tag == "a" else "",
                emphasis=_emphasis(tag, style),
                is_mark=self._is_words_entry and bool(_WORDS_MARK.search(style)),
            )
        )

    def _end_span(self, tag: str) -> None:
        for number in reversed(range(len(self._begun))):
            begun = self._begun[number]
            if begun.tag == tag:
                del self._begun[number:]
                self._add_span(begun)
                return

    def _add_span(self, begun: _Begun) -> None:
        stop = self._text.size
        if begun.is_mark:
            mark = self._text.cut(begun.start).strip()
            self._text.add(f"{mark} " if _NUMBERED.fullmatch(mark) else "")
        elif begun.tag == "a":
            self._text.links.append(Link(0, begun.start, stop, begun.url))
        self._text.marks += (Mark(0, begun.start, stop, kind) for kind in begun.emphasis)


def _emphasis(tag: str, style: str) -> tuple[Emphasis, ...]:
    """Return what an element says of its words; Google's documents say it in styles alone."""
    if tag in _EMPHASIS:
        return () if _PLAIN.search(style) else (_EMPHASIS[tag],)
    return tuple(kind for kind, styled in _STYLED.items() if styled.search(style))


def _number(words: str | None) -> int:
    return min(int(words), MAX_SPAN) or 1 if words and words.isdecimal() else 1
