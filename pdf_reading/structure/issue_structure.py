"""The structure of an issue: the lines of its articles in order of reading, and their headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pdf_reading.account import Destination
from pdf_reading.glyphs.outline import Outline
from pdf_reading.glyphs.page import Bookmark
from pdf_reading.layout.issue_layout import Layout
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle, paragraph_style_of
from pdf_reading.structure.apart import Apart, parted
from pdf_reading.structure.back_matter import back_matter_of
from pdf_reading.structure.boxes import TextBox
from pdf_reading.structure.bylines import without_bylines
from pdf_reading.structure.contents import Contents, contents_of
from pdf_reading.structure.cover import Imprint, imprint_of, repeats
from pdf_reading.structure.flow import (
    boxes_of,
    columns_of_all,
    flowing_lines,
    uncertain_pages,
    with_whole_headings,
)
from pdf_reading.structure.front_matter import front_matter_of
from pdf_reading.structure.heading_classification import ClassifiedHeading, classified
from pdf_reading.structure.headings import Headline, headlines_of
from pdf_reading.structure.kickers import kickers_of
from pdf_reading.structure.masthead_first import with_masthead_first
from pdf_reading.structure.regular import with_plain
from pdf_reading.structure.sources import with_whole_sources
from pdf_reading.structure.surroundings import with_surroundings


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


def structure_of(layout: Layout, bookmarks: Sequence[Bookmark]) -> Structure:
    """Put the lines of an issue in one order, and find what heads them."""
    body = layout.body
    flow = _flow(layout)
    contents = contents_of(flow.lines, offset=layout.furniture.offset, body=body)
    contents_at = _start_of(contents, flow)
    front = front_matter_of(flow.lines, contents_at=contents_at, body=body)
    imprint = imprint_of(
        flow.lines[:front], sheets=layout.sheets, furniture=layout.furniture, body=body
    )
    lines, apart = _article_lines(
        flow.lines, front=front, contents=contents, imprint=imprint, body=body
    )
    style = paragraph_style_of(
        [line for line in lines if line.face.size == body.size and not line.inset]
    )
    outline = Outline(bookmarks)
    headlines = _headlines(lines, body=body, paragraph_style=style, contents=contents)
    return Structure(
        lines=lines,
        headings=classified(
            headlines, contents=contents, outline=outline, bands=layout.furniture.bands
        ),
        paragraph_style=style,
        boxes=flow.boxes,
        imprint=imprint,
        contents=contents,
        outline=outline,
        uncertain=flow.uncertain,
        apart=[*flow.apart, *apart],
    )


@dataclass(frozen=True, slots=True)
class _Flow:
    """The lines of all pages in order of reading without those of `boxes` and those set apart."""

    lines: list[Line]
    boxes: list[TextBox]
    uncertain: list[int]
    apart: list[Apart]


def _flow(layout: Layout) -> _Flow:
    """The lines without furniture and back matter; with them where nothing else is printed."""
    pages, apart = _without_furniture(layout)
    boxes = boxes_of(pages, layout.sheets)
    columns = columns_of_all(pages, layout.sheets, boxes)
    if lines := with_whole_headings(flowing_lines(columns, pages, boxes), body=layout.body):
        unread = [box for box in boxes if not (box.head or box.lists_contents)]
        apart += [Apart(Destination.BACK_MATTER, box.lines) for box in unread]
        lines = with_masthead_first(lines, body=layout.body)
        return _Flow(lines, boxes, uncertain_pages(columns), apart)
    pages = [list(sheet.lines) for sheet in layout.sheets]
    columns = columns_of_all(pages, layout.sheets, [])
    return _Flow(flowing_lines(columns, pages, []), [], uncertain_pages(columns), [])


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


def _start_of(contents: Contents, flow: _Flow) -> int | None:
    """The index at which the printed contents begin; None where they do not part the issue."""
    if any(box.lists_contents for box in flow.boxes):
        return None  # nothing stands before what is in a box beside the text
    return next((n for n, line in enumerate(flow.lines) if id(line) in contents.lines), None)


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
    return with_surroundings(without_bylines(found), lines, body=body)
