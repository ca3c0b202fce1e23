"""One PDF to one `IssueText`, in this process and without limits. `parse` is the safe way in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pdf_reading.content.articles import are_labelled, parts_of, section_of
from pdf_reading.content.boxed import with_box
from pdf_reading.content.dehyphenation import dehyphenated
from pdf_reading.content.sources import with_whole_sources
from pdf_reading.content.warnings import left_over, of_articles, warnings_of
from pdf_reading.glyphs.document import Document
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.outline import Outline
from pdf_reading.glyphs.vertical import stood, upright
from pdf_reading.issue_text import IssueText, ParseWarning
from pdf_reading.layout.furniture import Sheet, body_face, furniture_of
from pdf_reading.layout.paragraph_style import paragraph_style_of
from pdf_reading.layout.sheets import sheets_of
from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.structure.back_matter import back_matter_of
from pdf_reading.structure.classification import classified
from pdf_reading.structure.contents import contents_of
from pdf_reading.structure.cover import imprint_of, repeats
from pdf_reading.structure.flow import boxes_of, flowing_lines
from pdf_reading.structure.front_matter import front_matter_of
from pdf_reading.structure.headings import headlines_of, with_pictured
from pdf_reading.structure.kickers import kickers_of
from pdf_reading.structure.regular import with_plain

PNG_PIXELS = 1_200


def read(pdf: Path, *, limits: Limits) -> IssueText:
    """Reads a PDF. Raises `UnreadablePdf`; costs about 10 ms a page and flat memory per page."""
    with Document(pdf) as document:
        if len(document) > limits.pages:
            raise UnreadablePdf(ParseFailure.TOO_MANY_PAGES)
        if not len(document):
            raise UnreadablePdf(ParseFailure.NO_PAGES)
        sheets, notices = sheets_of(document)
        return dehyphenated(_issue(document, sheets, notices))


def _issue(document: Document, sheets: list[Sheet], notices: list[ParseWarning]) -> IssueText:
    body = body_face(sheets)
    furniture = furniture_of(sheets, body=body)
    pages = [furniture.without(sheet) for sheet in sheets]
    closing = back_matter_of(replace(sheets[-1], lines=tuple(pages[-1])), body=body)
    pages[-1] = [line for line in pages[-1] if line not in closing]
    boxes = boxes_of(pages, sheets)
    lines = flowing_lines(pages, sheets, boxes)
    if not lines:
        raise UnreadablePdf(ParseFailure.NO_TEXT)
    contents = contents_of(lines, offset=furniture.offset)
    contents_at = next((i for i, line in enumerate(lines) if id(line) in contents.lines), None)
    if any(box.lists_contents for box in boxes):
        contents_at = None  # nothing stands before what is in a box beside the text
    front = front_matter_of(lines, contents_at=contents_at, body=body)
    imprint = imprint_of(lines[:front])
    text = [
        line
        for line in lines[front:]
        if id(line) not in contents.lines
        # A running title on a single page repeats nothing but the masthead.
        and not (line.face.size <= body.size and repeats(imprint, line.text))
    ]
    text = with_whole_sources(text)
    kickers = kickers_of(text, headlines_of(text, body=body), body=body)
    text = [line for index, line in enumerate(text) if index not in kickers]
    outline = Outline(document.bookmarks())
    paragraph_style = paragraph_style_of(
        [line for line in text if line.face.size == body.size and not line.inset]
    )
    standing = headlines_of(text, body=body)
    standing = with_plain(
        text, standing, body=body, paragraph_style=paragraph_style, contents=contents
    )
    standing = with_pictured(standing, text)
    heads = classified(standing, contents=contents, outline=outline)
    parts = parts_of(text, heads, body=body)
    for boxed in (box for box in boxes if box.head):
        text = with_box(parts, text, boxed)
    parts = [part for part in parts if part.drafts]

    lying = {sheet.number: sheet.height for sheet in sheets if sheet.vertical}

    def cut(page: int, box: Box) -> bytes:
        box = upright(box, width=lying[page]) if page in lying else box
        return document.picture(page, box, pixels=PNG_PIXELS)

    labelled = are_labelled(heads)
    sections = tuple(
        stood(
            section_of(
                part, text, body=body, paragraph_style=paragraph_style, cut=cut, labelled=labelled
            ),
            widths=lying,
        )
        for part in parts
    )
    return IssueText(
        title=imprint.title,
        number=imprint.number,
        date=imprint.date,
        publisher=imprint.publisher,
        sections=sections,
        page_count=len(document),
        warnings=(
            *notices,
            *warnings_of(heads, parts, contents=contents, outline=outline),
            *of_articles(sections, page_count=len(document)),
            *left_over(text, heads, sections, body=body),
        ),
    )
