"""Passages made of others, with their links: joined, and of another kind."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from issues.editing.acts import BlockKind
from issues.editing.refusals import ActRefused, Refusal
from pdf_reading.glyphs.normalisation import has_ideographs, joined
from pdf_reading.issue_text import (
    Heading,
    Link,
    Listing,
    Paragraph,
    Quotation,
    StoredPassage,
    Table,
)
from pdf_reading.linking import Span, rich_texts

Textual = Paragraph | Heading | Quotation
_OF_KIND: dict[BlockKind, type[Textual]] = {
    BlockKind.PARAGRAPH: Paragraph,
    BlockKind.HEADING: Heading,
    BlockKind.QUOTATION: Quotation,
}
MAX_HEADLINE = 500  # characters; so many a row holds
MAX_SECTION_TITLE = 200
SHORT = 100  # letters of a paragraph that may be a headline; an ideograph is two


def headline(passage: StoredPassage, *, longest: int) -> str | None:
    """Return the words of a passage that can be a headline, a sub-heading or a paragraph as short
    as one; None where it cannot."""
    if not isinstance(passage, Textual) or not passage.text.strip():
        return None
    text = passage.text.strip()
    is_short = len(text) * (1 + has_ideographs(text)) <= SHORT
    return text if len(text) <= longest and (is_short or isinstance(passage, Heading)) else None


def addresses(passage: StoredPassage) -> tuple[Paragraph, ...]:
    """Return the addresses that a passage leads to, each as a paragraph: a headline has none."""
    urls = dict.fromkeys(link.url for link in passage.links)
    return tuple(Paragraph(url, passage.page, (Link(0, 0, len(url), url),)) for url in urls)


def of_kind(passage: StoredPassage, kind: BlockKind) -> tuple[StoredPassage, ...]:
    """Return a text, or each entry of a list, as another kind. Raises ActRefused."""
    match passage:
        case Listing() if kind is not BlockKind.LIST:
            return tuple(
                _OF_KIND[kind](one.text, passage.page, one.links, one.marks)
                for one in rich_texts(passage)
            )
        case Paragraph() | Heading() | Quotation() if kind is BlockKind.LIST:
            return (Listing(passage.page, (passage.text,), passage.links, passage.marks),)
        case Paragraph() | Heading() | Quotation():
            return (_OF_KIND[kind](passage.text, passage.page, passage.links, passage.marks),)
    raise ActRefused(
        Refusal.NOT_ALIKE if not isinstance(passage, Listing) else Refusal.NOTHING_CHANGED
    )


def together(above: StoredPassage, below: StoredPassage) -> StoredPassage:
    """Return one passage of two that stand one above the other. Raises ActRefused."""
    match above, below:
        case (Paragraph() | Heading() | Quotation()) as one, (
            Paragraph() | Heading() | Quotation()
        ) as other:
            text = joined(one.text, other.text)
            by = len(text) - len(other.text)
            links = (*one.links, *(_moved(link, by=by) for link in other.links))
            marks = (*one.marks, *(_moved(mark, by=by) for mark in other.marks))
            return replace(one, text=text, links=links, marks=marks)
        case Listing() as one, Listing() as other:
            links = (*one.links, *_later(other.links, by=len(one.entries)))
            marks = (*one.marks, *_later(other.marks, by=len(one.entries)))
            return replace(one, entries=(*one.entries, *other.entries), links=links, marks=marks)
        case Listing() as one, (Paragraph() | Heading() | Quotation()) as other:
            links = (*one.links, *_later(other.links, by=len(one.entries)))
            marks = (*one.marks, *_later(other.marks, by=len(one.entries)))
            return replace(one, entries=(*one.entries, other.text), links=links, marks=marks)
        case Table() as one, Table() as other if len(one.rows[0]) == len(other.rows[0]):
            if other.caption:
                raise ActRefused(Refusal.NOT_ALIKE)
            cells = sum(map(len, one.rows))
            links = (*one.links, *_later(other.links, by=cells))
            marks = (*one.marks, *_later(other.marks, by=cells))
            return replace(one, rows=(*one.rows, *other.rows), links=links, marks=marks)
    raise ActRefused(Refusal.NOT_ALIKE)


def _later(spans: Sequence[Span], *, by: int) -> tuple[Span, ...]:
    return tuple(replace(span, part=span.part + by) for span in spans)


def _moved(span: Span, *, by: int) -> Span:
    return replace(span, start=span.start + by, stop=span.stop + by)
