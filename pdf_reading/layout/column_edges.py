"""The edges of columns, at which lines begin and end behind gaps that words have too."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.page import Glyph

NARROW_GAP = 0.7  # sizes: LaTeX sets columns 10 points apart, whatever the size of type
NARROWEST_GAP = 0.3  # sizes: the gutters of newspapers
MIN_SHARED_LINES = 5  # lines that go on at one edge behind such a gap: columns, and not wide words


@dataclass(frozen=True, slots=True)
class ColumnEdges:
    """Edges in whole points: those at which lines that go on begin anew (`shared`), the left ones
    at which many lines begin, and the right ones at which many end."""

    shared: frozenset[int]
    left: frozenset[int]
    right: frozenset[int]

    def part(self, last: float, following: float, *, size: float) -> bool:
        """Return whether a line ends at `last`, as the next one begins at `following` beside it."""
        gap = (following - last) / size
        return (gap > NARROW_GAP and round(following) in self.shared) or (
            gap > NARROWEST_GAP and round(following) in self.left and round(last) in self.right
        )


def column_edges_of(rows: Sequence[Sequence[Glyph]]) -> ColumnEdges:
    """Find the edges that many rows of glyphs share, each row from left to right."""
    if len(rows) < MIN_SHARED_LINES:
        return ColumnEdges(frozenset(), frozenset(), frozenset())
    begins: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    goes_on: Counter[int] = Counter()
    narrow: list[tuple[int, int]] = []
    for row in rows:
        inked = [glyph for glyph in row if not glyph.text.isspace()]
        begins.update(round(glyph.x0) for glyph in inked[:1])
        ends.update(round(glyph.x1) for glyph in inked[-1:])
        for last, glyph in itertools.pairwise(inked):
            space = glyph.x0 - last.x1
            if space < NARROWEST_GAP:  # of a point: between most letters
                continue
            gap = space / max(min(last.size, glyph.size), 1)
            if gap > NARROWEST_GAP:
                narrow.append((round(last.x1), round(glyph.x0)))
            if gap > NARROW_GAP:
                goes_on[round(glyph.x0)] += 1
    shared = {
        edge
        for edge in goes_on
        if _near(goes_on, edge) >= MIN_SHARED_LINES
        or _near(goes_on, edge) + _near(begins, edge) >= 2 * MIN_SHARED_LINES
    }
    left = _often(goes_on + begins)
    ends.update(end for end, begin in narrow if begin in left)
    return ColumnEdges(frozenset(shared), left, _often(ends))


def _often(edges: Counter[int]) -> frozenset[int]:
    """The edges, and those a point beside them, that many lines have."""
    return frozenset(
        edge + step
        for edge in edges
        for step in (-1, 0, 1)
        if _near(edges, edge + step) >= 2 * MIN_SHARED_LINES
    )


def _near(edges: Counter[int], edge: int) -> int:
    return edges[edge - 1] + edges[edge] + edges[edge + 1]
