"""The order of reading of a page, and which lines it tears apart that follow each other closely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pdf_reading.layout.lines import Line
from pdf_reading.layout.neighbours import long_neighbours_of


class Order(NamedTuple):
    """The rows of lines of each column, and which lines are neighbours, and torn apart."""

    columns: list[list[list[Line]]]
    neighbours: list[tuple[Line, Line]]
    torn: list[tuple[Line, Line]]


def ordered(groups: Sequence[Sequence[Line]]) -> Order:
    """The order in which the lines of some columns are read."""
    columns = [rows_of(group) for group in groups]
    texts = [
        row
        for column in columns
        for rows in column
        if (row := [line for line in rows if not line.inset])
    ]
    neighbours = long_neighbours_of([line for row in texts for line in row])
    return Order(columns, neighbours, _torn_apart(texts, neighbours))


def _torn_apart(
    rows: Sequence[Sequence[Line]], neighbours: Sequence[tuple[Line, Line]]
) -> list[tuple[Line, Line]]:
    """Those of some neighbours that an order of reading tears apart. `rows` are the lines in that
    order, those that it joins to one together."""
    places = {id(line): index for index, row in enumerate(rows) for line in row}
    paired = {id(line) for pair in neighbours for line in pair}
    across = {
        index for index, row in enumerate(rows) if sum(id(line) in paired for line in row) > 1
    }
    return [
        (line, below)
        for line, below in neighbours
        if places[id(below)] != places[id(line)] + 1 or places[id(line)] in across
    ]


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a column from top to bottom, those on one baseline together."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.baseline, one.box.x0)):
        level = rows and line.baseline - rows[-1][0].baseline <= 0.3 * line.face.size
        if level and not (line.inset or rows[-1][0].inset):
            rows[-1].append(line)
        else:
            rows.append([line])
    return sorted(rows, key=lambda row: min(line.box.top for line in row))
