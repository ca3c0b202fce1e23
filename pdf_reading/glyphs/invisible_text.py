"""Invisible text: drawn in no ink, in the ink of its ground, or under something that covers it.

Transparent text over a picture that fills most of a page is read all the same: it is the text
layer that a scanner's program adds for searching.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import pypdfium2.raw as pdf
from PIL import Image

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Glyph
from pdf_reading.glyphs.paint import Paint

WHITE = 0xFFFFFF
SAME_INK = 24  # of 255, in red, green and blue: inks so close may be one
MIN_CONTRAST = 10  # of 255: in less, no letter is visible
HIDDEN_SHARE = 0.8  # of the letters of a piece of text
SCAN_SHARE = 0.5  # of a page, in pictures
MAX_FILLS = 200
MIN_FILL_SIDE = 4.0  # points
MIN_SIZE_SHARE = 0.001  # of the height of a page


class Fill(NamedTuple):
    """A coloured area, and how many objects of its page were drawn before it."""

    order: int
    box: Box
    ink: int


@dataclass(frozen=True)
class Grounds:
    """The ground on which text stands: `fills`, `pictures`, and the `order` in which texts were
    drawn, by their addresses."""

    width: float = 0.0
    height: float = 0.0
    fills: list[Fill] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)

    @cached_property
    def is_scan(self) -> bool:
        """Whether pictures fill so much of the page that it came from a scanner."""
        area = sum(box.width * box.height for box in self.pictures)
        return area > SCAN_SHARE * self.width * self.height > 0

    def may_hide(self, address: int, glyph: Glyph) -> bool:
        """Return whether a text may have the ink of its ground, or be covered."""
        if _alike(glyph.ink, WHITE):
            return True
        drawn = self.order.get(address)
        return any(
            fill.box.holds(glyph)
            and (_alike(fill.ink, glyph.ink) or (drawn is not None and fill.order > drawn))
            for fill in self.fills[:MAX_FILLS]
        )


def is_transparent(mode: int, paint: Paint | None) -> bool:
    """Return whether a text object, in its mode of rendering and with the paint that fills it, is
    drawn in no ink, or in a transparent one."""
    if mode == pdf.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    return mode == pdf.FPDF_TEXTRENDERMODE_FILL and paint is not None and not paint.alpha


class HiddenCandidates:
    """The text objects of a page that its `grounds` may hide, with the indices of their glyphs."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._texts: dict[int, list[int]] = {}
        self._weighed = 0
        self._places: list[int] | None = None

    def add(self, place: int, glyph: Glyph, address: int) -> None:
        """Add a glyph by its index, if the text object at an address may be hidden, which its first
        glyph decides."""
        if address != self._weighed:
            self._weighed = address
            if self._grounds.may_hide(address, glyph):
                self._texts.setdefault(address, [])
            self._places = self._texts.get(address)
        if self._places is not None:
            self._places.append(place)

    def without_invisible(
        self, glyphs: list[Glyph], *, picture: Callable[[], Image.Image]
    ) -> list[Glyph]:
        """The glyphs without those of text objects that do not differ from what is around them on a
        `picture` of the page, a pixel a point."""
        if not self._texts:
            return glyphs
        page = picture().convert("RGB")
        invisible = {
            place
            for places in self._texts.values()
            if not _is_seen([glyphs[place] for place in places], page)
            for place in places
        }
        return [glyph for place, glyph in enumerate(glyphs) if place not in invisible]


def _is_seen(text: Sequence[Glyph], page: Image.Image) -> bool:
    letters = [glyph for glyph in text if not glyph.text.isspace()]
    flat = sum(_is_flat(glyph.box, page) for glyph in letters)
    return flat < HIDDEN_SHARE * len(letters) or not letters


def _is_flat(box: Box, page: Image.Image) -> bool:
    """Whether the inner part of a box has one colour."""
    x0, x1 = box.x0 + 0.1 * box.width, box.x1 - 0.1 * box.width
    top, bottom = box.top + 0.2 * box.height, box.bottom - 0.2 * box.height
    corners = (int(x0), int(top), int(x1) + 1, int(bottom) + 1)
    colours = page.crop(corners).getextrema()
    return all(most - least < MIN_CONTRAST for least, most in colours)  # type: ignore[misc]


@lru_cache(maxsize=1024)
def _alike(one: int, other: int) -> bool:
    return all(abs((one >> n & 255) - (other >> n & 255)) <= SAME_INK for n in (0, 8, 16))
