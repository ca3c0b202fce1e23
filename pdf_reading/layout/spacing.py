"""Word spacing: which gaps between the glyphs of a line are spaces."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

from pdf_reading.glyphs.normalisation import is_cjk
from pdf_reading.glyphs.page import Glyph

# A gap of 0.25 em is common between Chinese and Latin and is no space; between Latin words
# anything over 0.12 em is one.
WORD_GAP = 0.12
BREAK_GAP = 1.0


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
    pairs = list(itertools.pairwise(glyphs))
    gaps = [
        -math.inf  # no gap beside a space is one, too
        if last.text.isspace() or glyph.text.isspace()
        else (glyph.x0 - last.x1) / max(glyph.size, 1)
        for last, glyph in pairs
    ]
    spacing = _spacing(glyphs, gaps)
    least = WORD_GAP + spacing
    parts = [
        f" {glyph.text}" if gap > least and gap - spacing > _least_gap(last, glyph) else glyph.text
        for (last, glyph), gap in zip(pairs, gaps, strict=True)
    ]
    return [*(glyph.text for glyph in glyphs[:1]), *parts]


def _spacing(glyphs: Sequence[Glyph], gaps: Sequence[float]) -> float:
    """How far apart the letters of a line are set, in sizes; 0 where they are not spaced out."""
    between = [gap for gap in gaps if gap > -math.inf]
    usual = statistics.median(between) if between else 0.0
    is_wide = usual > WORD_GAP / 2 and sum(not is_cjk(glyph.text) for glyph in glyphs) >= 4
    return usual if is_wide else 0.0


def _least_gap(last: Glyph, glyph: Glyph) -> float:
    """The least gap in sizes that is a space; a justified line spreads its characters."""
    return (WORD_GAP, 0.6, BREAK_GAP)[is_cjk(last.text) + is_cjk(glyph.text)]
