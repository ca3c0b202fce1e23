"""The family and the weight of a font, by its name and its flags."""

from __future__ import annotations

import ctypes
import re
from typing import Any

import pypdfium2.raw as pdf

from pdf_reading.glyphs.font_programs import FontProgram, program_of
from pdf_reading.glyphs.page import Font

FORCE_BOLD = 1 << 18  # ISO 32000-1, table 123
_WEIGHTS = re.compile(
    r"[-, ]*(bold|black|heavy|semibold|demibold|demi|extrabold|regular|medium|light|roman|book|"
    r"italic|oblique|mt|psmt)+$",
    re.IGNORECASE,
)
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]b$|cmbx|粗", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:CIDFont\+)?[A-Z]{0,4}\d+(?:_\d+)?(?=,|$)", re.IGNORECASE)


def font_of(font: Any) -> Font:
    """The font of a raw handle; a null handle gives one without a name. One that a program only
    numbered has the name and the weight of what is embedded."""
    name = re.sub(r"^[A-Z]{6}\+", "", _font_name(font))
    program = program_of(font) if _NUMBERED.match(name) else FontProgram()
    name = _NUMBERED.sub(lambda number: program.name or number.group(), name, count=1)
    # pdfium guesses weights from stems: 828 for a regular typewriter face. The name knows.
    forced = bool(font) and pdf.FPDFFont_GetFlags(font) & FORCE_BOLD
    bold = bool(_BOLD.search(name) or forced or program.bold)
    return Font(_WEIGHTS.sub("", name) or name, bold=bold)


def _font_name(font: Any) -> str:
    if not font:
        return ""
    length = pdf.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    pdf.FPDFFont_GetBaseFontName(font, buffer, length)
    return buffer.value.decode("utf-8", "replace")
