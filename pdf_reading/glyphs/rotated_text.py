"""The words of a page that do not stand upright, such as the date along the edge of a cover.

They are in no line; what they say may yet be number and date of the issue.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

import pypdfium2.raw as pdf

from pdf_reading.glyphs.normalisation import normalised
from pdf_reading.glyphs.page_transform import PageTransform

MAX_CHARACTERS = 2_000  # of a page; more is no marginal note
MAX_LENGTH = 80  # of a text
GAP = 2.5  # sizes from one character to the next of the same text
_Place = tuple[float, float, float, float]  # where a character stands, and its direction


def rotated_texts(text: Any, transform: PageTransform) -> tuple[str, ...]:
    """Return the short texts that lean."""
    texts: list[str] = []
    last: _Place | None = None
    for index in range(min(pdf.FPDFText_CountChars(text), MAX_CHARACTERS)):
        if not pdf.FPDFText_GetTextObject(text, index):
            continue  # a space or line end that pdfium made up
        place = _place_of(text, index)
        if not transform.is_turned(*place[2:]):
            last = None
            continue
        character = normalised(chr(pdf.FPDFText_GetUnicode(text, index)))
        size = math.hypot(*place[2:]) * pdf.FPDFText_GetFontSize(text, index)
        if last is not None and _goes_on(last, place, size=size):
            texts[-1] += character
        else:
            texts.append(character)
        last = place
    return tuple(one.strip() for one in texts if one.strip() and len(one) <= MAX_LENGTH)


def _place_of(text: Any, index: int) -> _Place:
    matrix, x, y = pdf.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    pdf.FPDFText_GetMatrix(text, index, matrix)
    pdf.FPDFText_GetCharOrigin(text, index, x, y)
    return x.value, y.value, matrix.a, matrix.b


def _goes_on(last: _Place, place: _Place, *, size: float) -> bool:
    """Whether a character stands close behind another, in its direction."""
    x0, y0, *direction = last
    x1, y1, *other = place
    return math.dist((x0, y0), (x1, y1)) < GAP * size and math.dist(direction, other) < 0.1 * size
