"""Maps of fonts that are false: characters that are not what they are called, as the page shows.

Some fonts of Chinese text map figures to spaces, and frequent ideographs to signs that look like
them (ISO 32000-1, 9.10.3, ToUnicode CMaps).
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection
from typing import Any

import pypdfium2.raw as pdf

from pdf_reading.glyphs.normalisation import LOOK_ALIKES
from pdf_reading.glyphs.page import Glyph

UNKNOWN = "\ufffd"
MIN_INK = 0.05  # of the size; a blank has none
_SIGNS = dict(zip("㈤㈥㈦㈧㈨㈩㈱㈲㊠㊒", "五六七八九十株有項有", strict=True))
_TRADITIONAL = dict(zip("学写医", "學寫醫", strict=True))
_ONLY_TRADITIONAL = frozenset(map(ord, "會為這個學們國來對時說與後"))


class BlankSeeker:
    """A reader of the boxes of glyphs that are said to be spaces."""

    def __init__(self) -> None:
        self._sides = [ctypes.c_double() for _ in range(4)]

    def prints_ink(self, text: Any, index: int, *, size: float) -> bool:
        """Return whether a space is none: its glyph is as wide and high as a sign.
        Of several such in a row pdfium keeps the first."""
        left, right, bottom, top = self._sides
        pdf.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        least = MIN_INK * size
        return right.value - left.value > least and top.value - bottom.value > least


def with_ideographs(glyphs: list[Glyph], codes: Collection[int]) -> list[Glyph]:
    """The glyphs of a page with ideographs for the signs that stand for them, where the `codes` of
    its characters are such elsewhere, too: bracketed figures are printed as such, but not beside
    signs that nobody prints."""
    if LOOK_ALIKES.isdisjoint(codes):
        return glyphs
    meant = _SIGNS | (_TRADITIONAL if not _ONLY_TRADITIONAL.isdisjoint(codes) else {})
    return [one._replace(text=meant[one.text]) if one.text in meant else one for one in glyphs]
