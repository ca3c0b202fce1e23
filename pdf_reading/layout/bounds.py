"""The bounds of a line: the edges of its column, or the side of a box beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.glyphs.geometry import Box
from pdf_reading.layout.columns import Column
from pdf_reading.layout.lines import Line


def with_column_bounds(columns: Sequence[Column]) -> list[Line]:
    """The lines of all columns of an issue, each with the bounds of its column.

    A column of few lines shows no right edge: it takes that of other columns with its left edge.
    """
    rights: dict[int, Counter[int]] = {}
    for column in columns:
        rights.setdefault(round(column.left / 6), Counter())[round(column.right)] += len(
            column.lines
        )
    found = []
    for number, column in enumerate(columns):
        likes = rights[round(column.left / 6)]
        right = column.right
        if len(column.lines) < 8 and not _has_edge(column):
            right = max(right, likes.most_common(1)[0][0])
        found += [
            replace(line, left=column.left, right=right, column=number) for line in column.lines
        ]
    return found


def _has_edge(column: Column) -> bool:
    """Whether most lines of a column end at its right edge, so that it is certain."""
    full = sum(column.right - line.box.x1 < line.face.size for line in column.lines)
    return full >= 3 and full >= 0.5 * len(column.lines)


def with_box_bounds(lines: Sequence[Line], boxes: Sequence[tuple[int, Box]]) -> list[Line]:
    """The lines, with narrower bounds beside a box; each box is given with its page."""
    return [
        _narrowed(line, [box for page, box in boxes if page == line.page and _level(box, line)])
        for line in lines
    ]


def _level(box: Box, line: Line) -> bool:
    reach = line.face.size
    return box.top - reach < line.box.middle[1] < box.bottom + reach and not line.inset


def _narrowed(line: Line, boxes: Sequence[Box]) -> Line:
    left = max((box.x1 for box in boxes if box.x1 < line.box.x0 + 3), default=line.left)
    right = min((box.x0 for box in boxes if box.x0 > line.box.x1 - 3), default=line.right)
    ends = replace(line, right=min(line.right, max(right - line.face.size, line.box.x1)))
    return replace(ends, left=line.box.x0) if line.left < left - 3 else ends
