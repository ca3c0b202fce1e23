"""PDF bytes to pages of glyphs, drawings and anchors. The one module that knows pypdfium2.

Its raw characters cost about a fifth of pdfminer's. Objects of pdfium live outside Python's
memory, so each page is closed as soon as it is read.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pypdfium2 as pdfium
import pypdfium2.raw as pdf
from PIL import Image, ImageDraw

from digests.parsing.drawings import drawings
from digests.parsing.geometry import Box
from digests.parsing.letters import normal
from digests.parsing.limits import Reason, UnreadablePdf
from digests.parsing.page import Anchor, Bookmark, Font, Glyph, Page
from digests.parsing.tags import heading_tags
from digests.parsing.turning import View
from digests.parsing.vertical import is_vertical, laid

MAX_GLYPHS = 60_000  # a page of a newspaper has 20,000
MAX_BOOKMARKS = 10_000
# pdfium opens a file without pages and then says that nothing went wrong.
_REFUSALS = {
    pdf.FPDF_ERR_SUCCESS: Reason.NO_PAGES,
    pdf.FPDF_ERR_PASSWORD: Reason.ENCRYPTED,
    pdf.FPDF_ERR_SECURITY: Reason.ENCRYPTED,
}
MARKED = (208, 112, 16)  # an article on its page
FORCE_BOLD = 1 << 18  # ISO 32000-1, table 123
_WEIGHTS = re.compile(
    r"[-, ]*(bold|black|heavy|semibold|demibold|demi|extrabold|regular|medium|light|roman|book|"
    r"italic|oblique|mt|psmt)+$",
    re.IGNORECASE,
)
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]b$|cmbx|粗", re.IGNORECASE)


class Document:
    """An open PDF. Raises `UnreadablePdf` when it cannot be opened; use it in a `with`."""

    def __init__(self, path: Path) -> None:
        _check_header(path)
        try:
            self._pdf = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise UnreadablePdf(_REFUSALS.get(error.err_code, Reason.DAMAGED)) from error
        self._fonts: dict[int, Font] = {}
        self._tagged = bool(pdf.FPDFCatalog_IsTagged(self._pdf.raw))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pdf.close()

    def __len__(self) -> int:
        return len(self._pdf)

    def pages(self) -> Iterator[Page]:
        """Each page in turn; one that pdfium cannot load comes back without content."""
        for number in range(1, len(self) + 1):
            try:
                page = self._pdf[number - 1]
            except pdfium.PdfiumError:
                yield Page(number=number, width=0, height=0)
                continue
            try:
                yield self._read(page, number=number)
            finally:
                page.close()

    def bookmarks(self) -> list[Bookmark]:
        """The outline from top to bottom, at most 10,000 entries; loops are cut by pdfium."""
        found = []
        for mark in self._pdf.get_toc(max_depth=6):
            target = mark.get_dest()
            index = target.get_index() if target else None
            found.append(
                Bookmark(
                    mark.get_title().strip(),
                    mark.level,
                    (index or -1) + 1 if index is None else index + 1,
                )
            )
            if len(found) >= MAX_BOOKMARKS:
                break
        return found

    def picture(self, number: int, box: Box, *, pixels: int) -> bytes:
        """The part of a page inside `box` as PNG, no side longer than `pixels`."""
        page = self._pdf[number - 1]
        try:
            width, height = page.get_size()
            scale = min(2.0, pixels / max(box.width, box.height, 1.0))
            crop = (box.x0, height - box.bottom, width - box.x1, box.top)
            image = page.render(scale=scale, crop=tuple(max(0.0, side) for side in crop)).to_pil()
        finally:
            page.close()
        return _png(image)

    def page_picture(self, number: int, *, width: int, marks: Sequence[Box]) -> bytes:
        """A whole page as PNG, at most `width` pixels wide and twice as high."""
        page = self._pdf[number - 1]
        try:
            scale = min(width / max(page.get_width(), 1), 2 * width / max(page.get_height(), 1))
            image = page.render(scale=scale).to_pil().convert("RGB")
        finally:
            page.close()
        draw = ImageDraw.Draw(image)
        for mark in marks:
            x0, top, x1, bottom = (side * scale for side in mark)
            draw.rectangle((x0 - 4, top - 4, x1 + 4, bottom + 4), outline=MARKED, width=3)
        return _png(image)

    def _read(self, page: pdfium.PdfPage, *, number: int) -> Page:
        view = View.of(page)
        tags = heading_tags(page.raw) if self._tagged else {}
        text = page.get_textpage()
        try:
            glyphs, unreadable = self._glyphs(text.raw, view=view, tags=tags)
            if vertical := is_vertical(glyphs):
                glyphs, unreadable = self._glyphs(text.raw, view=view, tags=tags, lying=True)
        finally:
            text.close()
        rules, frames, shapes, pictures = drawings(page.raw, view=view)
        whole = Page(
            number=number,
            width=view.width,
            height=view.height,
            glyphs=glyphs,
            rules=rules,
            frames=frames,
            shapes=shapes,
            pictures=pictures,
            anchors=self._anchors(page.raw, view=view),
            unreadable=unreadable,
        )
        return laid(whole) if vertical else whole

    def _glyphs(
        self, text: Any, *, view: View, tags: dict[int, int], lying: bool = False
    ) -> tuple[list[Glyph], int]:
        """Upright glyphs only: turned ones are watermarks and marginal notes. With `lying` also
        those that lie on their right side, as Latin words and figures in vertical text do."""
        glyphs: list[Glyph] = []
        unreadable, run, rect, last = 0, None, pdf.FS_RECTF(), 0
        for index in range(min(pdf.FPDFText_CountChars(text), MAX_GLYPHS)):
            thing = pdf.FPDFText_GetTextObject(text, index)
            address = ctypes.cast(thing, ctypes.c_void_p).value or 0
            if not address:
                continue  # a space or line end that pdfium made up
            if address != last:
                last = address
                run = self._run(text, index, thing, view=view, tags=tags, lying=lying)
            if run is None:
                continue
            code = pdf.FPDFText_GetUnicode(text, index)
            character = normal(chr(code)) if code < 0x110000 else ""
            if not character:
                unreadable += code > 32 and code not in range(0x200B, 0x2010)
                continue
            unreadable += character == "\ufffd"
            pdf.FPDFText_GetLooseCharBox(text, index, rect)
            x0, top, x1, bottom = view.box(rect.left, rect.bottom, rect.right, rect.top)
            if character == " " and x1 - x0 < 0.01:
                continue  # made up by pdfium where it saw a gap
            if glyphs and glyphs[-1][1:5] == (x0, top, x1, bottom):  # one glyph, two characters
                glyphs[-1] = glyphs[-1]._replace(text=glyphs[-1].text + character)
                continue
            glyphs.append(Glyph(character, x0, top, x1, bottom, *run))
        return glyphs, unreadable

    def _run(
        self, text: Any, index: int, thing: Any, *, view: View, tags: dict[int, int], lying: bool
    ) -> tuple[float, float, Font, int] | None:
        """Baseline, size, font and tag that all glyphs of a text object share."""
        matrix, x, y = pdf.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
        pdf.FPDFText_GetMatrix(text, index, matrix)
        lies = lying and not view.turned(-matrix.b, matrix.a)
        if view.turned(matrix.a, matrix.b) and not lies:
            return None
        pdf.FPDFText_GetCharOrigin(text, index, x, y)
        size = ctypes.c_float()
        pdf.FPDFTextObj_GetFontSize(thing, size)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        baseline = view.point(x.value, y.value)[1]
        stroked = pdf.FPDFTextObj_GetTextRenderMode(thing) == pdf.FPDF_TEXTRENDERMODE_FILL_STROKE
        tag = tags.get(pdf.FPDFPageObj_GetMarkedContentID(thing), 0) if tags else 0
        return baseline, abs(size.value * scale), self._font(thing, stroked=stroked), tag

    def _font(self, thing: Any, *, stroked: bool) -> Font:
        font = pdf.FPDFTextObj_GetFont(thing)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._fonts:
            self._fonts[address] = _font(font)
        known = self._fonts[address]
        return Font(known.family, bold=True) if stroked and not known.bold else known

    def _anchors(self, page: Any, *, view: View) -> list[Anchor]:
        found: list[Anchor] = []
        position, link, rect = ctypes.c_int(0), pdf.FPDF_LINK(), pdf.FS_RECTF()
        while pdf.FPDFLink_Enumerate(page, position, link) and len(found) < MAX_BOOKMARKS:
            if pdf.FPDFLink_GetAnnotRect(link, rect):
                box = view.box(rect.left, rect.bottom, rect.right, rect.top)
                found.append(Anchor(box, self._address(link), self._target(link)))
        return [anchor for anchor in found if anchor.url or anchor.page]

    def _address(self, link: Any) -> str:
        action = pdf.FPDFLink_GetAction(link)
        if not action or pdf.FPDFAction_GetType(action) != pdf.PDFACTION_URI:
            return ""
        length = pdf.FPDFAction_GetURIPath(self._pdf.raw, action, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pdf.FPDFAction_GetURIPath(self._pdf.raw, action, buffer, length)
        return buffer.value.decode("utf-8", "replace").strip()

    def _target(self, link: Any) -> int:
        action = pdf.FPDFLink_GetAction(link)
        target = pdf.FPDFLink_GetDest(self._pdf.raw, link) or (
            pdf.FPDFAction_GetDest(self._pdf.raw, action) if action else None
        )
        return int(pdf.FPDFDest_GetDestPageIndex(self._pdf.raw, target)) + 1 if target else 0


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(256).save(out, "PNG", optimize=False)
    return out.getvalue()


def _check_header(path: Path) -> None:
    """The header may stand anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1)."""
    with path.open("rb") as file:
        start = file.read(1024)
    if not start:
        raise UnreadablePdf(Reason.EMPTY)
    if b"%PDF-" not in start:
        raise UnreadablePdf(Reason.NOT_A_PDF)


def _font(font: Any) -> Font:
    name = _font_name(font)
    name = re.sub(r"^[A-Z]{6}\+", "", name)
    # pdfium guesses weights from stems: 828 for a regular typewriter face. The name knows.
    forced = bool(font) and pdf.FPDFFont_GetFlags(font) & FORCE_BOLD
    bold = bool(_BOLD.search(name) or forced)
    return Font(_WEIGHTS.sub("", name) or name, bold=bold)


def _font_name(font: Any) -> str:
    if not font:
        return ""
    length = pdf.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    pdf.FPDFFont_GetBaseFontName(font, buffer, length)
    return buffer.value.decode("utf-8", "replace")
