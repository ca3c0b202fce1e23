"""Headings that a tagged PDF (ISO 32000-1, 14.7 and 14.8) marks as such."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdf

MAX_DEPTH = 40
MAX_ELEMENTS = 20_000


def heading_tags(page: Any) -> dict[int, int]:
    """The level (1 to 6) of each piece of marked content that stands in a heading."""
    tree = pdf.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    levels: dict[int, int] = {}
    waiting = [
        (pdf.FPDF_StructTree_GetChildAtIndex(tree, index), 0, 0)
        for index in range(min(pdf.FPDF_StructTree_CountChildren(tree), MAX_ELEMENTS))
    ]
    seen = 0
    while waiting and (seen := seen + 1) < MAX_ELEMENTS:
        element, level, depth = waiting.pop()
        if not element or depth > MAX_DEPTH:
            continue
        level = _level(element) or level
        for index in range(pdf.FPDF_StructElement_CountChildren(element)):
            content = pdf.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if content >= 0 and level:
                levels[content] = level
            child = pdf.FPDF_StructElement_GetChildAtIndex(element, index)
            waiting.append((child, level, depth + 1))
    pdf.FPDF_StructTree_Close(tree)
    return levels


def _level(element: Any) -> int:
    length = pdf.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    pdf.FPDF_StructElement_GetType(element, buffer, length)
    name = buffer.raw[:length].decode("utf-16-le", "replace").rstrip("\0")
    if name == "Title":
        return 1
    return int(name[1]) if len(name) == 2 and name[0] == "H" and name[1] in "123456" else 0
