"""Tables without vertical rules: columns of words between horizontal rules or bands of colour."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from statistics import median

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.glyphs.page import Page
from pdf_reading.layout.bars import SNAP, bars_of
from pdf_reading.layout.cells import CELL_GAP, Cell, cell_lines, inside, table_inset
from pdf_reading.layout.lines import Inset, Line, flowing, lines_of
from pdf_reading.lexicon.facts import is_imprint, kinds_of_facts

MAX_ROWS_BEYOND = 3  # lines
WALL = 0.8  # of the height of a band
ROOM = 6.0  # points between two walls; a double rule has less
_Strip = tuple[float, float]


def open_tables(page: Page, *, rules: Sequence[Box], taken: Sequence[Box]) -> list[Inset]:
    """The tables between horizontal `rules`, outside of the grids that are `taken`."""
    runs = [run for bars in bars_of(page, rules=rules, taken=taken) for run in _runs(page, bars)]
    return [inset for bars in runs if (inset := _table(page, bars))]


def _runs(page: Page, bars: Sequence[Box]) -> list[list[Box]]:
    """The bars between which cells stand, and not text, headlines or nothing; two bars at least."""
    runs: list[list[Box]] = [[]]
    for top, bottom in itertools.pairwise(bars):
        if _holds_cells(page, Box(top.x0, top.top, top.x1, bottom.bottom)):
            runs[-1] = [*(runs[-1] or [top]), bottom]
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _holds_cells(page: Page, band: Box) -> bool:
    here = inside(page.glyphs, band)
    if not here or any(band.holds(shape) for shape in page.shapes):
        return False  # a chart stands on rules too
    pieces = lines_of(page.number, here, (), gap=CELL_GAP)
    sizes = [piece.face.size for piece in pieces]
    rows = len(_by_baseline(sorted(pieces, key=lambda one: one.baseline)))
    if rows == len(pieces) or max(sizes) > 1.25 * median(sizes):
        return False
    if rows <= 2:
        return True
    whole = lines_of(page.number, here, ())
    wide = sum(line.box.width > 0.6 * band.width for line in whole)
    return wide <= 0.2 * len(whole)  # a justified line falls into pieces too


def _table(page: Page, bars: Sequence[Box]) -> Inset | None:
    box = around(bars)
    pieces = lines_of(page.number, inside(page.glyphs, box), (), gap=CELL_GAP)
    columns = _columns(pieces, below=bars[1].top if len(bars) > 2 else box.top)
    if len(columns) < 2 or _is_prose(pieces, columns) or _are_frames(page, box, columns):
        return None
    edges = [bar.top for bar in bars]
    above = _beyond(page, Box(box.x0, 0, box.x1, box.top), columns, step=-1)
    below = _beyond(page, Box(box.x0, box.bottom, box.x1, page.height), columns, step=1)
    edges = [*(row.top for row in above[-1:]), *edges, *(row.bottom for row in below)]
    here = inside(page.glyphs, Box(box.x0, edges[0], box.x1, edges[-1]))
    bands = [
        [
            cell_lines(page.number, inside(here, Box(x0, top, x1, bottom)), page.anchors)
            for x0, x1 in _widened(columns, box)
        ]
        for top, bottom in itertools.pairwise(edges)
    ]
    rows = _rows([band for band in bands if any(band)])
    cells = [flowing(cell) for row in rows for cell in row]
    if len(bars) == 2 and not _fills_a_frame(page, box, rows, cells):
        return None
    if sum(sum(map(bool, row)) >= 2 for row in rows) < 0.6 * len(rows):
        return None
    heads = inside(here, Box(box.x0, edges[0], box.x1, edges[1]))
    whole = Box(box.x0, edges[0], box.x1, edges[-1])
    return table_inset(whole, rows, heads=heads, rest=here)


def _are_frames(page: Page, box: Box, columns: Sequence[_Strip]) -> bool:
    """Whether columns are frames side by side: each has its own wall, and there is room between."""
    walls = sorted(
        rule.x0
        for rule in page.rules
        if rule.height > max(rule.width, WALL * box.height) and box.holds(rule, slack=SNAP)
    )
    return any(
        len(between := [x for x in walls if left[1] < x < right[0]]) > 1
        and between[-1] - between[0] > ROOM
        for left, right in itertools.pairwise(columns)
    )


def _fills_a_frame(
    page: Page, box: Box, rows: Sequence[Sequence[Cell]], cells: Sequence[str]
) -> bool:
    """Whether rows between two bars alone are those of a table: three at least, no pictures beside
    them, and not the facts of an imprint."""
    pictured = any(box.holds(picture) for picture in page.pictures)
    facts = any(map(is_imprint, cells)) or kinds_of_facts(cells) > 2
    return len(rows) > 2 and not pictured and not facts


def _beyond(page: Page, space: Box, columns: Sequence[_Strip], *, step: int) -> list[Box]:
    """Rows above the first bar (step -1) or below the last: a header that is only underlined,
    the plain last row of a striped table. Each cell stands in line with its column."""
    pieces = lines_of(page.number, inside(page.glyphs, space), (), gap=CELL_GAP)
    pieces.sort(key=lambda one: step * one.baseline)
    rows: list[Box] = []
    edge = space.bottom if step < 0 else space.top
    for row in _by_baseline(pieces):
        hull = around(piece.box for piece in row)
        gap = edge - hull.bottom if step < 0 else hull.top - edge
        if (
            gap > 1.6 * row[0].face.size
            or len(rows) == MAX_ROWS_BEYOND
            or not _is_row(row, columns)
        ):
            break
        edge = hull.top if step < 0 else hull.bottom
        rows.append(Box(hull.x0, hull.top - 1, hull.x1, hull.bottom + 1))
    return rows


def _by_baseline(pieces: Iterable[Line]) -> list[list[Line]]:
    """Pieces in order, those on one baseline together; the scripts of a row differ a little."""
    rows: list[list[Line]] = []
    for piece in pieces:
        if rows and abs(piece.baseline - rows[-1][0].baseline) < 0.3 * piece.face.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _is_row(pieces: Sequence[Line], columns: Sequence[_Strip]) -> bool:
    """Whether pieces on one baseline stand each in line with a column of its own."""
    places = [
        next((i for i, strip in enumerate(columns) if _in_line(piece.box, strip)), None)
        for piece in pieces
    ]
    return None not in places and len(set(places)) == len(places) >= max(2, len(columns) - 1)


def _in_line(box: Box, strip: _Strip) -> bool:
    x0, x1 = strip
    if box.x0 > x1 or box.x1 < x0:
        return False
    return min(abs(box.x0 - x0), abs(box.x1 - x1), abs(box.middle[0] - (x0 + x1) / 2)) < SNAP


def _columns(pieces: Sequence[Line], *, below: float) -> list[_Strip]:
    """Strips that the words under the header cover, with nothing between; each widened by the
    words of the header that stand over it alone."""
    under = [piece for piece in pieces if piece.box.top > below - SNAP]
    strips: list[_Strip] = []
    for piece in sorted(under, key=lambda one: one.box.x0):
        if strips and piece.box.x0 < strips[-1][1] + 0.3 * piece.face.size:
            strips[-1] = (strips[-1][0], max(strips[-1][1], piece.box.x1))
        else:
            strips.append((piece.box.x0, piece.box.x1))
    for piece in pieces:
        over = [i for i, (x0, x1) in enumerate(strips) if piece.box.x0 < x1 and x0 < piece.box.x1]
        if len(over) == 1:
            x0, x1 = strips[over[0]]
            strips[over[0]] = (min(x0, piece.box.x0), max(x1, piece.box.x1))
    return strips


def _widened(columns: Sequence[_Strip], box: Box) -> list[_Strip]:
    """The columns up to the middle of the gaps between them."""
    middles = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(columns)]
    return list(itertools.pairwise([box.x0, *middles, box.x1]))


def _is_prose(pieces: Sequence[Line], columns: Sequence[_Strip]) -> bool:
    """Text set in columns between rules: many of its lines fill a wide strip."""
    for x0, x1 in columns:
        own = [piece for piece in pieces if x0 - SNAP <= piece.box.middle[0] <= x1 + SNAP]
        full = sum(piece.box.width > max(0.8 * (x1 - x0), 9 * piece.face.size) for piece in own)
        if full >= 4 and full > 0.4 * len(own):
            return True
    return False


def _rows(bands: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Each band is a row where one of its cells has a single line in every band; else the first
    is the header, and the others have a row for each line."""
    ruled = len(bands) > 2 and all(min(len(c) for c in band if c) == 1 for band in bands)
    rows: list[Sequence[Cell]] = []
    for index, band in enumerate(bands):
        if ruled or (index == 0 and len(bands) > 1):
            rows.append(band)
        else:
            rows.extend(_with_wrapped(band))
    return rows


def _with_wrapped(band: Sequence[Cell]) -> list[list[list[Line]]]:
    """A row for each baseline. One that leaves its first cell empty, or has only one cell close
    below the row above, goes on with that row."""
    lines = sorted(
        ((line, place) for place, cell in enumerate(band) for line in cell),
        key=lambda pair: pair[0].baseline,
    )
    levels: list[list[tuple[Line, int]]] = []
    for line, place in lines:
        if levels and line.baseline - levels[-1][0][0].baseline < 0.4 * line.face.size:
            levels[-1].append((line, place))
        else:
            levels.append([(line, place)])
    rows: list[list[list[Line]]] = []
    for level, above in zip(levels, [None, *levels], strict=False):
        line = level[0][0]
        alone = len({place for _, place in level}) == 1 and len(band) > 2
        close = above and line.baseline - above[0][0].baseline < 1.4 * line.face.size
        if not rows or not (all(place for _, place in level) or (alone and close)):
            rows.append([[] for _ in band])
        for one, place in level:
            rows[-1][place].append(one)
    return rows
