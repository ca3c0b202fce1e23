"""Glyphs to lines: what stands on one baseline without a gap as wide as a character."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import attrgetter
from typing import TypeVar

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.glyphs.normalisation import is_cjk, joined
from pdf_reading.glyphs.page import Anchor, Glyph
from pdf_reading.issue_text import Link
from pdf_reading.layout.column_edges import ColumnEdges, column_edges_of
from pdf_reading.layout.loose_lines import with_loose_lines
from pdf_reading.layout.spacing import BREAK_GAP, WORD_GAP, places_of, text_of
from pdf_reading.linking import placed

DISPLAY = 1.9  # times the size of the text beside it
LINE_OF_TEXT = 12  # glyphs
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Face:
    """The type of a line. `family` is that of its Chinese, "" for a line of Latin among Chinese."""

    size: float
    bold: bool
    family: str


@dataclass(frozen=True, slots=True)
class Inset:
    """A table or figure among the lines: its kind, place and cells. The `part` of a link is the
    number of its cell. `words` are the lines printed inside a figure."""

    kind: str
    box: Box
    rows: tuple[tuple[str, ...], ...] = ()
    header: bool = False
    links: tuple[Link, ...] = ()
    words: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """All that is printed in it."""
        cells = (cell for row in self.rows for cell in row)
        return " ".join((*cells, *(line.text for line in self.words)))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print, or an inset in its place.

    `left` and `right` are the bounds of its column, `ink` is its colour as 0xRRGGBB.
    `links` are the characters under each link annotation, `target` the page of the file that an
    annotation opens.
    """

    page: int
    text: str
    box: Box
    baseline: float
    face: Face
    left: float = 0.0
    right: float = 0.0
    tag: int = 0
    links: tuple[Link, ...] = ()
    target: int = 0
    inset: Inset | None = None
    column: int = 0
    ink: int = 0

    @property
    def is_linked(self) -> bool:
        """Whether the whole line is the text of a link."""
        return sum(one.stop - one.start for one in self.links) >= len(self.text) - 1 > 0


def lines_of(
    page: int, glyphs: Sequence[Glyph], anchors: Sequence[Anchor], *, gap: float = BREAK_GAP
) -> list[Line]:
    """Return the lines of a page, in no promised order.

    A gap of so many sizes (of the smaller character beside it) ends a line, and so does a narrower
    one where many lines go on at one edge.
    """
    rows = [sorted(row, key=attrgetter("x0")) for row in rows_of_glyphs(glyphs)]
    edges = column_edges_of(rows)
    pieces = [list(_pieces(row, gap=gap, edges=edges)) for row in rows]
    whole: Iterable[list[Glyph]] = chain.from_iterable(pieces)
    if gap == BREAK_GAP:
        whole = with_loose_lines(pieces, edges.shared | edges.left)
    lines = (_line(page, piece, anchors) for piece in whole)
    return [line for line in lines if line]


def side_by_side(lines: Sequence[Line]) -> Line:
    """Lines on one baseline joined to one."""
    first, *rest = sorted(lines, key=lambda line: line.box.x0)
    if not rest:
        return first
    main = max(lines, key=lambda line: len(line.text))
    text = first.text
    for last, line in pairwise((first, *rest)):
        # A frame behind a word may have parted it.
        apart = line.box.x0 - last.box.x1 > WORD_GAP * main.face.size
        text = f"{text} {line.text}" if apart else text + line.text
    return Line(
        page=first.page,
        text=text,
        box=around(line.box for line in lines),
        baseline=main.baseline,
        face=main.face,
        tag=main.tag,
        links=placed(text, ((line.text, line.links) for line in (first, *rest))),
        target=max(line.target for line in lines),
        ink=main.ink,
    )


