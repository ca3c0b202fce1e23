"""The rows near the upper and lower edge of a page, where running heads stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pdf_reading.layout.lines import Line
from pdf_reading.layout.sheet import Sheet, rows_of
from pdf_reading.lexicon import without_numbers

EDGE_ROWS = 3


class Edge(NamedTuple):
    """A row near the upper or lower edge, the gap to the next, and how many stand further out."""

    row: list[Line]
    gap: float
    depth: int


def edge_rows(sheet: Sheet, *, skip: set[int]) -> Iterable[Edge]:
    """The outermost rows in the upper and lower fifth."""
    rows = rows_of(line for line in sheet.lines if id(line) not in skip)
    for outward in (rows, rows[::-1]):
        for index, row in enumerate(outward[:EDGE_ROWS]):
            following = outward[index + 1] if index + 1 < len(outward) else None
            gap = abs(following[0].baseline - row[0].baseline) if following else sheet.height
            y = row[0].box.top / max(sheet.height, 1)
            if y < 0.2 or y > 0.8:
                yield Edge(row, gap, index)


def repeated_at_edges(sheets: Sequence[Sheet]) -> frozenset[int]:
    """The ids of the lines in the outermost rows whose words stand at one height of several pages.

    This much is known of furniture before the figures are.
    """
    places: dict[tuple[str, float, int], list[Line]] = defaultdict(list)
    for sheet in sheets:
        for edge in edge_rows(sheet, skip=set()):
            for line in edge.row if edge.depth == 0 else ():
                places[
                    (without_numbers(line.text), line.face.size, round(line.baseline / 6))
                ].append(line)
    return frozenset(
        id(line)
        for (mask, _, _), here in places.items()
        if len({line.page for line in here}) > 1 and re.search(r"[^\W\d_]", mask)
        for line in here
    )
