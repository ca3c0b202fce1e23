"""Drop caps: a large letter beside several lines becomes the first letter of the uppermost."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pdf_reading.glyphs.page import Glyph

LARGE = 1.7  # of the usual size of type
NEAR = 1.0  # sizes between the letter and the text beside it


def with_drop_caps(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, its drop caps with the size and place of their text."""
    if not glyphs:
        return []
    usual = median(glyph.size for glyph in glyphs)
    large = [glyph for glyph in glyphs if glyph.size >= LARGE * usual]
    found = list(glyphs)
    for capital in large:
        if capital.text[:1].isupper() and _is_alone(capital, large):
            found = _sunk(capital, found, usual=usual)
    return found


def _is_alone(capital: Glyph, large: Sequence[Glyph]) -> bool:
    return not any(
        other is not capital
        and not other.text.isspace()
        and abs(other.baseline - capital.baseline) < 0.5 * capital.size
        and other.x0 - capital.x1 < 2 * capital.size
        and capital.x0 - other.x1 < 2 * capital.size
        for other in large
    )


def _sunk(capital: Glyph, glyphs: list[Glyph], *, usual: float) -> list[Glyph]:
    """The glyphs with the capital at the head of the lines beside it, which begin where it does."""
    begin: dict[int, Glyph] = {}
    for glyph in sorted(glyphs, key=lambda one: -one.x0):
        if glyph is not capital and _is_level(glyph, capital, usual=usual):
            begin[round(glyph.baseline)] = glyph
    rows = [row for row in sorted(begin) if begin[row].x0 - capital.x1 < NEAR * usual]
    beside = [begin[row] for row in rows if begin[row].x0 - capital.x1 >= -0.3 * usual]
    if len(beside) < 2:
        return glyphs
    first, *others = beside
    letter = first._replace(text=capital.text, x0=capital.x0, x1=first.x0)
    moved = {id(capital): letter} | {id(one): one._replace(x0=capital.x0) for one in others}
    return [moved.get(id(glyph), glyph) for glyph in glyphs]


def _is_level(glyph: Glyph, capital: Glyph, *, usual: float) -> bool:
    """Whether a glyph of the text stands on a line that may begin beside the capital, which is
    about 0.7 of its size high; one line more may keep off it."""
    if glyph.size >= 1.3 * usual or glyph.text.isspace() or glyph.x0 < capital.x0 - 0.3 * usual:
        return False
    top = capital.baseline - 0.72 * capital.size + 0.35 * usual
    return top < glyph.baseline < capital.baseline + 1.6 * usual
