"""Superscripts: small raised figures behind a character, as in powers and marks of footnotes.

By its baseline each would be a line of its own; it becomes the superscript of Unicode in the line
of the character.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pdf_reading.glyphs.page import Glyph

_SUPERSCRIPTS = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_SMALL = 0.8  # of the size of the character before
_LOW, _HIGH = 0.2, 0.6  # of that size, between the baselines
_NEAR = 0.3  # of that size, between the two
_REACH = range(-4, 2)  # points around its left edge where the character before ends


def with_superscripts(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, raised figures as superscripts on the baseline of their line."""
    digits = [glyph for glyph in glyphs if glyph.text in _SUPERSCRIPTS]
    ends: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs if digits else ():
        if not glyph.text.isspace():
            ends[round(glyph.x1)].append(glyph)
    superscripts: dict[Glyph, Glyph] = {}
    for digit in sorted(digits, key=lambda glyph: glyph.x0):
        before = (one for step in _REACH for one in ends.get(round(digit.x0) + step, ()))
        hosts = (
            superscripts.get(one, one)
            for one in before
            if _is_superscript_of(digit, one) or (one in superscripts and _goes_on(digit, one))
        )
        if host := next(hosts, None):
            superscripts[digit] = digit._replace(
                text=_SUPERSCRIPTS[digit.text], baseline=host.baseline, size=host.size
            )
    return [superscripts.get(glyph, glyph) for glyph in glyphs]


def _is_superscript_of(digit: Glyph, before: Glyph) -> bool:
    rise = (before.baseline - digit.baseline) / before.size
    gap = (digit.x0 - before.x1) / before.size
    return digit.size <= _SMALL * before.size and _LOW <= rise <= _HIGH and -_NEAR <= gap <= _NEAR


def _goes_on(digit: Glyph, before: Glyph) -> bool:
    """Whether it is the next figure of a raised number."""
    return abs(digit.baseline - before.baseline) < 0.5 and abs(digit.size - before.size) < 0.5
