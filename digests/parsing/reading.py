"""One PDF to one `IssueText`, in this process and without limits. `parse` is the safe way in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from digests.parsing.articles import are_labelled, parts_of, section_of
from digests.parsing.boxed import with_box
from digests.parsing.closing import closing_of
from digests.parsing.contents import contents_of
from digests.parsing.cover import imprint_of, repeats
from digests.parsing.document import Document
from digests.parsing.doubts import doubts_of, left_over, of_articles
from digests.parsing.evidence import judged
from digests.parsing.flow import boxes_of, flowing_lines
from digests.parsing.front import front_of
from digests.parsing.furniture import Sheet, body_face, furniture_of
from digests.parsing.geometry import Box
from digests.parsing.habits import habits_of
from digests.parsing.headings import headlines_of, with_pictured
from digests.parsing.kickers import kickers_of
from digests.parsing.limits import Limits, Reason, UnreadablePdf
from digests.parsing.mending import mended
from digests.parsing.outline import Outline
from digests.parsing.regular import with_plain
from digests.parsing.sheets import sheets_of
from digests.parsing.sources import with_whole_sources
from digests.parsing.vertical import stood, upright
from digests.text import Caution, IssueText

PNG_PIXELS = 1_200


def read(pdf: Path, *, limits: Limits) -> IssueText:
    """Reads a PDF. Raises `UnreadablePdf`; costs about 10 ms a page and flat memory per page."""
    with Document(pdf) as document:
        if len(document) > limits.pages:
            raise UnreadablePdf(Reason.TOO_MANY_PAGES)
        if not len(document):
            raise UnreadablePdf(Reason.NO_PAGES)
        sheets, notices = sheets_of(document)
        return mended(_issue(document, sheets, notices))


def _issue(document: Document, sheets: list[Sheet], notices: list[Caution]) -> IssueText:
    body = body_face(sheets)
    furniture = furniture_of(sheets, body=body)
    pages = [furniture.without(sheet) for sheet in sheets]
    closing = closing_of(replace(sheets[-1], lines=tuple(pages[-1])), body=body)
    pages[-1] = [line for line in pages[-1] if line not in closing]
    boxes = boxes_of(pages, sheets)
    lines = flowing_lines(pages, sheets, boxes)
    if not lines:
        raise UnreadablePdf(Reason.NO_TEXT)
    contents = contents_of(lines, offset=furniture.offset)
    contents_at = next((i for i, line in enumerate(lines) if id(line) in contents.lines), None)
    if any(box.lists_contents for box in boxes):
        contents_at = None  # nothing stands before what is in a box beside the text
    front = front_of(lines, contents_at=contents_at, body=body)
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
    habits = habits_of([line for line in text if line.face.size == body.size and not line.inset])
    standing = headlines_of(text, body=body)
    standing = with_plain(text, standing, body=body, habits=habits, contents=contents)
    standing = with_pictured(standing, text)
    heads = judged(standing, contents=contents, outline=outline)
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
            section_of(part, text, body=body, habits=habits, cut=cut, labelled=labelled),
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
            *doubts_of(heads, parts, contents=contents, outline=outline),
            *of_articles(sections, page_count=len(document)),
            *left_over(text, heads, sections, body=body),
        ),
    )
