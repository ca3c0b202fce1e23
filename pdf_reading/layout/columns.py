"""The columns of a page in reading order: bands from top to bottom, in each the columns from left
to right.

A gutter is a vertical strip that no line crosses for a stretch of the page, with enough prose
on both sides. Lines that cross it (a headline over both columns) end the stretch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.layout.line_runs import parted_by_runs
from pdf_reading.layout.lines import Line, side_by_side
from pdf_reading.layout.reading_order import Order, ordered
from pdf_reading.layout.spanning import LONG, heads_alone, heads_over, set_over

GUTTER = 0.6  # of the size of type
HANGING = 0.6  # an opening mark may hang this far out of its column
MIN_COLUMN_WIDTH = 8  # characters: less is a table or a list of page numbers
MAX_DEPTH = 3
EDGE = 2.5  # points by which a left edge may be off
ACROSS = 4.0  # sizes by which a rule reaches over both sides of a gutter


@dataclass(frozen=True, slots=True)
class Column:
    """Lines below each other, between `left` and `right`. `torn` counts those of its `neighbours`,
    lines that follow each other closely, which are not read so."""

    lines: tuple[Line, ...]
    left: float
    right: float
    neighbours: int = 0
    torn: int = 0


def columns_of(
    lines: Sequence[Line], *, rules: Sequence[Box] = (), known: frozenset[int] = frozenset()
) -> list[Column]:
    """Return the columns of a page in reading order, each line merged with those on its baseline.

    `rules` are horizontal: no column runs through one. `known` are left edges of columns on
    other pages: there a few lines make a column.
    """
    order = ordered(_parted(lines, depth=0, rules=rules, known=known))
    if order.torn:
        other = ordered(parted_by_runs(lines, rules=rules))
        order = other if len(other.torn) < len(order.torn) else order
    return [_column(rows, order) for rows in order.columns]


def gutters_of(columns: Sequence[Column]) -> frozenset[int]:
    """The left edges of columns that follow a long one to their left."""
    return frozenset(
        round(right.left)
        for left, right in pairwise(columns)
        if right.left > left.right and min(len(left.lines), len(right.lines)) >= LONG
    )


def _parted(
    lines: Sequence[Line], *, depth: int, rules: Sequence[Box], known: frozenset[int]
) -> list[list[Line]]:
    if depth == MAX_DEPTH or len(lines) < (2 if known else 4):
        return [list(lines)] if lines else []
    heads = heads_alone(lines)
    edges = [(x, False) for x in _candidates(lines)] + [(edge - EDGE, True) for edge in known]
    cuts = [_cut(lines, x, heads=heads, rules=rules, sure=sure) for x, sure in edges]
    best = max(cuts, key=_worth, default=None)
    if best is None or not _worth(best):
        return [list(lines)]
    groups: list[list[Line]] = []
    for side in (side for band in best for side in band):
        groups += _parted(side, depth=depth + 1, rules=rules, known=known)
    return groups


_Cut = list[tuple[list[Line], list[Line]]]  # bands; the second is empty where nothing is parted


def _worth(cut: _Cut) -> int:
    return sum(len(left) + len(right) for left, right in cut if right)


def _candidates(lines: Sequence[Line]) -> list[float]:
    """Left edges that several lines share, other than the leftmost."""
    edges = Counter(round(line.box.x0 / 3) for line in lines)
    leftmost = min(edges)
    insets = {round(line.box.x0 / 3) for line in lines if line.inset}
    often = [
        edge
        for edge, count in edges.most_common(12)
        if (count >= 2 or edge in insets) and edge > leftmost + 3
    ]
    return [edge * 3 - EDGE for edge in often]


def _cut(
    lines: Sequence[Line], x: float, *, heads: Sequence[Line], rules: Sequence[Box], sure: bool
) -> _Cut:
    over = heads_over(heads, lines, x)
    size = median(line.face.size for line in lines)
    hanging = HANGING * size
    across = sorted(
        rule.top for rule in rules if rule.x0 < x - ACROSS * size and x + ACROSS * size < rule.x1
    )
    bands: _Cut = []
    left: list[Line] = []
    right: list[Line] = []
    begins = [line for line in lines if abs(line.box.x0 - x - EDGE) < 2 * size]
    for line in sorted(lines, key=lambda one: one.box.top):
        if across and across[0] < line.box.middle[1]:
            across = [top for top in across if top >= line.box.middle[1]]
            bands += _band(left, right, sure=sure and _any_of(begins, right))
            left, right = [], []
        crosses = line.box.x0 < x - hanging and x + EDGE - GUTTER * size < line.box.x1
        if crosses or id(line) in over:
            bands += [*_band(left, right, sure=sure and _any_of(begins, right)), ([line], [])]
            left, right = [], []
        else:
            (left if line.box.x1 <= x else right).append(line)
    last = _band(left, right, sure=sure and _any_of(begins, right))
    return _with_whole_spans([*bands, *last])


def _any_of(some: Sequence[Line], lines: Sequence[Line]) -> bool:
    return any(one is line for one in some for line in lines)


def _with_whole_spans(bands: _Cut) -> _Cut:
    """Unparted bands that follow each other are one."""
    merged: _Cut = []
    for left, right in bands:
        if merged and not right and not merged[-1][1]:
            merged[-1][0].extend(left)
        else:
            merged.append((list(left), right))
    return merged


def _band(left: list[Line], right: list[Line], *, sure: bool) -> _Cut:
    if not left and not right:
        return []
    if over := set_over(left, right):
        rest = [line for line in right if line not in over]
        return [(over, []), *_band(left, rest, sure=sure)]
    if left and right and _are_columns(left, right, sure=sure):
        return [(left, right)]
    return [(left + right, [])]


def _are_columns(left: Sequence[Line], right: Sequence[Line], *, sure: bool) -> bool:
    size = median(line.face.size for line in (*left, *right))
    a, b = around(line.box for line in left), around(line.box for line in right)
    beside = min(a.bottom, b.bottom) - max(a.top, b.top)
    if b.x0 - a.x1 < GUTTER * size or beside <= 0:
        return False
    return sure or (beside > 2 * size and _is_prose(left, size) and _is_prose(right, size))


def _is_prose(lines: Sequence[Line], size: float) -> bool:
    width = around(line.box for line in lines).width
    widths = sorted(line.box.width for line in lines)
    typical = widths[len(widths) * 3 // 4]
    enough = len(lines) >= 2 or any(line.inset for line in lines)
    return enough and width >= MIN_COLUMN_WIDTH * size and typical >= 0.42 * width


def _column(rows: Sequence[Sequence[Line]], order: Order) -> Column:
    merged = tuple(side_by_side(row) for row in rows)
    here = {id(line) for row in rows for line in row}
    neighbours, torn = (
        sum(id(line) in here for line, _ in pairs) for pairs in (order.neighbours, order.torn)
    )
    return Column(merged, _left(merged), _right(merged), neighbours, torn)


def _left(lines: Sequence[Line]) -> float:
    """The leftmost edge that a good part of the lines share: marks may hang outside."""
    edges = Counter(round(line.box.x0) for line in lines if not line.inset)
    enough = max(2, 0.12 * edges.total())
    shared = [edge for edge in edges if sum(edges[edge + d] for d in (-1, 0, 1)) >= enough]
    return float(min(shared, default=min(line.box.x0 for line in lines)))


def _right(lines: Sequence[Line]) -> float:
    edges = Counter(round(line.box.x1) for line in lines if not line.inset)
    enough = max(2, 0.12 * edges.total())
    shared = [edge for edge in edges if sum(edges[edge + d] for d in (-1, 0, 1)) >= enough]
    return float(max(shared, default=max(line.box.x1 for line in lines)))
