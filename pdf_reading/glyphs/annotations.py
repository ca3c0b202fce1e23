"""Link annotations: their places, and the address or page that each opens.

One over several lines gives its place in each by quadrilaterals (ISO 32000-1, 12.5.6.5); the
rectangle around these holds words beside it, too.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdf

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Anchor
from pdf_reading.glyphs.page_transform import PageTransform

MAX_LINKS = 10_000  # on one page
SLACK = 1.0  # points
MAX_LINE_HEIGHT = 40.0  # points, of the words of a link in one line


def anchors_of(document: Any, page: Any, *, transform: PageTransform) -> list[Anchor]:
    """The links of a page that open something. Takes raw handles of pdfium."""
    found: list[Anchor] = []
    position, link, rect = ctypes.c_int(0), pdf.FPDF_LINK(), pdf.FS_RECTF()
    while pdf.FPDFLink_Enumerate(page, position, link) and len(found) < MAX_LINKS:
        if pdf.FPDFLink_GetAnnotRect(link, rect):
            where = _quads(link, rect) or [(rect.left, rect.bottom, rect.right, rect.top)]
            url, target = _address(document, link), _target(document, link)
            found += (Anchor(transform.box(*corners), url, target) for corners in where)
    return [anchor for anchor in found if anchor.url or anchor.page]


def without_underlines(rules: Sequence[Box], anchors: Sequence[Anchor]) -> list[Box]:
    """The rules of a page but for those that underline the words of a link: below each other in
    several lines, they would be those of a table."""
    words = [one.box for one in anchors if one.box.height < MAX_LINE_HEIGHT]
    return [rule for rule in rules if not any(_underlines(rule, box) for box in words)]


def _underlines(rule: Box, words: Box) -> bool:
    inside = words.x0 - SLACK <= rule.x0 and rule.x1 <= words.x1 + SLACK
    lower = (words.top + words.bottom) / 2 <= rule.top and rule.bottom <= words.bottom + SLACK
    return inside and lower and rule.width > rule.height


def _quads(link: Any, rect: Any) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each quadrilateral; none where one stands outside of the
    rectangle, as the standard has it."""
    found = []
    quad = pdf.FS_QUADPOINTSF()
    for index in range(min(pdf.FPDFLink_CountQuadPoints(link), MAX_LINKS)):
        if not pdf.FPDFLink_GetQuadPoints(link, index, quad):
            return []
        xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
        found.append((min(xs), min(ys), max(xs), max(ys)))
    inside = all(
        rect.left - SLACK <= left < right <= rect.right + SLACK
        and rect.bottom - SLACK <= bottom < top <= rect.top + SLACK
        for left, bottom, right, top in found
    )
    return found if inside else []


def _address(document: Any, link: Any) -> str:
    action = pdf.FPDFLink_GetAction(link)
    if not action or pdf.FPDFAction_GetType(action) != pdf.PDFACTION_URI:
        return ""
    length = pdf.FPDFAction_GetURIPath(document, action, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdf.FPDFAction_GetURIPath(document, action, buffer, length)
    return buffer.value.decode("utf-8", "replace").strip()


def _target(document: Any, link: Any) -> int:
    action = pdf.FPDFLink_GetAction(link)
    target = pdf.FPDFLink_GetDest(document, link) or (
        pdf.FPDFAction_GetDest(document, action) if action else None
    )
    return int(pdf.FPDFDest_GetDestPageIndex(document, target)) + 1 if target else 0
