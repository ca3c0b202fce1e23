"""The cells of a table, and whether rows of them are a table, with a header or without."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Anchor, Glyph
from pdf_reading.issue_text import Link
from pdf_reading.layout.like_things import are_rows
from pdf_reading.layout.lines import Inset, Line, flowing, lines_of, side_by_side
from pdf_reading.linking import placed

Cell = Sequence[Line]
Rows = tuple[tuple[str, ...], ...]
CELL_GAP = 0.5  # sizes: two columns of a table may stand closer than two of a page
MAX_CELL_LENGTH = 600  # characters; a page laid out as a table has whole articles in its cells


def inside(glyphs: Sequence[Glyph], box: Box) -> list[Glyph]:
    """The glyphs whose middles lie in a box: as `Box.holds`, without a box for each glyph, of
    which a page full of rules would make millions."""
    x0, top, x1, bottom = box
    return [
        glyph
        for glyph in glyphs
        if x0 <= (glyph.x0 + glyph.x1) / 2 <= x1 and top <= (glyph.top + glyph.bottom) / 2 <= bottom
    ]


def cell_lines(page: int, glyphs: Sequence[Glyph], anchors: Sequence[Anchor]) -> list[Line]:
    """The lines of one cell from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines_of(page, glyphs, anchors), key=lambda one: one.baseline):
        if rows and line.baseline - rows[-1][0].baseline < 0.3 * line.face.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [side_by_side(row) for row in rows]


def table_inset(
    box: Box, rows: Sequence[Sequence[Cell]], *, heads: Sequence[Glyph], rest: Sequence[Glyph]
) -> Inset | None:
    """Return the table, or None if its rows are not those of one. `heads` are the glyphs of the
    first row."""
    cells_of = [row for row in rows if any(row)]
    filled: Rows = tuple(tuple(flowing(cell) for cell in row) for row in cells_of)
    longest = max((len(cell) for row in filled for cell in row), default=0)
    cells = sum(bool(cell) for row in filled for cell in row)
    if len(filled) < 2 or longest > MAX_CELL_LENGTH or cells < 3 or not are_rows(cells_of):
        return None
    header = _is_header(filled, heads, rest)
    return Inset("table", box, filled, header=header, links=_links(cells_of))


def _links(rows: Sequence[Sequence[Cell]]) -> tuple[Link, ...]:
    """The links of all cells, which are counted row by row."""
    return tuple(
        replace(link, part=number)
        for number, cell in enumerate(chain.from_iterable(rows))
        for link in placed(flowing(cell), ((line.text, line.links) for line in cell))
    )


def _is_header(rows: Rows, heads: Sequence[Glyph], rest: Sequence[Glyph]) -> bool:
    """The first row names the columns: it is bold where the rest is not, or has no figures
    where the rest has."""
    first, others = rows[0], rows[1:]
    bold = sum(g.font.bold for g in heads) > len(heads) / 2 > 0
    if bold and sum(g.font.bold for g in rest) < 0.9 * len(rest):
        return True
    return (
        all(first)
        and not any(_is_figure(cell) for cell in first)
        and (any(_is_figure(cell) for row in others for cell in row) or max(map(len, first)) <= 12)
    )


def _is_figure(cell: str) -> bool:
    digits = sum(character.isdigit() for character in cell)
    return digits > 0 and digits * 2 >= len(cell.strip("%％+-±~ "))
