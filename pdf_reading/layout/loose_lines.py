"""Loose lines: justified ones whose words stand so far apart that each looks like a piece of its
own."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from pdf_reading.glyphs.page import Glyph
from pdf_reading.layout.spacing import WORD_GAP

MIN_WORDS = 3
MIN_LINES = 3  # that begin, and that end, at the edges of a column
EVEN = 0.08  # of the gap: the spaces of a justified line are alike

Piece = list[Glyph]


def with_loose_lines(rows: Sequence[Sequence[Piece]], edges: Collection[int]) -> Iterator[Piece]:
    """The pieces of all rows, those that are words of one justified line joined; none over the
    left `edges` of columns."""
    if all(len(row) < MIN_WORDS for row in rows):
        yield from itertools.chain.from_iterable(rows)
        return
    lefts = Counter(round(piece[0].x0) for row in rows for piece in row)
    rights = Counter(_end(piece) for row in rows for piece in row)
    for run in itertools.chain.from_iterable(_runs(row, edges) for row in rows):
        fills = (
            len(run) >= MIN_WORDS
            and _near(lefts, round(run[0][0].x0)) > MIN_LINES
            and _near(rights, _end(run[-1])) > MIN_LINES
        )
        if fills and _are_words(run) and _are_even(run):
            yield [glyph for piece in run for glyph in piece]
        else:
            yield from run


def _runs(row: Sequence[Piece], edges: Collection[int]) -> list[list[Piece]]:
    """The pieces of a row, those of each column together."""
    runs: list[list[Piece]] = []
    for piece in row:
        if runs and round(piece[0].x0) not in edges:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _end(piece: Piece) -> int:
    return round(max(glyph.x1 for glyph in piece if not glyph.text.isspace()))


def _near(edges: Counter[int], edge: int) -> int:
    return sum(edges[edge + step] for step in (-1, 0, 1))


def _are_words(run: Sequence[Piece]) -> bool:
    """Whether all pieces but one have letters, as those of a row of figures have not."""
    return sum(not any(glyph.text.isalpha() for glyph in piece) for piece in run) < 2


def _are_even(run: Sequence[Piece]) -> bool:
    inked = [glyph for piece in run for glyph in piece if not glyph.text.isspace()]
    gaps = [
        b.x0 - a.x1
        for a, b in itertools.pairwise(inked)
        if b.x0 - a.x1 > WORD_GAP * max(a.size, b.size)
    ]
    return max(gaps) - min(gaps) < EVEN * max(gaps)
