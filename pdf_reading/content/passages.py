"""The passages under a headline: paragraphs, sub-headings, lists, figures, tables; and the source
of the article."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from pdf_reading.account import Destination
from pdf_reading.content.article_claims import Claims
from pdf_reading.content.article_intro import Body, with_intro
from pdf_reading.content.paragraphs import (
    Running,
    goes_on,
    paragraphs_of,
    unpunctuated_heads,
)
from pdf_reading.content.parts import CaptionedInset, Part, parts_below
from pdf_reading.content.printed_links import in_cells, linked
from pdf_reading.content.sentences import without_sentences
from pdf_reading.content.signatures import with_signature
from pdf_reading.glyphs.geometry import Box
from pdf_reading.issue_text import Figure, Heading, Listing, Paragraph, Place, Table
from pdf_reading.layout.lines import Face, Inset, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle
from pdf_reading.lexicon import has_bullet, source_at_end, source_name
from pdf_reading.linking import placed
from pdf_reading.structure.headings import Headline

_DESTINATIONS = {Heading: Destination.HEADING, Paragraph: Destination.PARAGRAPH}
Crop = Callable[[int, Box], bytes]


def body_of(
    lines: Sequence[Line],
    inner: Sequence[Headline],
    *,
    start: int,
    face: Face,
    paragraph_style: ParagraphStyle,
    crop: Crop,
) -> Body:
    """Read the lines below a headline. `inner` are the sub-headings, by index from `start`."""
    body = Body(claims=Claims(lines, start))
    run: list[Line] = []
    inner = without_sentences(inner, lines, start=start)
    parts = with_intro(parts_below(lines, inner, start=start, face=face), body, face=face)
    parts = with_signature(parts, body)
    for part in _with_figures_between(parts, paragraph_style):
        if isinstance(part, Line):
            name = source_name(part.text)
            if name and not body.source:
                body.source = name
                body.claims.take_credit(part, [name])
                _flush(run, body, paragraph_style)
            else:
                run.append(part)
            continue
        _flush(run, body, paragraph_style)
        if isinstance(part, Headline):
            own = lines[part.start - start : part.stop - start]
            body.claims.take(Destination.HEADING, part)
            body.passages.append(Heading(part.text, part.page, linked(part.text, own)))
        else:
            _add_inset(part, body, crop=crop)
    _flush(run, body, paragraph_style)
    _source_from_last(body)
    return body


def _with_figures_between(parts: Sequence[Part], paragraph_style: ParagraphStyle) -> list[Part]:
    """The parts with figures that stand beside a paragraph behind it, and not in it."""
    found: list[Part] = []
    held: list[Part] = []
    paragraph: list[Line] = []
    for part in parts:
        if isinstance(part, CaptionedInset) and part.inset.kind == "figure" and paragraph:
            held.append(part)
            continue
        if not isinstance(part, Line):
            found, held, paragraph = found + held, [], []
        elif paragraph and goes_on(paragraph, part, paragraph_style=paragraph_style):
            paragraph.append(part)
        else:
            found, held, paragraph = found + held, [], [part]
        found.append(part)
    return found + held


def _flush(run: list[Line], body: Body, paragraph_style: ParagraphStyle) -> None:
    entries: list[Running] = []
    paragraphs = paragraphs_of(run, paragraph_style=paragraph_style)
    heads = unpunctuated_heads(paragraphs)
    for index, running in enumerate(paragraphs):
        if running.listed:
            entries.append(running)
            continue
        _close_list(entries, body)
        kind = Heading if index in heads else Paragraph
        body.claims.take_all(_DESTINATIONS[kind], running.lines)
        links = linked(running.text, running.lines)
        body.passages.append(kind(running.text, running.lines[0].page, links))
    _close_list(entries, body)
    run.clear()


def _close_list(entries: list[Running], body: Body) -> None:
    """Two entries or one bullet make a list; a lone "1." is a paragraph."""
    if not entries:
        return
    page = entries[0].lines[0].page
    links = tuple(
        link
        for part, entry in enumerate(entries)
        for link in linked(entry.text, entry.lines, part=part)
    )
    is_list = len(entries) > 1 or has_bullet(entries[0].text)
    for entry in entries:
        body.claims.take_all(Destination.LIST if is_list else Destination.PARAGRAPH, entry.lines)
    if is_list:
        body.passages.append(Listing(page, tuple(entry.text for entry in entries), links))
    else:
        body.passages.append(Paragraph(entries[0].text, page, links))
    entries.clear()


def _add_inset(captioned: CaptionedInset, body: Body, *, crop: Crop) -> None:
    inset, page, caption = captioned.inset, captioned.page, captioned.caption
    links = linked(caption, captioned.lines)
    body.claims.take_all(Destination.CAPTION, captioned.lines)
    body.claims.take_inset(captioned.line)
    if inset.kind == "figure":
        png = crop(page, inset.box)
        body.passages.append(Figure(caption, page, Place(page, *inset.box), png, links))
        return
    last = body.passages[-1] if body.passages else None
    if isinstance(last, Table) and not caption and _goes_on(last, inset):
        body.passages[-1] = whole = _continued(last, inset)
        body.claims.remove(
            Destination.REPEATED,
            Destination.TABLE,
            page=page,
            printed=[*last.texts, inset.text],
            kept=whole.texts,
        )
    else:
        links += in_cells(inset, before=1)
        body.passages.append(Table(caption, page, inset.rows, inset.header, links))


def _continued(table: Table, inset: Inset) -> Table:
    """The table with the rows of an inset, but for a header that is set once more."""
    rows = inset.rows[1:] if inset.rows[0] == table.rows[0] else inset.rows
    again = sum(map(len, inset.rows)) - sum(map(len, rows))
    links = in_cells(inset, before=len(table.texts) - again)
    links = tuple(link for link in links if link.part >= len(table.texts))
    return replace(table, rows=table.rows + rows, links=table.links + links)


def _goes_on(table: Table, inset: Inset) -> bool:
    """A table that breaks off at the end of a column goes on at the top of the next."""
    return bool(inset.rows) and len(table.rows[0]) == len(inset.rows[0])


def _source_from_last(body: Body) -> None:
    """A source in brackets may close the last paragraph."""
    if not body.source and body.passages and isinstance(last := body.passages[-1], Paragraph):
        rest, name = source_at_end(last.text)
        if name:
            body.source = name
            body.claims.remove(
                Destination.LABEL,
                Destination.PARAGRAPH,
                page=body.claims.claims[-1].page,
                printed=[last.text],
                kept=[rest, name],
            )
            links = placed(rest, [(last.text, last.links)])
            body.passages[-1] = replace(last, text=rest, links=links)
