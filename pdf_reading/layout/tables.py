"""Tables with a grid of rules. The one module that knows pdfplumber.

Only pdfplumber's geometry is used (edges to crossings to cells to tables), on the rules that
pdfium found: reading a page a second time through pdfminer would cost five times the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pdfplumber import table as plumber

from pdf_reading.glyphs.geometry import Box, around, clusters
from pdf_reading.glyphs.page import Glyph, Page
from pdf_reading.layout.cells import Cell, cell_lines, inside, table_inset
from pdf_reading.layout.like_things import are_articles
from pdf_reading.layout.lines import Inset, Line
from pdf_reading.layout.omissions import hold_all
from pdf_reading.layout.open_tables import open_tables

SNAP = 3.0  # points; LaTeX draws one border as two lines 2.4 apart
MAX_RULES = 1_500
_Cell = tuple[float, float, float, float]


def tables_of(page: Page) -> list[Inset]:
    """The tables of a page: first those with a grid, then those with horizontal rules only."""
    if len(page.rules) + 2 * len(page.frames) < 3:
        return []
    parts = clusters(page.rules[:MAX_RULES], slack=SNAP)
    grids = [inset for rules in parts for cells in _grids(rules) if (inset := _grid(page, cells))]
    taken = [inset.box for inset in grids]
    free = [rule for rule in page.rules if not any(box.holds(rule, slack=SNAP) for box in taken)]
    return _each_once(grids + open_tables(page, rules=free, taken=taken), page.glyphs)


def _each_once(tables: Sequence[Inset], glyphs: Sequence[Glyph]) -> list[Inset]:
    """The tables without those that would print a glyph again, or leave one out."""
    found: list[Inset] = []
    taken: set[int] = set()
    for table in tables:
        here = inside(glyphs, table.box)
        own = {id(glyph) for glyph in here}
        if not own & taken and hold_all([table.text], here):
            found.append(table)
            taken |= own
    return found


def _grids(rules: Sequence[Box]) -> list[list[_Cell]]:
    edges = [
        {
            "x0": rule.x0, "x1": rule.x1, "top": rule.top, "bottom": rule.bottom,
            "width": rule.width, "height": rule.height,
            "orientation": "h" if rule.width >= rule.height else "v",
            "object_type": "line",
        }
        for rule in rules
    ]  # fmt: skip
    merged = _closed(plumber.merge_edges(edges, SNAP, SNAP, SNAP, SNAP))
    crossings = plumber.edges_to_intersections(merged, SNAP, SNAP)
    return list(plumber.cells_to_tables(plumber.intersections_to_cells(crossings)))


def _closed(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The edges of a table that breaks off at the end of a column, with the sides it lacks."""
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge for edge in edges if edge["orientation"] == "h"]
    if len(upright) < 2 or not level:
        return edges
    x0, x1 = min(e["x0"] for e in upright), max(e["x1"] for e in upright)
    ends = (min(e["top"] for e in upright), max(e["bottom"] for e in upright))
    sides = [
        {**level[0], "x0": x0, "x1": x1, "top": y, "bottom": y}
        for y in ends
        if all(abs(edge["top"] - y) > 2 * SNAP for edge in level)
    ]
    return edges + sides


def _grid(page: Page, cells: Sequence[_Cell]) -> Inset | None:
    box = around(Box(*cell) for cell in cells)
    lefts = _steps(cell[0] for cell in cells)
    tops = _steps(cell[1] for cell in cells)
    here = inside(page.glyphs, box)
    if len(lefts) < 2 or not here:
        return None
    strips: list[list[list[Line]]] = [[[] for _ in lefts] for _ in tops]
    for cell in cells:
        glyphs = inside(here, Box(*cell))
        strips[_nearest(tops, cell[1])][_nearest(lefts, cell[0])] = cell_lines(
            page.number, glyphs, page.anchors
        )
    if are_articles(strips):
        return None
    rows = [row for strip in strips for row in _rows(strip)]
    second = tops[1] if len(tops) > 1 else box.bottom
    heads = inside(here, Box(box.x0, tops[0], box.x1, second))
    return table_inset(box, rows, heads=heads, rest=here)


def _rows(strip: Sequence[Cell]) -> list[list[Cell]]:
    """The cells between two level rules: one row, or one for each baseline where several
    columns print on the same three or more."""
    counts = {len(lines) for lines in strip if lines}
    if len(counts) == 1 and min(counts) > 2 and sum(map(bool, strip)) > 1:
        levels = [[round(line.baseline) for line in lines] for lines in strip if lines]
        if all(abs(a - b) < 3 for one in levels for a, b in zip(one, levels[0], strict=True)):
            return [[lines[index : index + 1] for lines in strip] for index in range(min(counts))]
    return [list(strip)]


def _steps(edges: Iterable[float]) -> list[float]:
    steps: list[float] = []
    for edge in sorted(edges):
        if not steps or edge - steps[-1] > SNAP:
            steps.append(edge)
    return steps


def _nearest(steps: Sequence[float], edge: float) -> int:
    return min(range(len(steps)), key=lambda index: abs(steps[index] - edge))
