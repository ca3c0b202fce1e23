r"""An article's text as an editor types it, there and back.

    Each line is a paragraph; blank lines between them are for the eye.

    ## A sub-heading

    - an entry of a list
    - the next entry

    [[figure 3-1.png: The words under the picture]]

    [[table: The words over the table]]
    | City | Rain |
    | --- | --- |
    | Here | 12 mm |

The line of dashes says that the first row names the columns. Inside a cell ⏎ starts a new
line. A backslash before a mark takes its meaning away. Links are not shown; they stay with their
words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace

from issues.relinking import relinked, unmoved
from pdf_reading.issue_text import (
    Heading,
    Link,
    Listing,
    Paragraph,
    StoredFigure,
    StoredPassage,
    Table,
)
from pdf_reading.linking import linked_texts

FIGURE = re.compile(r"\[\[figure\s+([^\s:：\]]+)\s*(?:[:：]\s*(.*?))?\s*\]\]")
CAPTION = re.compile(r"\[\[table\s*(?:[:：]\s*(.*?))?\s*\]\]")
CELL = re.compile(r"((?:\\.|[^|\\])*)\|")
RULE = re.compile(r"-{3,}")
MARKED = re.compile(r"## |- |\||\[\[|\\")


class NoSuchFigure(Exception):
    """The text names a picture that the issue does not have: `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def write(passages: Iterable[StoredPassage]) -> str:
    """Return the passages as text to edit."""
    return "\n\n".join(map(_written, passages))


def read(text: str, *, before: Sequence[StoredPassage] = ()) -> tuple[StoredPassage, ...]:
    """Return the passages of an edited text. Raises NoSuchFigure.

    What stands in `before` word for word stays the passage that it was, with all that the
    markup does not show; a figure keeps its picture under any caption. A link stays with its
    words. A new passage is on the page of the one before it.
    """
    typed = list(_typed(text))
    same = unmoved([*map(_written, before)], [*map(_written, typed)])
    figures = {figure.image: figure for figure in before if isinstance(figure, StoredFigure)}
    page = before[0].page if before else 0
    passages: list[StoredPassage] = []
    for number, passage in enumerate(typed):
        if number in same:
            found = before[same[number]]
        elif isinstance(passage, StoredFigure):
            found = replace(passage, page=_known(passage, figures).page)
        else:
            found = replace(passage, page=page)
        page = found.page
        passages.append(found)
    return _relinked(passages, before=before, same=same)


def _known(typed: StoredFigure, figures: Mapping[str, StoredFigure]) -> StoredFigure:
    if typed.image not in figures:
        raise NoSuchFigure(typed.image)
    return figures[typed.image]


def _relinked(
    passages: Sequence[StoredPassage],
    *,
    before: Sequence[StoredPassage],
    same: Mapping[int, int],
) -> tuple[StoredPassage, ...]:
    """Return the passages, those that were edited with the links of the texts that they were."""
    was = [passage for n, passage in enumerate(before) if n not in same.values()]
    now = [n for n in range(len(passages)) if n not in same]
    texts = [(n, part, text) for n in now for part, text in enumerate(passages[n].texts)]
    old = [linked for passage in was for linked in linked_texts(passage)]
    kept: dict[int, list[Link]] = {}
    for (n, part, _), links in zip(
        texts, relinked(old, [text for _, _, text in texts]), strict=True
    ):
        kept.setdefault(n, []).extend(replace(link, part=part) for link in links)
    return tuple(
        replace(passage, links=tuple(kept[n])) if n in kept else passage
        for n, passage in enumerate(passages)
    )


def _written(passage: StoredPassage) -> str:
    match passage:
        case Paragraph(text=text):
            return f"\\{text}" if MARKED.match(text) else text
        case Heading(text=text):
            return f"## {text}"
        case Listing(entries=entries):
            return "\n".join(f"- {entry}" for entry in entries)
        case StoredFigure(caption=caption, image=image):
            return f"[[figure {image}: {caption}]]" if caption else f"[[figure {image}]]"
        case Table():
            return _written_table(passage)


def _written_table(table: Table) -> str:
    rows = [_written_row(row) for row in table.rows]
    if table.header:
        rows.insert(1, "| " + " | ".join("---" for _ in table.rows[0]) + " |")
    caption = [f"[[table: {table.caption}]]"] if table.caption else []
    return "\n".join(caption + rows)


def _written_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_written_cell, cells)) + " |"


def _written_cell(cell: str) -> str:
    escaped = re.sub(r"([\\|⏎])", r"\\\1", cell).replace("\n", "⏎")
    return f"\\{escaped}" if RULE.fullmatch(escaped) else escaped


def _typed(text: str) -> Iterator[StoredPassage]:
    """Yield the passages of a text, all of them on page 0."""
    for read_lines, lines in groupby(_lines(text), key=_reader):
        yield from read_lines(list(lines))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, a blank one before each table's caption, which begins a table of its own."""
    for line in text.replace("\r\n", "\n").split("\n"):
        if CAPTION.fullmatch(line.strip()):
            yield ""
        yield line.strip()


def _reader(line: str) -> Callable[[list[str]], Sequence[StoredPassage]]:
    """Return what reads lines such as this one."""
    if not line:
        return _read_blank
    if line.startswith("|") or CAPTION.fullmatch(line):
        return _read_table
    if FIGURE.fullmatch(line):
        return _read_figures
    if line.startswith("## "):
        return _read_headings
    return _read_listing if line.startswith("- ") else _read_paragraphs


def _read_blank(_lines: list[str]) -> list[StoredPassage]:
    return []


def _read_paragraphs(lines: list[str]) -> list[Paragraph]:
    return [Paragraph(_unescaped(line), page=0) for line in lines]


def _unescaped(line: str) -> str:
    return line[1:] if line.startswith("\\") and MARKED.match(line[1:]) else line


def _read_headings(lines: list[str]) -> list[Heading]:
    return [Heading(line[3:].strip(), page=0) for line in lines]


def _read_listing(lines: list[str]) -> list[Listing]:
    return [Listing(page=0, entries=tuple(line[2:].strip() for line in lines))]


def _read_figures(lines: list[str]) -> list[StoredFigure]:
    matches = [match for line in lines if (match := FIGURE.fullmatch(line))]
    return [StoredFigure(match[2] or "", page=0, image=match[1]) for match in matches]


def _read_table(lines: list[str]) -> list[Table]:
    caption = CAPTION.fullmatch(lines[0])
    rows = [_read_row(line) for line in lines[1 if caption else 0 :]] or [[""]]
    header = len(rows) > 1 and all(RULE.fullmatch(cell) for cell in rows[1])
    if header:
        del rows[1]
    width = max(map(len, rows))
    cells = tuple((*map(_read_cell, row), *[""] * (width - len(row))) for row in rows)
    return [Table((caption[1] or "") if caption else "", page=0, rows=cells, header=header)]


def _read_row(line: str) -> list[str]:
    """Return the cells, still escaped. The bar at the end may be missing."""
    closed = line if line.endswith("|") else f"{line} |"
    return [cell.strip() for cell in CELL.findall(closed[1:])] or [""]


def _read_cell(cell: str) -> str:
    return re.sub(r"\\(.)|⏎", lambda match: match[1] or "\n", cell)
