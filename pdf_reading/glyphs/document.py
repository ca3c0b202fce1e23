"""PDF bytes to pages of glyphs, drawings and anchors, and to pictures, through pypdfium2.

Objects of pdfium live outside Python's memory, so each page is closed as soon as it is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pypdfium2 as pdfium
import pypdfium2.raw as pdf
from PIL import Image

from pdf_reading.account import Destination
from pdf_reading.glyphs.annotations import anchors_of, without_underlines
from pdf_reading.glyphs.characters import Characters
from pdf_reading.glyphs.drawings import drawings
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Bookmark, Page
from pdf_reading.glyphs.page_transform import PageTransform
from pdf_reading.glyphs.rotated_text import rotated_texts
from pdf_reading.glyphs.tags import heading_tags
from pdf_reading.glyphs.vertical import is_vertical, rotated
from pdf_reading.limits import ParseFailure, UnreadablePdf

MAX_BOOKMARKS = 10_000
_Sides = tuple[float, ...]
# pdfium opens a file without pages and then says that nothing went wrong.
_REFUSALS = {
    pdf.FPDF_ERR_SUCCESS: ParseFailure.NO_PAGES,
    pdf.FPDF_ERR_PASSWORD: ParseFailure.ENCRYPTED,
    pdf.FPDF_ERR_SECURITY: ParseFailure.ENCRYPTED,
}


class Document:
    """An open PDF, a context manager. Raises `UnreadablePdf` when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        _check_header(path)
        try:
            self._pdf = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise UnreadablePdf(_REFUSALS.get(error.err_code, ParseFailure.DAMAGED)) from error
        self._characters = Characters()
        self._kept: tuple[int, pdfium.PdfPage] | None = None
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
        """Yield each page; one that pdfium cannot load has no content."""
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
        """The outline from top to bottom, at most 10,000 entries; loops are ended by pdfium."""
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

    def crop(self, number: int, box: Box, *, pixels: int) -> bytes:
        """Render the part of a page inside `box` as PNG, no side longer than `pixels`."""
        page = self._opened(number)
        width, height = page.get_size()
        scale = min(2.0, pixels / max(box.width, box.height, 1.0))
        sides = (box.x0, height - box.bottom, width - box.x1, box.top)
        return _png(_render(page, scale=scale, crop=tuple(max(0.0, side) for side in sides)))

    def _opened(self, number: int) -> pdfium.PdfPage:
        """The page, which stays open until another is asked for: its other figures are next."""
        if self._kept is None or self._kept[0] != number:
            if self._kept:
                self._kept[1].close()
            self._kept = (number, self._pdf[number - 1])
        return self._kept[1]

    def page_image(self, number: int, *, width: int) -> bytes:
        """Render a whole page as PNG, at most `width` pixels wide and twice as high. Its resolution
        tells the size of the page."""
        page = self._pdf[number - 1]
        try:
            scale = min(width / max(page.get_width(), 1), 2 * width / max(page.get_height(), 1))
            image = _render(page, scale=scale).convert("RGB")
        finally:
            page.close()
        out = io.BytesIO()
        # A fifth of the time of the usual method, and half the bytes; photographs lose a little.
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE)
        few.save(out, "PNG", dpi=(72 * scale, 72 * scale))
        return out.getvalue()

    def _read(self, page: pdfium.PdfPage, *, number: int) -> Page:
        transform = PageTransform.of(page)
        tags = heading_tags(page.raw) if self._tagged else {}
        rules, frames, shapes, grounds = drawings(page.raw, transform=transform)
        text = page.get_textpage()
        characters = partial(
            self._characters.of,
            text.raw,
            transform=transform,
            tags=tags,
            grounds=grounds,
            picture=lambda scale: _render(page, scale=scale),
        )
        try:
            glyphs, unreadable, omitted = characters()
            if vertical := is_vertical(glyphs):
                glyphs, unreadable, omitted = characters(sideways=True)
            leaning = number == 1 and omitted.get(Destination.ROTATED)
            texts = rotated_texts(text.raw, transform) if leaning else ()
        finally:
            text.close()
        anchors = anchors_of(self._pdf.raw, page.raw, transform=transform)
        whole = Page(
            number=number,
            width=transform.width,
            height=transform.height,
            glyphs=glyphs,
            rules=without_underlines(rules, anchors),
            frames=frames,
            shapes=shapes,
            pictures=grounds.pictures,
            anchors=anchors,
            unreadable=unreadable,
            omitted=omitted,
            rotated_texts=texts,
        )
        return rotated(whole) if vertical else whole


def _render(page: pdfium.PdfPage, *, scale: float, crop: _Sides = (0, 0, 0, 0)) -> Image.Image:
    """Render a page without the `crop` at its left, lower, right and upper side; pdfium keeps no
    more than 100 MB of decoded pictures."""
    image: Image.Image = page.render(scale=scale, crop=crop, limit_image_cache=True).to_pil()
    return image


def _png(image: Image.Image) -> bytes:
    """A picture of at most 256 colours as PNG; a drawing that has no more keeps them."""
    method = Image.Quantize.MEDIANCUT if image.getcolors(256) else Image.Quantize.FASTOCTREE
    out = io.BytesIO()
    image.quantize(256, method=method).save(out, "PNG", optimize=False)
    return out.getvalue()


def _check_header(path: Path) -> None:
    """Refuse a file without a header, which may stand anywhere in the first 1,024 bytes
    (ISO 32000-1, annex H.3.4.1)."""
    with path.open("rb") as file:
        start = file.read(1024)
    if not start:
        raise UnreadablePdf(ParseFailure.EMPTY)
    if b"%PDF-" not in start:
        raise UnreadablePdf(ParseFailure.NOT_A_PDF)