def rows_of_glyphs(glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    """Yield the glyphs of each row, from top to bottom."""
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=attrgetter("baseline", "x0")):
        if row and not _on_one_row(row[0], glyph):
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _on_one_row(first: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph stands on the row of the first one in it. A motto below a large title reaches
    into its row, and yet stands on one of its own."""
    below = glyph.baseline - first.baseline
    if not below:  # of most glyphs
        return True
    smaller, larger = sorted((first.size, glyph.size))
    return below <= 0.3 * min(larger, 2 * smaller)


def _pieces(row: list[Glyph], *, gap: float, edges: ColumnEdges) -> Iterable[list[Glyph]]:
    piece: list[Glyph] = []
    edge = 0.0
    for glyph in row:
        is_space = glyph.text.isspace()
        if not piece and is_space:
            continue
        space = glyph.x0 - edge
        if piece and space > 0 and not is_space:
            size = min(piece[-1].size, glyph.size)
            ends = (
                space > gap * size
                or edges.part(edge, glyph.x0, size=size)
                or (space > WORD_GAP * size and _is_display_behind(piece, glyph))
            )
            if ends:
                yield piece
                piece = []
        if piece and printed_twice(piece[-1], glyph):
            continue
        piece.append(glyph)
        if not is_space:
            edge = max(edge, glyph.x1) if len(piece) > 1 else glyph.x1
    if piece:
        yield piece


def _is_display_behind(piece: Sequence[Glyph], glyph: Glyph) -> bool:
    """Whether a letter or figure in display type stands behind a line of text: it is of another
    column, as the date is that somebody set beside the text."""
    is_display = glyph.size > DISPLAY * piece[-1].size and glyph.text.isalnum()
    return is_display and len(piece) > LINE_OF_TEXT


def printed_twice(one: Glyph, other: Glyph) -> bool:
    """Return whether a character is the one before, printed again a little to the right for
    boldness."""
    return one.text == other.text and abs(one.x0 - other.x0) < 0.15 * one.size


def _line(page: int, glyphs: list[Glyph], anchors: Sequence[Anchor]) -> Line | None:
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if not inked:
        return None
    _, x0s, tops, x1s, bottoms, baselines, _, _, tags, inks = zip(*inked, strict=True)
    box = Box(x0s[0], min(tops), max(x1s), max(bottoms))
    here = [anchor for anchor in anchors if anchor.box.touches(box)]
    return Line(
        page=page,
        text=text_of(glyphs),
        box=box,
        baseline=_usual(baselines),
        face=_face(inked),
        tag=_usual(tags),
        links=_links(glyphs, here) if here else (),
        target=max((anchor.page for anchor in here), default=0),
        ink=_usual(inks),
    )


def _usual(values: Sequence[T]) -> T:
    """The value that most have, the first of those that as many have."""
    first = values[0]
    if values.count(first) == len(values):  # of most lines
        return first
    return Counter(values).most_common(1)[0][0]


def _face(glyphs: Sequence[Glyph]) -> Face:
    chinese = [glyph.font for glyph in glyphs if is_cjk(glyph.text)]
    fonts = [glyph.font for glyph in glyphs]
    size = _usual([round(glyph.size * 2) / 2 for glyph in _at_full_size(glyphs)])
    family = _usual(chinese or fonts).family
    bold = sum(font.bold for font in fonts) * 10 >= 8 * len(fonts)
    return Face(size, bold, family if chinese else f"latin:{family}")


def _at_full_size(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs but for small capitals: letters at about 0.8 of the size of the first one."""
    first = glyphs[0]
    full = [g for g in glyphs if not 0.65 * first.size < g.size < 0.9 * first.size]
    if 2 * len(full) > len(glyphs):  # as in most lines
        return glyphs
    is_capital = first.text.isupper() and not any(glyph.text.islower() for glyph in full)
    return full if is_capital else glyphs


def _links(glyphs: Sequence[Glyph], anchors: Sequence[Anchor]) -> tuple[Link, ...]:
    found: list[Link] = []
    ends = places_of(glyphs)
    for anchor in anchors:
        under = [
            n
            for n, glyph in enumerate(glyphs)
            if anchor.url and not glyph.text.isspace() and anchor.box.holds(glyph)
        ]
        if under:
            start = ends[under[0]] - len(glyphs[under[0]].text)
            found.append(Link(0, start, ends[under[-1]], anchor.url))
    return tuple(sorted(found, key=lambda link: link.start))


def flowing(lines: Iterable[Line]) -> str:
    """The text of lines that follow each other in one paragraph."""
    text = ""
    for line in lines:
        text = joined(text, line.text)
    return text
