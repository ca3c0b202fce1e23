"""Glyphs of a page with size, font and colour, through pypdfium2's raw text pages.

This costs about a fifth of what pdfminer does.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pypdfium2.raw as pdf
from PIL import Image

from pdf_reading.account import Counts, Destination
from pdf_reading.glyphs.false_maps import UNKNOWN, BlankSeeker, with_ideographs
from pdf_reading.glyphs.fonts import font_of
from pdf_reading.glyphs.invisible_text import (
    MIN_SIZE_SHARE,
    Grounds,
    HiddenCandidates,
    is_transparent,
)
from pdf_reading.glyphs.normalisation import normalised
from pdf_reading.glyphs.page import Font, Glyph
from pdf_reading.glyphs.page_transform import PageTransform
from pdf_reading.glyphs.paint import paint_of
from pdf_reading.glyphs.stems import weighed

MAX_GLYPHS = 60_000  # a page of a newspaper has 20,000
MIN_SIZE = 0.25  # points; `Face` rounds to halves
_ZERO_WIDTH = range(0x200B, 0x2010)
_Run = tuple[float, float, Font, int, int]


class Characters:
    """A reader of the glyphs of one document, which looks up each font once."""

    def __init__(self) -> None:
        self._fonts: dict[int, Font] = {}
        self._blanks = BlankSeeker()

    def of(
        self,
        text: Any,
        *,
        transform: PageTransform,
        tags: dict[int, int],
        grounds: Grounds,
        picture: Callable[[float], Image.Image],
        sideways: bool = False,
    ) -> tuple[list[Glyph], int, Counts]:
        """Return the visible upright glyphs, how many characters are unreadable, and what became of
        those that are no such glyphs.

        Rotated glyphs are watermarks and marginal notes. With `sideways`, those that lie on their
        right side count too, as Latin words and figures in vertical text do. What is visible is
        decided on a `picture` of the page, made at a scale in pixels a point; and so is the weight
        of fonts that have no name.
        """
        glyphs: list[Glyph] = []
        candidates = HiddenCandidates(grounds)
        omitted: Counter[Destination] = Counter({Destination.UNREAD: _unread(text)})
        run: _Run | Destination = Destination.INVISIBLE
        rect, last = pdf.FS_RECTF(), 0
        codes: set[int] = set()
        for index in range(min(pdf.FPDFText_CountChars(text), MAX_GLYPHS)):
            thing = pdf.FPDFText_GetTextObject(text, index)
            if not thing:
                continue  # a space or line end that pdfium made up
            address = ctypes.addressof(thing.contents)  # a seventh of what a cast costs
            if address != last:
                last = address
                run = self._run(
                    text,
                    index,
                    thing,
                    transform=transform,
                    tags=tags,
                    is_scan=grounds.is_scan,
                    sideways=sideways,
                )
            code = pdf.FPDFText_GetUnicode(text, index)
            character = normalised(chr(code)) if code < 0x110000 else ""
            if isinstance(run, Destination) or not character:
                omitted.update(_omission(run, code, character))
                continue
            codes.add(code)
            if character == " " and self._blanks.prints_ink(text, index, size=run[1]):
                character = UNKNOWN
            pdf.FPDFText_GetLooseCharBox(text, index, rect)
            x0, top, x1, bottom = transform.box(rect.left, rect.bottom, rect.right, rect.top)
            if character == " " and x1 - x0 < 0.01:
                continue  # made up by pdfium where it saw a gap
            if not transform.shows(x0, top, x1, bottom):
                omitted[Destination.INVISIBLE] += _printed(character)
                continue
            if glyphs and glyphs[-1][1:5] == (x0, top, x1, bottom):  # one glyph, two characters
                glyphs[-1] = _with_character(glyphs[-1], character)
                continue
            glyphs.append(Glyph(character, x0, top, x1, bottom, *run))
            candidates.add(len(glyphs) - 1, glyphs[-1], address)
        visible = candidates.without_invisible(glyphs, picture=lambda: picture(1))
        omitted[Destination.INVISIBLE] += _difference(glyphs, visible)
        unreadable = omitted[Destination.UNREADABLE] + sum(UNKNOWN in g.text for g in glyphs)
        area = transform.width * transform.height
        seen = weighed(with_ideographs(visible, codes), area=area, picture=picture)
        return seen, unreadable, +omitted

    def _run(
        self,
        text: Any,
        index: int,
        thing: Any,
        *,
        transform: PageTransform,
        tags: dict[int, int],
        is_scan: bool,
        sideways: bool,
    ) -> _Run | Destination:
        """The baseline, size, font, tag and ink that all glyphs of a text object share; else what
        becomes of them. The ink is black where it has a pattern."""
        mode, paint = pdf.FPDFTextObj_GetTextRenderMode(thing), paint_of(thing)
        if not is_scan and is_transparent(mode, paint):
            return Destination.INVISIBLE
        matrix, x, y = pdf.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
        pdf.FPDFText_GetMatrix(text, index, matrix)
        is_sideways = sideways and not transform.is_turned(-matrix.b, matrix.a)
        if transform.is_turned(matrix.a, matrix.b) and not is_sideways:
            return Destination.ROTATED
        pdf.FPDFText_GetCharOrigin(text, index, x, y)
        size = ctypes.c_float()
        pdf.FPDFTextObj_GetFontSize(thing, size)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        if not abs(size.value * scale) > max(MIN_SIZE_SHARE * transform.height, MIN_SIZE):
            return Destination.INVISIBLE
        baseline = transform.point(x.value, y.value)[1]
        tag = tags.get(pdf.FPDFPageObj_GetMarkedContentID(thing), 0) if tags else 0
        font = self._font(thing, stroked=mode == pdf.FPDF_TEXTRENDERMODE_FILL_STROKE)
        return baseline, abs(size.value * scale), font, tag, paint.ink if paint else 0

    def _font(self, thing: Any, *, stroked: bool) -> Font:
        font = pdf.FPDFTextObj_GetFont(thing)
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._fonts:
            self._fonts[address] = font_of(font)
        known = self._fonts[address]
        return Font(known.family, bold=True) if stroked and not known.bold else known


def _omission(run: _Run | Destination, code: int, character: str) -> Counts:
    """What becomes of a character that is not seen, or of which nobody knows which it is."""
    if isinstance(run, Destination):
        return {run: _printed(character)}
    return {Destination.UNREADABLE: int(code > 32 and code not in _ZERO_WIDTH)}


def _printed(character: str) -> int:
    """How many characters that are not white space stand for one of the file."""
    return len("".join(character.split()))


def _with_character(glyph: Glyph, character: str) -> Glyph:
    """A glyph with one more character; of several spaces it is one."""
    return glyph if character == " " == glyph.text else glyph._replace(text=glyph.text + character)


def _difference(glyphs: Sequence[Glyph], visible: Sequence[Glyph]) -> int:
    """How many characters the visible glyphs are fewer."""
    if visible is glyphs:
        return 0
    before, after = (_printed("".join([one.text for one in part])) for part in (glyphs, visible))
    return before - after


def _unread(text: Any) -> int:
    """How many characters stand behind the last that is read of a page."""
    found, total = 0, pdf.FPDFText_CountChars(text)
    for start in range(MAX_GLYPHS, total, MAX_GLYPHS):
        buffer = ctypes.create_string_buffer(2 * MAX_GLYPHS + 2)
        units = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        count = pdf.FPDFText_GetText(text, start, min(MAX_GLYPHS, total - start), units)
        found += _printed(buffer.raw[: 2 * count - 2].decode("utf-16-le", "ignore"))
    return found
