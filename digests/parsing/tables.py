"""Tables: rows and cells between ruled lines. The one module that knows pdfplumber.

Only pdfplumber's geometry is used (edges to crossings to cells to tables), on the rules that
pdfium found: reading a page a second time through pdfminer would cost five times the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from pdfplumber import table as plumber

from digests.parsing.geometry import Box, around, clusters
from digests.parsing.lines import Inset, Line, flowing, lines_of, side_by_side
from digests.parsing.page import Glyph, Page

SNAP = 3.0  # points; LaTeX draws one border as two lines 2.4 apart
MAX_RULES = 1_500
TALLEST_HEAD = 80.0  # points
_Cell = tuple[float, float, float, float]
Rows = tuple[tuple[str, ...], ...]


def tables_of(page: Page) -> list[Inset]:
    """The tables of a page: first those with a grid, then those with level rules only."""
    if len(page.rules) < 3:
        return []
    parts = clusters(page.rules[:MAX_RULES], slack=SNAP)
    grids = [inset for rules in parts for cells in _grids(rules) if (inset := _grid(page, cells))]
    taken = [inset.box for inset in grids]
    free = [rule for rule in page.rules if not any(box.holds(rule, slack=SNAP) for box in taken)]
    return grids + [inset for bars in _stacks(free) if (inset := _open_table(page, bars))]


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
    inside = _inside(page.glyphs, box)
    if len(lefts) < 2 or not inside:
        return None
    strips: list[list[list[Line]]] = [[[] for _ in lefts] for _ in tops]
    for cell in cells:
        glyphs = _inside(inside, Box(*cell))
        strips[_nearest(tops, cell[1])][_nearest(lefts, cell[0])] = _lines(page.number, glyphs)
    rows = [row for strip in strips for row in _rows(strip)]
    second = tops[1] if len(tops) > 1 else box.bottom
    heads = _inside(inside, Box(box.x0, tops[0], box.x1, second))
    return _table(box, rows, heads=heads, rest=inside)


def _rows(strip: Sequence[Sequence[Line]]) -> list[list[str]]:
    """The cells between two level rules: one row, or one for each baseline where several
    columns print on the same three or more."""
    counts = {len(lines) for lines in strip if lines}
    if len(counts) == 1 and min(counts) > 2 and sum(map(bool, strip)) > 1:
        levels = [[round(line.baseline) for line in lines] for lines in strip if lines]
        if all(abs(a - b) < 3 for one in levels for a, b in zip(one, levels[0], strict=True)):
            return [
                [lines[index].text if lines else "" for lines in strip]
                for index in range(min(counts))
            ]
    return [[flowing(lines) for lines in strip]]


def _table(
    box: Box, rows: list[list[str]], *, heads: Sequence[Glyph], rest: Sequence[Glyph]
) -> Inset | None:
    filled: Rows = tuple(tuple(row) for row in rows if any(row))
    longest = max((len(cell) for row in filled for cell in row), default=0)
    # A page laid out as a table has a few cells with whole articles in them.
    if len(filled) < 2 or longest > 600 or sum(bool(cell) for row in filled for cell in row) < 3:
        return None
    return Inset("table", box, filled, header=_is_header(filled, heads, rest))


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


def _stacks(rules: Sequence[Box]) -> list[list[Box]]:
    """Level rules of one width below each other: three or more may frame a table."""
    stacks: list[list[Box]] = []
    for rule in _joined(rules):
        if rule.width < 60 or rule.width < rule.height:
            continue
        for bars in stacks:
            if abs(bars[0].x0 - rule.x0) < SNAP and abs(bars[0].x1 - rule.x1) < SNAP:
                if rule.top - bars[-1].top > SNAP:
                    bars.append(rule)
                break
        else:
            stacks.append([rule])
    return [bars for bars in stacks if len(bars) >= 3]


def _joined(rules: Sequence[Box]) -> list[Box]:
    """Level rules from top to bottom; pieces that follow each other, cell by cell, are one."""
    whole: list[Box] = []
    for rule in sorted(rules, key=lambda one: (round(one.top), one.x0)):
        last = whole[-1] if whole else None
        if last and abs(rule.top - last.top) < 1 and -1 < rule.x0 - last.x1 < SNAP:
            whole[-1] = around([last, rule])
        else:
            whole.append(rule)
    return whole


def _open_table(page: Page, bars: Sequence[Box]) -> Inset | None:
    """A table with level rules only. Its first row may stand above the first of them."""
    box = _with_head(page, bars)
    lines = lines_of(page.number, _inside(page.glyphs, box), ())
    columns = _columns(lines)
    sizes = [line.face.size for line in lines]
    if len(columns) < 2 or max(sizes) > 1.25 * min(sizes):
        return None  # rules across a page part its bands, with headlines between
    if any(box.holds(shape) for shape in page.shapes):
        return None  # a chart over the lines of its grid
    tops = [box.top, *(bar.top for bar in bars if bar.top - box.top > SNAP)]
    strips = [_cells(lines, columns, top, bottom) for top, bottom in pairwise(tops)]
    filled = [strip for strip in strips if any(strip)]
    if len(filled) > 2 and median(max(map(len, strip)) for strip in filled) <= 2:
        rows = [[flowing(cell) for cell in strip] for strip in filled]
    else:
        rows = _by_baseline(lines, columns)
    if sum(bool(row[0]) and any(row[1:]) for row in rows) < 0.6 * len(rows):
        return None
    heads = _inside(page.glyphs, Box(box.x0, box.top, box.x1, tops[1]))
    return _table(box, rows, heads=heads, rest=_inside(page.glyphs, box))


def _with_head(page: Page, bars: Sequence[Box]) -> Box:
    """The box of a table with the row above its first rule: a tinted band, or the cells of a
    column heading each over its column."""
    box = around(bars)
    bands = [
        band
        for band in page.frames
        if abs(band.bottom - box.top) < SNAP and band.height < TALLEST_HEAD and box.touches(band)
    ]
    if bands and around(bands).width > 0.8 * box.width:
        return around([box, *bands])
    return box


def _cells(
    lines: Sequence[Line], columns: Sequence[tuple[float, float]], top: float, bottom: float
) -> list[list[Line]]:
    """The lines between two level rules, by their columns."""
    strip: list[list[Line]] = [[] for _ in columns]
    for line in sorted(lines, key=lambda one: one.baseline):
        if top < line.box.middle[1] < bottom:
            strip[_place(line, columns)].append(line)
    return strip


def _by_baseline(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    """The rows of a table whose rules do not part them."""
    rows: list[list[str]] = []
    last = 0.0
    for line in sorted(lines, key=lambda one: (round(one.baseline), one.box.x0)):
        if not rows or line.baseline - last > 0.4 * line.face.size:
            rows.append([""] * len(columns))
        last = line.baseline
        place = _place(line, columns)
        rows[-1][place] = f"{rows[-1][place]} {line.text}".strip()
    return _with_wrapped(rows)


def _place(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    return next(i for i, (x0, x1) in enumerate(columns) if x0 <= line.box.middle[0] <= x1)


def _with_wrapped(rows: list[list[str]]) -> list[list[str]]:
    """A row that leaves its first cell empty goes on with the row above."""
    whole: list[list[str]] = []
    for row in rows:
        if whole and not row[0]:
            whole[-1] = [f"{a} {b}".strip() for a, b in zip(whole[-1], row, strict=True)]
        else:
            whole.append(row)
    return whole


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Strips of the page that the lines cover, with nothing between them."""
    strips: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda one: one.box.x0):
        if strips and line.box.x0 < strips[-1][1] + 0.3 * line.face.size:
            strips[-1] = (strips[-1][0], max(strips[-1][1], line.box.x1))
        else:
            strips.append((line.box.x0, line.box.x1))
    return strips


def _inside(glyphs: Sequence[Glyph], box: Box) -> list[Glyph]:
    return [glyph for glyph in glyphs if box.holds(glyph.box)]


def _lines(page: int, glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines of one cell from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines_of(page, glyphs, ()), key=lambda one: one.baseline):
        if rows and line.baseline - rows[-1][0].baseline < 0.3 * line.face.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [side_by_side(row) for row in rows]


def _steps(edges: Iterable[float]) -> list[float]:
    steps: list[float] = []
    for edge in sorted(edges):
        if not steps or edge - steps[-1] > SNAP:
            steps.append(edge)
    return steps


def _nearest(steps: Sequence[float], edge: float) -> int:
    return min(range(len(steps)), key=lambda index: abs(steps[index] - edge))
