"""A PDF to an `IssueText` in four stages, one for each folder, in this process and without limits.

`pdf_reading.parse` is the safe way in.

    glyphs      the file        -> pages of glyphs, drawings and links; the outline
    layout      pages           -> lines, with tables and figures among them; what repeats, apart
    structure   lines           -> one order of reading, its headings, front and back matter apart
    content     headings, lines -> sections, articles, passages and warnings
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from pdf_reading.account import Destination
from pdf_reading.content.articles import are_labelled, section_drafts_of, section_of
from pdf_reading.content.box_articles import with_box_article
from pdf_reading.content.character_account import account_of, without_remarks
from pdf_reading.content.confidence import with_confidence
from pdf_reading.content.continuations import with_continuations
from pdf_reading.content.dehyphenation import dehyphenated
from pdf_reading.content.even_spacing import evenly_spaced
from pdf_reading.content.evidence import Evidence, evidence_of
from pdf_reading.content.left_over import as_one_article, pieces_of, with_left_over
from pdf_reading.content.passages import Crop
from pdf_reading.content.remainder import remainder_of
from pdf_reading.content.slashed_titles import with_sections_of_titles
from pdf_reading.content.warnings import (
    article_warnings,
    heading_warnings,
    left_over_warnings,
    page_warnings,
)
from pdf_reading.glyphs.document import Document
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.outline import Outline
from pdf_reading.glyphs.page import Bookmark, Page
from pdf_reading.glyphs.vertical import rotated_back, with_places_rotated_back
from pdf_reading.issue_text import IssueText, ParseWarning
from pdf_reading.layout.furniture import Furniture, furniture_of
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle, paragraph_style_of
from pdf_reading.layout.sheet import Sheet, body_face
from pdf_reading.layout.sheets import sheets_of
from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.structure.apart import Apart, parted
from pdf_reading.structure.back_matter import back_matter_of
from pdf_reading.structure.boxes import TextBox
from pdf_reading.structure.contents import Contents, contents_of
from pdf_reading.structure.cover import Imprint, imprint_of, repeats
from pdf_reading.structure.flow import boxes_of, columns_of_all, flowing_lines, uncertain_pages
from pdf_reading.structure.front_matter import front_matter_of
from pdf_reading.structure.heading_classification import ClassifiedHeading, classified
from pdf_reading.structure.headings import Headline, headlines_of
from pdf_reading.structure.kickers import kickers_of
from pdf_reading.structure.regular import with_plain
from pdf_reading.structure.sources import with_whole_sources
from pdf_reading.structure.surroundings import with_surroundings

FIGURE_PIXELS = 1_200


@dataclass(frozen=True, slots=True)
class Layout:
    """The pages as sheets of lines, the face of the running text, and what repeats on pages."""

    sheets: list[Sheet]
    body: Face
    furniture: Furniture
    warnings: list[ParseWarning]


@dataclass(frozen=True, slots=True)
class Structure:
    """The lines of the articles in order of reading, their headings, and what was set apart.
    `uncertain` are the pages whose order of reading is."""

    lines: list[Line]
    headings: list[ClassifiedHeading]
    paragraph_style: ParagraphStyle
    boxes: list[TextBox]
    imprint: Imprint
    contents: Contents
    outline: Outline
    uncertain: list[int]
    apart: list[Apart]


def read(pdf: Path, *, limits: Limits) -> IssueText:
    """Read a PDF. Costs about 10 ms a page and flat memory per page. Raises `UnreadablePdf`."""
    issue = with_confidence(*read_with_evidence(pdf, limits=limits))
    joined = dehyphenated(with_continuations(issue))
    return structs.replace(joined, account=without_remarks(issue, joined))


def read_with_evidence(pdf: Path, *, limits: Limits) -> tuple[IssueText, Evidence]:
    """Read a PDF, and what speaks for and against the reading. Raises `UnreadablePdf`."""
    with Document(pdf) as document:
        _check_page_count(document, limits)
        layout = _layout(document.pages())
        structure = _structure(layout, document.bookmarks())
        return _content(layout, structure, document)


def _check_page_count(document: Document, limits: Limits) -> None:
    if len(document) > limits.pages:
        raise UnreadablePdf(ParseFailure.TOO_MANY_PAGES)
    if not len(document):
        raise UnreadablePdf(ParseFailure.NO_PAGES)


def _layout(pages: Iterable[Page]) -> Layout:
    sheets, warnings = sheets_of(pages)
    body = body_face(sheets)
    return Layout(sheets, body, furniture_of(sheets, body=body), warnings)


def _structure(layout: Layout, bookmarks: Sequence[Bookmark]) -> Structure:
    body = layout.body
    pages, apart = _without_furniture(layout)
    boxes = boxes_of(pages, layout.sheets)
    apart += [
        Apart(Destination.BACK_MATTER, box.lines)
        for box in boxes
        if not (box.head or box.lists_contents)
    ]
    columns = columns_of_all(pages, layout.sheets, boxes)
    lines = flowing_lines(columns, pages, boxes)
    if not lines:  # nothing but furniture and an imprint: that is the text
        pages, apart, boxes = [list(sheet.lines) for sheet in layout.sheets], [], []
        columns = columns_of_all(pages, layout.sheets, boxes)
        lines = flowing_lines(columns, pages, boxes)
    contents = contents_of(lines, offset=layout.furniture.offset)
    front = front_matter_of(lines, contents_at=_start_of(contents, lines, boxes), body=body)
    imprint = imprint_of(lines[:front], sheets=layout.sheets, furniture=layout.furniture, body=body)
    text, others = _article_lines(lines, front=front, contents=contents, imprint=imprint, body=body)
    style = paragraph_style_of(
        [line for line in text if line.face.size == body.size and not line.inset]
    )
    outline = Outline(bookmarks)
    headlines = _headlines(text, body=body, paragraph_style=style, contents=contents)
    headings = classified(
        headlines, contents=contents, outline=outline, bands=layout.furniture.bands
    )
    return Structure(
        text,
        headings,
        style,
        boxes,
        imprint,
        contents,
        outline,
        uncertain_pages(columns),
        [*apart, *others],
    )


def _without_furniture(layout: Layout) -> tuple[list[list[Line]], list[Apart]]:
    """The lines of each page without running heads, folios and the back matter of the last; and
    these."""
    pages: list[list[Line]] = []
    apart: list[Apart] = []
    for sheet in layout.sheets:
        rest, furniture = parted(
            sheet.lines,
            lambda _, line: Destination.FURNITURE if id(line) in layout.furniture.lines else None,
        )
        pages.append(rest)
        apart += furniture
    last = replace(layout.sheets[-1], lines=tuple(pages[-1]))
    closing = back_matter_of(last, body=layout.body)
    pages[-1], back_matter = parted(
        pages[-1], lambda _, line: Destination.BACK_MATTER if line in closing else None
    )
    return pages, [*apart, *back_matter]


def _start_of(contents: Contents, lines: Sequence[Line], boxes: Sequence[TextBox]) -> int | None:
    """The index at which the printed contents begin; None where they do not part the issue."""
    if any(box.lists_contents for box in boxes):
        return None  # nothing stands before what is in a box beside the text
    return next((i for i, line in enumerate(lines) if id(line) in contents.lines), None)


def _article_lines(
    lines: Sequence[Line], *, front: int, contents: Contents, imprint: Imprint, body: Face
) -> tuple[list[Line], list[Apart]]:
    """The lines without contents, running titles and kickers, broken source lines made whole; and
    what was set apart."""

    def destination_of(index: int, line: Line) -> Destination | None:
        if id(line) in contents.lines:
            return Destination.CONTENTS
        if index < front:
            return Destination.FRONT_MATTER
        # A running title on a single page repeats nothing but the masthead.
        repeated = line.face.size <= body.size and repeats(imprint, line.text)
        return Destination.FURNITURE if repeated else None

    text, apart = parted(lines, destination_of)
    text = with_whole_sources(text)
    over = kickers_of(text, headlines_of(text, body=body), body=body)
    text, kickers = parted(text, lambda n, _: Destination.KICKER if n in over else None)
    return text, [*apart, *kickers]


def _headlines(
    lines: Sequence[Line], *, body: Face, paragraph_style: ParagraphStyle, contents: Contents
) -> list[Headline]:
    set_apart = headlines_of(lines, body=body)
    found = with_plain(
        lines, set_apart, body=body, paragraph_style=paragraph_style, contents=contents
    )
    return with_surroundings(found, lines, body=body)


def _content(
    layout: Layout, structure: Structure, document: Document
) -> tuple[IssueText, Evidence]:
    body, lines = layout.body, structure.lines
    drafts = section_drafts_of(lines, structure.headings, body=body)
    for box in (box for box in structure.boxes if box.head):
        lines = with_box_article(drafts, lines, box)
    drafts = [draft for draft in with_sections_of_titles(drafts) if draft.articles]
    rotated = {sheet.number: sheet.height for sheet in layout.sheets if sheet.vertical}
    crop, labelled = _crop(document, rotated), are_labelled(structure.headings)
    read = [
        section_of(
            draft,
            lines,
            body=body,
            paragraph_style=structure.paragraph_style,
            crop=crop,
            labelled=labelled,
        )
        for draft in drafts
    ]
    sections = tuple(with_places_rotated_back(section, widths=rotated) for section, _ in read)
    claims = [one for _, own in read for one in own]
    apart = with_left_over(
        [
            *structure.apart,
            *remainder_of(lines, drafts),
            *(Apart(Destination.FIGURE, (line,)) for own in claims for line in own.left_over),
        ]
    )
    pieces = pieces_of(apart, paragraph_style=structure.paragraph_style, widths=rotated)
    whole = sections
    if not any(section.articles for section in sections):
        whole, claims, pieces = as_one_article(pieces)
    left_over = tuple(piece for piece, _ in pieces)
    warnings = (
        *layout.warnings,
        *(ParseWarning("order_uncertain", page) for page in structure.uncertain),
        *heading_warnings(
            structure.headings, drafts, contents=structure.contents, outline=structure.outline
        ),
        *article_warnings(sections, page_count=len(document)),
        *page_warnings(lines, structure.headings, sections, body=body),
    )
    evidence = evidence_of(drafts, sections, lines, warnings, body=body, page_count=len(document))
    imprint = structure.imprint
    issue = IssueText(
        title=imprint.title,
        number=imprint.number,
        date=imprint.date,
        publisher=imprint.publisher,
        sections=whole,
        page_count=len(document),
        warnings=(*warnings, *left_over_warnings(left_over)),
        left_over=left_over,
    )
    issue = evenly_spaced(dehyphenated(issue))
    claims += (claim for _, claim in pieces)
    account = account_of(layout.sheets, issue, claims, apart)
    return structs.replace(issue, account=account), evidence


def _crop(document: Document, rotated: Mapping[int, float]) -> Crop:
    """A function that renders a part of a page; `rotated` are the widths of vertical pages."""

    def crop(page: int, box: Box) -> bytes:
        box = rotated_back(box, width=rotated[page]) if page in rotated else box
        return document.crop(page, box, pixels=FIGURE_PIXELS)

    return crop
