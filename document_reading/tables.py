"""The cells of a table in HTML as a grid, whatever cells span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

MAX_SPAN = 100
MAX_CELLS = 50_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, all of one length; `header` says that the first row names the columns."""

    rows: list[list[Element]]
    header: bool


def grid_of(table: Element) -> Grid:
    """Return the grid of a table. A cell that spans others stands first of them, the others are
    empty."""
    rows = list(_rows(table))
    placed: dict[tuple[int, int], Element] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in placed:
                x += 1
            for down in range(_span(cell, "rowspan")):
                for across in range(_span(cell, "colspan")):
                    if len(placed) < MAX_CELLS and y + down < len(rows):
                        placed[y + down, x + across] = Element("td") if down or across else cell
    width = 1 + max((x for _, x in placed), default=-1)
    grid = [[placed.get((y, x), Element("td")) for x in range(width)] for y in range(len(rows))]
    header = len(rows) > 1 and bool(rows[0]) and all(cell.tag == "th" for cell in rows[0])
    return Grid([row for row in grid if row], header=header)


def _rows(table: Element) -> Iterator[list[Element]]:
    """Yield the cells of each row, but not of tables inside of cells."""
    for child in table:
        if child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)
        elif child.tag == "tr":
            yield [cell for cell in child if cell.tag in {"td", "th"}]


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() else 1
