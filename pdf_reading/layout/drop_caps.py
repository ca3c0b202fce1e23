"""Drop capitals: a large first letter, sunk into the lines beside it, becomes the first letter of
the uppermost of them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pdf_reading.glyphs.page import Glyph

LARGE = 1.7  # of the usual size of type
NEAR = 1.0  # sizes between the letter and the text beside it


def with_drop_caps(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, its drop capitals set like their text."""
    if not glyphs:
        return []
    usual = median(glyph.size for glyph in glyphs)
    large = [glyph for glyph in glyphs if glyph.size >= LARGE * usual]
    found = list(glyphs)
    for initial in large:
        if initial.text[:1].isupper() and _is_alone(initial, large):
            found = _sunk(initial, found, usual=usual)
    return found


def _is_alone(initial: Glyph, large: Sequence[Glyph]) -> bool:
    return not any(
        other is not initial
        and not other.text.isspace()
        and abs(other.baseline - initial.baseline) < 0.5 * initial.size
        and other.x0 - initial.x1 < 2 * initial.size
        and initial.x0 - other.x1 < 2 * initial.size
        for other in large
    )


def _sunk(initial: Glyph, glyphs: list[Glyph], *, usual: float) -> list[Glyph]:
    """The glyphs with the capital at the head of the lines beside it, which begin where it does."""
    begin: dict[int, Glyph] = {}
    for glyph in sorted(glyphs, key=lambda one: -one.x0):
        if glyph is not initial and _is_level(glyph, initial, usual=usual):
            begin[round(glyph.baseline)] = glyph
    rows = [row for row in sorted(begin) if begin[row].x0 - initial.x1 < NEAR * usual]
    beside = [begin[row] for row in rows if begin[row].x0 - initial.x1 >= -0.3 * usual]
    if len(beside) < 2:
        return glyphs
    first, *others = beside
    letter = first._replace(text=initial.text, x0=initial.x0, x1=first.x0)
    moved = {id(initial): letter} | {id(one): one._replace(x0=initial.x0) for one in others}
    return [moved.get(id(glyph), glyph) for glyph in glyphs]


def _is_level(glyph: Glyph, initial: Glyph, *, usual: float) -> bool:
    """Whether a glyph of the text stands on a line that may begin beside the capital, which is
    about 0.7 of its size high; one line more may keep off it."""
    if glyph.size >= 1.3 * usual or glyph.text.isspace() or glyph.x0 < initial.x0 - 0.3 * usual:
        return False
    top = initial.baseline - 0.72 * initial.size + 0.35 * usual
    return top < glyph.baseline < initial.baseline + 1.6 * usual
