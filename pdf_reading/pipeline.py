"""A PDF to an `IssueText` in four stages, one for each folder, in this process and without limits.

`pdf_reading.parse` is the safe way in.

    glyphs      the file        -> pages of glyphs, drawings and links; the outline
    layout      pages           -> lines, with tables and figures among them; what repeats, apart
    structure   lines           -> one order of reading, its headings, front and back matter apart
    content     headings, lines -> sections, articles, passages, warnings; the account of all
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pdf_reading.content.confidence import with_confidence
from pdf_reading.content.continuations import with_continuations
from pdf_reading.content.evidence import Evidence
from pdf_reading.content.issue_content import content_of
from pdf_reading.content.passages import Crop
from pdf_reading.glyphs.document import Document
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.vertical import rotated_back
from pdf_reading.issue_text import IssueText
from pdf_reading.layout.issue_layout import layout_of
from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.structure.issue_structure import structure_of

FIGURE_PIXELS = 1_200


def read(pdf: Path, *, limits: Limits) -> IssueText:
    """Read a PDF. Costs about 10 ms a page and flat memory per page. Raises `UnreadablePdf`."""
    return with_continuations(with_confidence(*read_with_evidence(pdf, limits=limits)))


def read_with_evidence(pdf: Path, *, limits: Limits) -> tuple[IssueText, Evidence]:
    """Read a PDF, and what speaks for and against the reading. Raises `UnreadablePdf`."""
    with Document(pdf) as document:
        _check_page_count(document, limits)
        layout = layout_of(document.pages())
        structure = structure_of(layout, document.bookmarks())
        return content_of(layout, structure, crop=_crop(document, layout.widths_of_rotated))


def _check_page_count(document: Document, limits: Limits) -> None:
    if len(document) > limits.pages:
        raise UnreadablePdf(ParseFailure.TOO_MANY_PAGES)
    if not len(document):
        raise UnreadablePdf(ParseFailure.NO_PAGES)


def _crop(document: Document, widths: Mapping[int, float]) -> Crop:
    """A function that renders a part of a page; `widths` are those of the rotated pages."""

    def crop(page: int, box: Box) -> bytes:
        box = rotated_back(box, width=widths[page]) if page in widths else box
        return document.crop(page, box, pixels=FIGURE_PIXELS)

    return crop
