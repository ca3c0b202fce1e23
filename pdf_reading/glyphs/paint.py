"""The paint that fills drawn objects."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import pypdfium2.raw as pdf


class Paint(NamedTuple):
    """An ink as 0xRRGGBB, and how much of it covers: 0 for nothing, 255 for all."""

    ink: int
    alpha: int


def paint_of(thing: Any) -> Paint | None:
    """Return the paint of a path or text; None where it has a pattern."""
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not pdf.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return None
    return Paint(red.value << 16 | green.value << 8 | blue.value, alpha.value)
