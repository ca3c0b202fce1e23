"""How much of a file's text is in no article, by a count that takes nothing of the reading's word.

pdfium's text of each page, in the order of the file, is cut into overlapping pieces of a few
letters; those that the reading holds nowhere, many in a row, are in no article. Of the reading's
own account no more is believed than how many characters of that page it set apart and why:
contents, masthead, imprint, words in pictures, what nobody sees, what is left over for the editor.
The rest is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.reading.headings import articles_of
from benchmarks.reading.truth import normal
from benchmarks.scoring import Score
from pdf_reading.account import Destination
from pdf_reading.issue_text import Figure, Heading, IssueText, Listing, Paragraph, Table

PIECE = 8  # letters
MIN_LOST = 60  # letters in a row; shorter ones are folios, running heads, labels
IDEOGRAPH = 2  # an ideograph counts as two letters
SET_APART = (
    Destination.FRONT_MATTER,
    Destination.CONTENTS,
    Destination.BACK_MATTER,
    Destination.FURNITURE,
    Destination.KICKER,
    Destination.FIGURE,
    Destination.REPEATED,
    Destination.INVISIBLE,
    Destination.ROTATED,
    Destination.LEFT_OVER,
)


@dataclass(frozen=True, slots=True)
class Remaining:
    """The letters of running text that are not `lost`, as `hits`, and how many there are; and those
    that are in the articles, not set apart."""

    lost: Score
    apart: Score


def remaining_text(pdf: Path, issue: IssueText) -> Remaining:
    """Return how much of a file's text a reading keeps."""
    held = "\n".join(map(normal, _texts(issue)))
    pieces = {held[at : at + PIECE] for at in range(len(held) - PIECE + 1)}
    pages = list(_pages(pdf))
    set_apart = {
        page.page: sum(page.counts.get(reason, 0) for reason in SET_APART)
        for page in issue.account.pages
    }
    lost = apart = 0
    for number, page in enumerate(pages, start=1):
        budget = set_apart.get(number, 0)
        for stretch in _unheld(page, pieces):
            if _weight(stretch) < MIN_LOST:
                continue
            said = min(budget, len(stretch))
            budget -= said
            apart += _weight(stretch[:said])
            lost += _weight(stretch[said:])
    whole = sum(map(_weight, pages))
    return Remaining(
        lost=Score(whole - lost, whole, whole), apart=Score(whole - apart - lost, whole, whole)
    )


def _pages(pdf: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            text = page.get_textpage()
            yield normal(text.get_text_range())
            text.close()
            page.close()
    finally:
        document.close()


def _texts(issue: IssueText) -> Iterator[str]:
    yield from (issue.title, issue.number, issue.publisher)
    for section in issue.sections:
        yield section.title
    for article in articles_of(issue):
        yield from (article.title, article.subtitle, article.source, article.byline, article.date)
        for passage in article.passages:
            match passage:
                case Paragraph(text=text) | Heading(text=text) | Figure(caption=text):
                    yield text
                case Listing(entries=entries):
                    yield from entries
                case Table(caption=caption, rows=rows):
                    yield caption
                    yield from ("".join(row) for row in rows)


def _unheld(page: str, pieces: set[str]) -> Iterator[str]:
    """The stretches of a page of which no piece is held."""
    held = bytearray(len(page))
    for at in range(len(page) - PIECE + 1):
        if page[at : at + PIECE] in pieces:
            held[at : at + PIECE] = b"\1" * PIECE
    start = 0
    for at, mark in enumerate([*held, 1]):
        if mark:
            if at > start:
                yield page[start:at]
            start = at + 1


def _weight(letters: str) -> int:
    return sum(IDEOGRAPH if "\u3040" <= letter <= "\u9fff" else 1 for letter in letters)
