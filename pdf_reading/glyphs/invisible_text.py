"""Text that nobody sees: drawn in no ink, in that of its ground, or under something that covers it.

What is drawn in no ink over a picture that fills most of a page is read all the same: a scanner's
program put it there for those who search.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pypdfium2.raw as pdf
from PIL import Image

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Glyph

WHITE = 0xFFFFFF
NEAR = 24  # of 255, in red, green and blue: inks so alike may be one
FLAT = 10  # of 255: an eye sees no letters in less
MOST = 0.8  # of the letters of a piece of text
SCANNED = 0.5  # of a page, in pictures
MAX_FILLS = 200
SMALLEST = 4.0  # points
TINY = 0.001  # of the height of a page


class Fill(NamedTuple):
    """A coloured area, and how many objects of its page were drawn before it."""

    order: int
    box: Box
    ink: int


@dataclass(frozen=True)
class Grounds:
    """What text stands on: `fills`, `pictures`, and the `order` in which texts were drawn, by
    their addresses."""

    width: float = 0.0
    height: float = 0.0
    fills: list[Fill] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)

    @cached_property
    def is_scan(self) -> bool:
        """Whether pictures fill so much of the page that it came from a scanner."""
        area = sum(box.width * box.height for box in self.pictures)
        return area > SCANNED * self.width * self.height > 0

    def may_hide(self, address: int, glyph: Glyph) -> bool:
        """Whether a text may be in the ink of what it stands on, or be covered."""
        if _alike(glyph.ink, WHITE):
            return True
        drawn = self.order.get(address)
        return any(
            fill.box.holds(glyph.box)
            and (_alike(fill.ink, glyph.ink) or (drawn is not None and fill.order > drawn))
            for fill in self.fills[:MAX_FILLS]
        )


def is_inkless(thing: Any) -> bool:
    """Whether a text object is drawn in no ink, or in one that lets everything through."""
    mode = pdf.FPDFTextObj_GetTextRenderMode(thing)
    if mode == pdf.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    paint = tuple(ctypes.c_uint(255) for _ in range(4))
    filled = pdf.FPDFPageObj_GetFillColor(thing, *paint)
    return bool(mode == pdf.FPDF_TEXTRENDERMODE_FILL and filled and paint[3].value == 0)


class Doubtful:
    """The texts of a page that its `grounds` may hide, by the places of their glyphs."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._texts: dict[int, list[int]] = {}
        self._weighed = 0

    def add(self, place: int, glyph: Glyph, address: int) -> None:
        """Keep the place of a glyph in mind, if the text at an address may be hidden; whether it
        may is asked of the first of its glyphs."""
        if address != self._weighed:
            self._weighed = address
            if self._grounds.may_hide(address, glyph):
                self._texts.setdefault(address, [])
        if address in self._texts:
            self._texts[address].append(place)

    def without_unseen(
        self, glyphs: list[Glyph], *, picture: Callable[[], Image.Image]
    ) -> list[Glyph]:
        """The glyphs but for those of texts whose letters nobody can tell from what is around them
        on a `picture` of their page, a pixel a point."""
        if not self._texts:
            return glyphs
        page = picture().convert("RGB")
        unseen = {
            place
            for places in self._texts.values()
            if not _is_seen([glyphs[place] for place in places], page)
            for place in places
        }
        return [glyph for place, glyph in enumerate(glyphs) if place not in unseen]


def _is_seen(text: Sequence[Glyph], page: Image.Image) -> bool:
    letters = [glyph for glyph in text if not glyph.text.isspace()]
    flat = sum(_is_flat(glyph.box, page) for glyph in letters)
    return flat < MOST * len(letters) or not letters


def _is_flat(box: Box, page: Image.Image) -> bool:
    """Whether the inner part of a box has one colour."""
    x0, x1 = box.x0 + 0.1 * box.width, box.x1 - 0.1 * box.width
    top, bottom = box.top + 0.2 * box.height, box.bottom - 0.2 * box.height
    corners = (int(x0), int(top), int(x1) + 1, int(bottom) + 1)
    colours = page.crop(corners).getextrema()
    return all(most - least < FLAT for least, most in colours)  # type: ignore[misc]


def _alike(one: int, other: int) -> bool:
    return all(abs((one >> n & 255) - (other >> n & 255)) <= NEAR for n in (0, 8, 16))
