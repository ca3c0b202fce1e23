"""Word spacing: which gaps between the glyphs of a line are spaces."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Sequence

from pdf_reading.glyphs.normalisation import is_cjk
from pdf_reading.glyphs.page import Glyph

# A gap of 0.25 em is common between Chinese and Latin and is no space; between Latin words
# anything over 0.12 em is one.
WORD_GAP = 0.12
BREAK_GAP = 1.0
NARROW_GAP = 0.7  # LaTeX sets columns 10 points apart, whatever the size of type
_MIN_SHARED_LINES = 5  # lines that go on at one edge behind such a gap: columns, and not wide words


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The words of glyphs in order, a space where a gap is one."""
    return "".join(_spaced(glyphs)).strip()


def places_of(glyphs: Sequence[Glyph]) -> list[int]:
    """The index in `text_of(glyphs)` at which each glyph ends; 0 or less for leading spaces."""
    parts = _spaced(glyphs)
    text = "".join(parts)
    indent = len(text) - len(text.lstrip())
    return [end - indent for end in itertools.accumulate(map(len, parts))]


def _spaced(glyphs: Sequence[Glyph]) -> list[str]:
    """The text of each glyph, with a space in front of it where the gap before it is one."""
    parts: list[str] = []
    last: Glyph | None = None
    spacing = _spacing(glyphs)
    for glyph in glyphs:
        apart = last and _apart(last, glyph, spacing=spacing)
        parts.append(f" {glyph.text}" if apart else glyph.text)
        last = glyph
    return parts


def _spacing(glyphs: Sequence[Glyph]) -> float:
    """How far apart the letters of a line are set, in sizes; 0 where they are not spaced out."""
    if sum(not is_cjk(glyph.text) for glyph in glyphs) < 4:
        return 0.0
    gaps = [
        (b.x0 - a.x1) / max(b.size, 1)
        for a, b in itertools.pairwise(glyphs)
        if not (a.text + b.text).isspace() and a.text.strip() and b.text.strip()
    ]
    usual = statistics.median(gaps) if gaps else 0.0
    return usual if usual > WORD_GAP / 2 else 0.0


def _apart(last: Glyph, glyph: Glyph, *, spacing: float) -> bool:
    if last.text.isspace() or glyph.text.isspace():
        return False
    gap = (glyph.x0 - last.x1) / max(glyph.size, 1) - spacing
    cjk = is_cjk(last.text) + is_cjk(glyph.text)
    return gap > (WORD_GAP, 0.6, BREAK_GAP)[cjk]  # a justified line spreads its characters


def shared_edges(rows: Sequence[Sequence[Glyph]]) -> frozenset[int]:
    """The left edges, in whole points, at which many rows (each from left to right) go on behind a
    gap that would not end a line by itself, or at which many begin and some go on."""
    goes_on: Counter[int] = Counter()
    begins: Counter[int] = Counter()
    for row in rows:
        inked = [glyph for glyph in row if not glyph.text.isspace()]
        begins.update(round(glyph.x0) for glyph in inked[:1])
        goes_on.update(
            round(glyph.x0)
            for last, glyph in itertools.pairwise(inked)
            if glyph.x0 - last.x1 > NARROW_GAP * min(last.size, glyph.size)
        )
    return frozenset(
        edge
        for edge in goes_on
        if _near(goes_on, edge) >= _MIN_SHARED_LINES
        or (_near(goes_on, edge) + _near(begins, edge) >= 2 * _MIN_SHARED_LINES)
    )


def _near(edges: Counter[int], edge: int) -> int:
    return sum(edges[edge + step] for step in (-1, 0, 1))
