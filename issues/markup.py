r"""An article's text as an editor types it, there and back.

    Each line is a paragraph; blank lines between them are for the eye.

    ## A sub-heading

    - an entry of a list
    - the next entry

    1. an entry with its number
    2. the next one

    > Words of somebody else

    [[figure 3-1.png: The words under the picture | What it shows to whoever does not see it]]

    [[table: The words over the table]]
    | City | Rain |
    | --- | --- |
    | Here | 12 mm |

The line of dashes says that the first row names the columns. Lines with tabs in them, as they are
pasted from Excel, are rows of a table, too. A backslash before a mark takes its
meaning away. What is marked inside of a text stands in `issues.inline_markup`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from msgspec.structs import replace

from issues import inline_markup, pasting
from issues.inline_markup import BULLETS
from issues.unmoved import unmoved
from pdf_reading.issue_text import (
    Heading,
    Link,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    StoredFigure,
    StoredPassage,
    Table,
)
from pdf_reading.linking import RichText, rich_texts

FIGURE = re.compile(r"\[\[figure\s+([^\s:：\]]+)\s*(?:[:：]\s*(.*?))?\s*\]\]")
CAPTION = re.compile(r"\[\[table\s*(?:[:：]\s*(.*?))?\s*\]\]")
BARS = "|｜"
CELL = re.compile(rf"((?:\\.|[^{BARS}\\])*+)[{BARS}]")
RULE = re.compile(r":?-{3,}:?")
MARKED = re.compile(rf"## |- |> |[{BARS}]|[{BULLETS}]\t")
NUMBERED = re.compile(r"\d{1,3}(?:[.)]\s|[、．])\s*\S")
ENTRY = re.compile(f"- |[{BULLETS}]\t")
NO_PICTURES: Mapping[str, int] = MappingProxyType({})


class NoSuchFigure(Exception):
    """The text names a picture that the issue does not have: `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def write(passages: Iterable[StoredPassage]) -> str:
    """Return the passages as text to edit."""
    return "\n\n".join(map(_written, passages))


def read(
    text: str,
    *,
    before: Sequence[StoredPassage] = (),
    pictures: Mapping[str, int] = NO_PICTURES,
) -> tuple[StoredPassage, ...]:
    """Return the passages of an edited text. Raises NoSuchFigure.

    What stands in `before` word for word stays the passage that it was. A figure is one of
    `before`, or one of the `pictures` of the issue, each with the page that it was cut out of (0:
    of none). Any other new passage is on the page of the one before it.
    """
    typed = list(_typed(text))
    same = unmoved([*map(_written, before)], [*map(_written, typed)]) if before else {}
    figures = {one.image: one.page for one in before if isinstance(one, StoredFigure)}
    page = before[0].page if before else 0
    passages: list[StoredPassage] = []
    for number, passage in enumerate(typed):
        if number in same:
            found = before[same[number]]
        elif isinstance(passage, StoredFigure):
            found = replace(passage, page=_page(passage.image, figures, pictures))
        else:
            found = replace(passage, page=page)
        page = found.page or page
        passages.append(found)
    return tuple(passages)


def _page(image: str, *known: Mapping[str, int]) -> int:
    for pictures in known:
        if image in pictures:
            return pictures[image]
    raise NoSuchFigure(image)


def _written(passage: StoredPassage) -> str:
    texts = rich_texts(passage)
    match passage:
        case Paragraph():
            return _paragraph(inline_markup.write(texts[0]))
        case Heading():
            return f"## {inline_markup.write(texts[0])}"
        case Quotation():
            return f"> {inline_markup.write(texts[0])}"
        case Listing():
            entries = [inline_markup.write(text) for text in texts]
            numbered = len(entries) > 1 and all(map(NUMBERED.match, entries))
            return "\n".join(entries if numbered else (f"- {entry}" for entry in entries))
        case StoredFigure():
            return _written_figure(passage, inline_markup.write(texts[0], apart=BARS))
        case Table():
            return _written_table(passage, texts)


def _paragraph(line: str) -> str:
    marked = MARKED.match(line) or FIGURE.fullmatch(line) or CAPTION.fullmatch(line)
    return f"\\{line}" if marked else line


def _written_figure(figure: StoredFigure, caption: str) -> str:
    alternative = re.sub(rf"([\\{BARS}])", r"\\\1", " ".join(figure.alternative.split()))
    words = f"{caption} | {alternative}" if alternative else caption
    return f"[[figure {figure.image}: {words.lstrip()}]]" if words else f"[[figure {figure.image}]]"


def _written_table(table: Table, texts: Sequence[RichText]) -> str:
    cells = [_written_cell(inline_markup.write(text, apart=BARS)) for text in texts[1:]]
    width = len(table.rows[0]) if table.rows else 1
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    if table.header:
        rows.insert(1, ["---"] * width)
    caption = inline_markup.write(texts[0])
    lines = [f"[[table: {caption}]]"] if caption else []
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _written_cell(cell: str) -> str:
    return f"\\{cell}" if RULE.fullmatch(cell) else cell


def _typed(text: str) -> Iterator[StoredPassage]:
    """Yield the passages of a text, all of them on page 0; those without words are none."""
    for read_lines, group in groupby(_lines(text), key=_reader):
        lines = list(group)
        for passage in read_lines(lines if read_lines is _read_tabbed else _stripped(lines)):
            if isinstance(passage, StoredFigure | Table) or any(passage.texts):
                yield passage


def _stripped(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines]


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, a blank one before each table's caption, which begins a table of its own."""
    for line in pasting.in_one_line(text.replace("\r\n", "\n")).split("\n"):
        if CAPTION.fullmatch(line.strip()):
            yield ""
        yield line


def _reader(line: str) -> Callable[[list[str]], Sequence[StoredPassage]]:
    """Return what reads lines such as this one."""
    stripped = line.strip()
    for begins, read_lines in _READERS:
        if begins(stripped):
            return read_lines
    return _read_tabbed if stripped and "\t" in line else _read_paragraphs


def _read_blank(_lines: list[str]) -> list[StoredPassage]:
    return []


def _read_paragraphs(lines: list[str]) -> list[StoredPassage]:
    return [Paragraph(one.text, 0, one.links, one.marks) for one in map(inline_markup.read, lines)]


def _read_headings(lines: list[str]) -> list[StoredPassage]:
    texts = (inline_markup.read(line[3:]) for line in lines)
    return [Heading(one.text, 0, one.links, one.marks) for one in texts]


def _read_quotations(lines: list[str]) -> list[StoredPassage]:
    texts = (inline_markup.read(line[2:]) for line in lines)
    return [Quotation(one.text, 0, one.links, one.marks) for one in texts]


def _read_listing(lines: list[str]) -> list[StoredPassage]:
    texts = [text for line in lines if (text := inline_markup.read(line[2:])).text]
    return [Listing(0, tuple(one.text for one in texts), *_spans(texts))]


def _read_numbered(lines: list[str]) -> list[StoredPassage]:
    """A number at the beginning of one line alone is a part of its words."""
    if len(lines) == 1:
        return _read_paragraphs(lines)
    texts = [inline_markup.read(line) for line in lines]
    return [Listing(0, tuple(one.text for one in texts), *_spans(texts))]


def _read_figures(lines: list[str]) -> list[StoredPassage]:
    return [_read_figure(match) for line in lines if (match := FIGURE.fullmatch(line))]


def _read_figure(match: re.Match[str]) -> StoredFigure:
    words = match[2] or ""
    bar = CELL.match(words)
    text = inline_markup.read((bar[1] if bar else words).strip())
    alternative = inline_markup.unescaped(words[bar.end() :]) if bar else ""
    alternative = " ".join(alternative.split())
    return StoredFigure(text.text, 0, match[1], text.links, text.marks, alternative)


def _read_table(lines: list[str]) -> list[StoredPassage]:
    caption = CAPTION.fullmatch(lines[0])
    return [_table(caption[1] if caption else "", map(_read_row, lines[1 if caption else 0 :]))]


def _read_tabbed(lines: list[str]) -> list[StoredPassage]:
    if pasting.is_table(lines):
        return [_table("", pasting.rows_of_lines(lines))]
    return _read_paragraphs(_stripped(lines))


def _table(over: str | None, cells: Iterable[list[str]]) -> Table:
    rows = list(cells) or [[""]]
    header = len(rows) > 1 and all(RULE.fullmatch(cell) for cell in rows[1])
    if header:
        del rows[1]
    width = max(map(len, rows))
    table = [[*map(inline_markup.read, row), *[RichText("")] * (width - len(row))] for row in rows]
    caption = inline_markup.read(over or "")
    texts = tuple(tuple(cell.text for cell in row) for row in table)
    spans = _spans([caption, *(cell for row in table for cell in row)])
    return Table(caption.text, 0, texts, header, *spans)


def _read_row(line: str) -> list[str]:
    """Return the cells, still escaped. The bar at the end may be missing."""
    cells = [cell.strip() for cell in CELL.findall(f"{line} |")][1:]
    return (cells if cells[-1] else cells[:-1]) or [""]


def _spans(texts: Sequence[RichText]) -> tuple[tuple[Link, ...], tuple[Mark, ...]]:
    """Return the links and marks of all texts of a passage."""
    return (
        tuple(replace(link, part=n) for n, text in enumerate(texts) for link in text.links),
        tuple(replace(mark, part=n) for n, text in enumerate(texts) for mark in text.marks),
    )


_READERS: Sequence[tuple[Callable[[str], object], Callable[[list[str]], list[StoredPassage]]]] = (
    (lambda line: not line, _read_blank),
    (re.compile(f"[{BARS}]").match, _read_table),
    (CAPTION.fullmatch, _read_table),
    (FIGURE.fullmatch, _read_figures),
    (re.compile("## ").match, _read_headings),
    (re.compile("> ").match, _read_quotations),
    (ENTRY.match, _read_listing),
    (NUMBERED.match, _read_numbered),
)
