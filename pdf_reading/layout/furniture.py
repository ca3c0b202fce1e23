"""Furniture: running heads, folios and whatever else is printed in one place of many pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from pdf_reading.glyphs.geometry import Box
from pdf_reading.layout.folios import folios_of
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.page_edges import Edge, edge_rows
from pdf_reading.layout.sheet import Sheet, leading_of
from pdf_reading.lexicon import is_source, without_numbers

WIDE = 1.4  # of the distance between lines, or of their size
SAME_HEIGHT = 3.0  # points
LARGE = 1.3  # of the size of the text
MAX_BAND = 0.6  # of the pages, that may be one section


@dataclass(frozen=True, slots=True)
class Furniture:
    """The lines that are furniture. `offset` is the number of a PDF page less its printed folio.
    `bands` are the names of sections that stand in large type on page after page."""

    lines: frozenset[int]
    words: frozenset[str]
    offset: int | None
    bands: frozenset[str] = frozenset()

    def without(self, sheet: Sheet) -> list[Line]:
        """The lines of a sheet that are not furniture."""
        return [line for line in sheet.lines if id(line) not in self.lines]


def furniture_of(sheets: Sequence[Sheet], *, body: Face) -> Furniture:
    """Find furniture by repetition; a single page has only its folio."""
    folios, offset = folios_of(sheets)
    found = set(folios)
    edges = {sheet.number: list(edge_rows(sheet, skip=found)) for sheet in sheets}
    leading = leading_of(sheets, body=body)
    repeated = _repeated(edges, sheets=len(sheets), body=body, leading=leading)
    found |= (
        repeated | _standing(sheets, body=body) | _ruled_places(edges, sheets=sheets, body=body)
    )
    found |= _section_names(edges, sheets, body=body)
    bands = _first_bands(sheets, found, body=body)
    found -= {id(line) for line in bands}
    words = frozenset(line.text for sheet in sheets for line in sheet.lines if id(line) in found)
    return Furniture(frozenset(found), words, offset, frozenset(line.text for line in bands))


def _repeated(edges: dict[int, list[Edge]], *, sheets: int, body: Face, leading: float) -> set[int]:
    """Words that stand at one height of several pages, apart from the text: by a gap that is wider
    than between lines, or in other type; where what stands there on other pages is no text."""
    places: dict[tuple[str, float, int], list[tuple[Line, Edge]]] = defaultdict(list)
    for rows in edges.values():
        for edge in rows:
            for line in edge.row:
                key = (without_numbers(line.text), line.face.size, round(line.baseline / 6))
                places[key].append((line, edge))
    found = set()
    for (mask, _, _), here in places.items():
        pages = len({line.page for line, _ in here})
        counts = _counts([line for line, _ in here])
        apart = [
            edge.gap > WIDE * max(line.face.size, leading) or (line.face != body and not counts)
            for line, edge in here
        ]
        outermost = all(edge.depth == 0 for _, edge in here)
        often = pages >= max(3, 0.2 * sheets) and 2 * sum(apart) > len(apart)
        if (
            pages >= 2
            and (often or (outermost and all(apart)))
            and re.search(r"[^\W\d_]", mask)
            and not is_source(here[0][0].text)
            and counts is not None
            and _is_alone([line for line, _ in here], edges, body=body)
        ):
            found |= {id(line) for line, _ in here}
    return found


def _counts(lines: Sequence[Line]) -> bool | None:
    """Whether lines that differ in numbers only count with their pages, by one number each. None
    for those that neither do that nor keep their numbers: a date, a sum or the number of a notice
    is text, and so is what has several numbers that count."""
    numbers = [[int(number) for number in re.findall(r"\d+", line.text)] for line in lines]
    counting = False
    for column in zip(*numbers, strict=True):
        if _is_usual(column):
            continue
        with_pages = [n - line.page for n, line in zip(column, lines, strict=True)]
        if counting or not _is_usual(with_pages):
            return None
        counting = True
    return counting


def _is_usual(numbers: Sequence[int]) -> bool:
    """Whether one number is that of most lines."""
    return max(Counter(numbers).values()) > len(numbers) / 2


def _is_alone(lines: Sequence[Line], edges: dict[int, list[Edge]], *, body: Face) -> bool:
    """Whether the height at which lines stand is that of furniture: on pages that print something
    else there, it is hardly ever in the type of the text."""
    pages = {line.page for line in lines}
    y = lines[0].baseline
    others = [
        any(line.face == body for line in edge.row)
        for page, rows in edges.items()
        if page not in pages
        for edge in rows
        if abs(edge.row[0].baseline - y) < SAME_HEIGHT
    ]
    return sum(others) <= len(pages) / 2


def _section_names(
    edges: dict[int, list[Edge]], sheets: Sequence[Sheet], *, body: Face
) -> set[int]:
    """The outermost words of a page that stand elsewhere as a heading, in larger type."""
    sizes: dict[str, float] = {}
    for line in (line for sheet in sheets for line in sheet.lines):
        sizes[line.text] = max(line.face.size, sizes.get(line.text, 0.0))
    return {
        id(line)
        for rows in edges.values()
        for edge in rows
        for line in edge.row
        if edge.depth == 0
        and line.face.size < 0.95 * body.size
        and sizes[line.text] > 1.05 * body.size
    }


def _first_bands(sheets: Sequence[Sheet], found: Set[int], *, body: Face) -> list[Line]:
    """The lines that open sections whose names stand in large type on page after page: the first
    of each, where the pages follow each other and are not most of the issue."""
    names: dict[tuple[str, Face], list[Line]] = defaultdict(list)
    for line in (line for sheet in sheets for line in sheet.lines if id(line) in found):
        if line.face.size > LARGE * body.size:
            names[line.text, line.face].append(line)
    return [
        lines[0]
        for lines in names.values()
        if 1 < len(lines) == lines[-1].page - lines[0].page + 1 <= MAX_BAND * len(sheets)
    ]


def _standing(sheets: Sequence[Sheet], *, body: Face) -> set[int]:
    """The same words in the same spot on half of the pages, not in the type of the text: a
    watermark, a tab at the side; or a figure above or below the text: a logo, an ornament."""
    spots: dict[tuple[str, tuple[int, ...]], list[int]] = defaultdict(list)
    for sheet in sheets:
        text = [line.box for line in sheet.lines if line.face == body and not line.inset]
        for line in sheet.lines:
            if line.inset and line.inset.kind == "figure" and _is_outermost(line.box, text):
                spots["", tuple(round(side / 4) for side in line.box)].append(id(line))
            elif not line.inset and line.face != body:
                spot = (round(line.box.x0 / 4), round(line.baseline / 4))
                spots[line.text, spot].append(id(line))
    enough = max(3, len(sheets) / 2)
    return {one for found in spots.values() if len(found) >= enough for one in found}


def _is_outermost(figure: Box, text: Sequence[Box]) -> bool:
    """Whether a figure stands above all text of its page, or below."""
    _, middle = figure.middle
    return all(box.top > middle for box in text) or all(box.bottom < middle for box in text)


def _ruled_places(edges: dict[int, list[Edge]], *, sheets: Sequence[Sheet], body: Face) -> set[int]:
    """A height at which most pages print something small and unlike the body: a running head
    that names the section, and so differs from section to section. Headlines of the size of the
    text stand there too, but more often elsewhere."""
    places: dict[tuple[Face, int], list[Line]] = defaultdict(list)
    for rows in edges.values():
        for edge in rows:
            for line in edge.row:
                if line.face.size <= body.size and line.face != body:
                    places[(line.face, round(line.baseline / 4))].append(line)
    used = Counter(line.face for sheet in sheets for line in sheet.lines)
    return {
        id(line)
        for (face, _), here in places.items()
        if len({line.page for line in here}) >= max(3, 0.5 * len(sheets))
        and (face.size < 0.95 * body.size or (len(here) > used[face] / 2 and _return(here)))
        for line in here
    }


def _return(lines: Sequence[Line]) -> bool:
    """Whether most words stand on several pages, as those of headlines do not."""
    times = Counter(line.text for line in lines)
    return sum(times[line.text] > 1 for line in lines) > len(lines) / 2
