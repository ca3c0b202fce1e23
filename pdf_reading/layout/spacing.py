"""Word spacing: which gaps between the glyphs of a line are spaces."""

from __future__ import annotations

import itertools
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
