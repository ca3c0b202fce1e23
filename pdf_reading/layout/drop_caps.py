"""Drop caps: a large letter beside several lines becomes the first letter of the uppermost, and one
that stands larger on the first line alone a letter of its size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pdf_reading.glyphs.page import Glyph

LARGE = 1.7  # of the usual size of type
RAISED = 1.25  # of that size, a letter on the first line alone
SAME_SIZE = 0.5  # points
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
    return _levelled(found, usual=usual)


def _levelled(glyphs: list[Glyph], *, usual: float) -> list[Glyph]:
    """The glyphs, a capital that is larger than the small letters of text behind it in their size.
    Small capitals have another size than the text."""
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    raised = {
        id(one): one._replace(size=other.size, top=other.top, bottom=other.bottom)
        for last, (one, other) in zip([None, *inked], pairwise(inked), strict=False)
        if RAISED * usual <= one.size < LARGE * usual
        and abs(other.size - usual) < SAME_SIZE
        and one.text.isupper()
        and other.text.islower()
        and abs(one.baseline - other.baseline) < SAME_SIZE
        and abs(other.x0 - one.x1) < NEAR * usual
        and not (last and abs(last.baseline - one.baseline) < SAME_SIZE and last.x1 < one.x0)
    }
    return [raised.get(id(glyph), glyph) for glyph in glyphs] if raised else glyphs


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
