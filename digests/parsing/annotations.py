"""Link annotations: where they are, and the address or page that they lead to."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdf

from digests.parsing.page import Anchor
from digests.parsing.turning import View

MOST = 10_000  # on one page


def anchors_of(document: Any, page: Any, *, view: View) -> list[Anchor]:
    """The links of a page that lead somewhere. Takes raw handles of pdfium."""
    found: list[Anchor] = []
    position, link, rect = ctypes.c_int(0), pdf.FPDF_LINK(), pdf.FS_RECTF()
    while pdf.FPDFLink_Enumerate(page, position, link) and len(found) < MOST:
        if pdf.FPDFLink_GetAnnotRect(link, rect):
            box = view.box(rect.left, rect.bottom, rect.right, rect.top)
            found.append(Anchor(box, _address(document, link), _target(document, link)))
    return [anchor for anchor in found if anchor.url or anchor.page]


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
