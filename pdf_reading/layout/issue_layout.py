"""The layout of an issue: its pages as sheets of lines, and what repeats on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pdf_reading.glyphs.page import Page
from pdf_reading.issue_text import ParseWarning
from pdf_reading.layout.furniture import Furniture, furniture_of
from pdf_reading.layout.lines import Face
from pdf_reading.layout.sheet import Sheet, body_face
from pdf_reading.layout.sheets import sheets_of


@dataclass(frozen=True, slots=True)
class Layout:
    """The pages as sheets of lines, the face of the running text, and what repeats on pages."""

    sheets: list[Sheet]
    body: Face
    furniture: Furniture
    warnings: list[ParseWarning]

    @property
    def widths_of_rotated(self) -> dict[int, float]:
        """The widths that the rotated pages have as they are seen, by their numbers."""
        return {sheet.number: sheet.height for sheet in self.sheets if sheet.vertical}


def layout_of(pages: Iterable[Page]) -> Layout:
    """Lay out the pages of an issue. Raises `UnreadablePdf` where there is no text to be read."""
    sheets, warnings = sheets_of(pages)
    body = body_face(sheets)
    return Layout(sheets, body, furniture_of(sheets, body=body), warnings)
