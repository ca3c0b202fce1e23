"""Rows and columns of like things, which make a table: a page laid out in frames, a chart with a
grid, and words that stand far apart do not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pdf_reading.layout.lines import Line
from pdf_reading.layout.prose import length_of, prose_of
from pdf_reading.layout.spacing import WORD_GAP

MIN_FILLED = 0.25  # of all cells
MAX_CUT = 0.1  # of the filled cells, whose words a side cuts
MIN_ARTICLE = 120  # letters of prose in one cell
HEAD = 1.08  # of the size of the text below

Row = Sequence[Sequence[Line]]


def are_rows(rows: Sequence[Row]) -> bool:
    """Return whether rows of cells, each of lines, are those of a table."""
    cells = [cell for row in rows for cell in row]
    filled = sum(bool(cell) for cell in cells)
    return (
        filled >= MIN_FILLED * len(cells)
        and _cut_words(rows) <= MAX_CUT * filled
        and not are_articles(rows)
    )


def _cut_words(rows: Sequence[Row]) -> int:
    """How many words begin in one cell and end in the next, as the grid of a chart has them."""
    return sum(
        _is_one_word(line, other)
        for row in rows
        for cell, following in pairwise(row)
        for line in cell
        for other in following
    )


def _is_one_word(line: Line, other: Line) -> bool:
    size = line.face.size
    level = abs(line.baseline - other.baseline) < 0.2 * size
    return level and other.box.x0 - line.box.x1 < WORD_GAP * size


def are_articles(rows: Sequence[Row]) -> bool:
    """Return whether cells hold articles: prose below a line set as a headline, or prose that is
    not in the same column of most rows."""
    prose = [[_holds_article(cell) for cell in row] for row in rows]
    if not any(map(any, prose)):
        return False
    headed = sum(_is_headed(cell) for row in rows for cell in row)
    if 2 * headed >= sum(map(sum, prose)):
        return True
    columns = list(zip(*prose, strict=True)) if len({len(row) for row in rows}) == 1 else []
    return any(0 < 2 * sum(column) < len(column) - 1 for column in columns)


def _holds_article(cell: Sequence[Line]) -> bool:
    if sum(length_of(line.text) for line in cell) < MIN_ARTICLE:
        return False
    return sum(length_of(line.text) for line in prose_of(cell, size=0)) >= MIN_ARTICLE


def _is_headed(cell: Sequence[Line]) -> bool:
    if len(cell) < 3 or not _holds_article(cell):
        return False
    head, text = cell[0].face, cell[-1].face
    return head.size > HEAD * text.size or (head.bold and not text.bold)
