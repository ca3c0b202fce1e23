"""Small raised figures behind a character: powers, square metres, marks of footnotes.

They stand on a line of their own for whoever looks at baselines only; they are read as the
superscripts of Unicode, in the line that they belong to.
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
    lifted: dict[Glyph, Glyph] = {}
    for digit in sorted(digits, key=lambda glyph: glyph.x0):
        before = (one for step in _REACH for one in ends.get(round(digit.x0) + step, ()))
        hosts = (
            lifted.get(one, one)
            for one in before
            if _stands_raised(digit, one) or (one in lifted and _goes_on(digit, one))
        )
        if host := next(hosts, None):
            lifted[digit] = digit._replace(
                text=_SUPERSCRIPTS[digit.text], baseline=host.baseline, size=host.size
            )
    return [lifted.get(glyph, glyph) for glyph in glyphs]


def _stands_raised(digit: Glyph, before: Glyph) -> bool:
    rise = (before.baseline - digit.baseline) / before.size
    gap = (digit.x0 - before.x1) / before.size
    return digit.size <= _SMALL * before.size and _LOW <= rise <= _HIGH and -_NEAR <= gap <= _NEAR


def _goes_on(digit: Glyph, before: Glyph) -> bool:
    """Whether it is the next figure of a raised number."""
    return abs(digit.baseline - before.baseline) < 0.5 and abs(digit.size - before.size) < 0.5
