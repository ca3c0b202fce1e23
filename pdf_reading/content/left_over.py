"""Text that is left over: in no article, and no furniture, front or back matter either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import structs

from pdf_reading.account import Destination
from pdf_reading.content.article_claims import Claims
from pdf_reading.content.paragraphs import paragraphs_of
from pdf_reading.content.prose import holds_prose, is_prose, weight
from pdf_reading.content.untitled import CONFIDENCE
from pdf_reading.glyphs.geometry import around
from pdf_reading.glyphs.letters import size_of
from pdf_reading.glyphs.vertical import place_rotated_back
from pdf_reading.issue_text import ArticleText, LeftOver, Paragraph, Place, SectionText
from pdf_reading.layout.bounds import with_column_bounds
from pdf_reading.layout.columns import columns_of
from pdf_reading.layout.lines import Line
from pdf_reading.layout.omissions import text_in, words_of
from pdf_reading.layout.paragraph_style import ParagraphStyle
from pdf_reading.structure.apart import Apart

MIN_WEIGHT = 8  # Latin letters; fewer are no text that could be missed
MAX_IMPRINT_LENGTH = 1_000  # characters
MAX_MASTHEAD_LENGTH = 250  # more is a side bar, such as the list of who holds office


def with_left_over(apart: Iterable[Apart]) -> list[Apart]:
    """Return what is set apart; running text in it is left over."""
    return [part for one in apart for part in _parted(one)]


def _parted(one: Apart) -> Iterator[Apart]:
    """The insets each by itself, and the lines between them."""
    for inset, group in groupby(one.lines, key=lambda line: line.inset):
        lines = tuple(group)
        left_over = holds_prose(inset) if inset else _is_text(one.destination, lines)
        yield Apart(Destination.LEFT_OVER if left_over else one.destination, lines)


def _is_text(destination: Destination, lines: Sequence[Line]) -> bool:
    """Whether lines that were taken for something else are prose, or too long for it."""
    match destination:
        case Destination.FRONT_MATTER:
            texts = [line.text for line in lines]
            return is_prose(texts) or size_of(texts) > MAX_MASTHEAD_LENGTH
        case Destination.BACK_MATTER:
            return size_of(line.text for line in lines) > MAX_IMPRINT_LENGTH
    return False


def is_piece(one: Apart) -> bool:
    """Return whether what is set apart is text that somebody may miss."""
    return (
        one.destination is Destination.LEFT_OVER
        and weight("".join(map(text_in, one.lines))) >= MIN_WEIGHT
    )


def pieces_of(
    apart: Iterable[Apart], *, paragraph_style: ParagraphStyle, widths: Mapping[int, float]
) -> list[tuple[LeftOver, Claims]]:
    """Return the pieces of text that are left over from top to bottom, each with its claim on the
    printed characters. `widths` are those of the rotated pages."""
    pieces = [_piece(one, paragraph_style=paragraph_style) for one in apart if is_piece(one)]
    seen = [
        (structs.replace(piece, place=place_rotated_back(piece.place, widths)), claims)
        for piece, claims in pieces
    ]
    return sorted(seen, key=lambda pair: (pair[0].place.page, pair[0].place.top))


def as_one_article(
    pieces: Sequence[tuple[LeftOver, Claims]],
) -> tuple[tuple[SectionText, ...], list[Claims], list[tuple[LeftOver, Claims]]]:
    """Return the text of an issue without any article as its one article, what that claims, and the
    pieces that are left."""
    if not pieces:
        return (), [], []
    article = ArticleText(
        title="",
        places=tuple(piece.place for piece, _ in pieces),
        confidence=CONFIDENCE,
        passages=tuple(
            Paragraph(text, piece.place.page)
            for piece, _ in pieces
            for text in piece.text.split("\n\n")
        ),
    )
    claims = Claims()
    for _, own in pieces:
        claims.claims.extend(one._replace(destination=Destination.PARAGRAPH) for one in own.claims)
    return (SectionText("", CONFIDENCE, (article,)),), [claims], []


def _piece(one: Apart, *, paragraph_style: ParagraphStyle) -> tuple[LeftOver, Claims]:
    claims = Claims()
    claims.take_all(Destination.LEFT_OVER, one.lines)
    box = around(word.box for line in one.lines for word in words_of(line))
    place = Place(one.lines[0].page, *(round(side, 1) for side in box))
    texts = _paragraphs(one.lines, paragraph_style=paragraph_style)
    return LeftOver(place, "\n\n".join(texts)), claims


def _paragraphs(lines: Sequence[Line], *, paragraph_style: ParagraphStyle) -> Iterator[str]:
    """The paragraphs of lines; of a table its rows, of a figure what is printed in it."""
    for inset, group in groupby(lines, key=lambda line: line.inset):
        if inset is None:
            own = list(group)
        elif inset.words:
            own = with_column_bounds(columns_of(inset.words))
        else:
            yield from (" ".join(filter(None, row)) for row in inset.rows if any(row))
            continue
        yield from (one.text for one in paragraphs_of(own, paragraph_style=paragraph_style))
