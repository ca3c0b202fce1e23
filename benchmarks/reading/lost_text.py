"""How much of a file's text is in no article, by a count that takes nothing of the reading's word.

pdfium's text of each page, in the order of the file, is cut into overlapping pieces of a few
letters; those that the reading holds nowhere, many in a row, are running text that is lost. Its
account is asked for one thing only: how much of a page nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def lost_text(pdf: Path, issue: IssueText) -> Score:
    """The letters of running text that are in the reading, as `hits`, and how many there are."""
    held = "\n".join(map(normal, _texts(issue)))
    pieces = {held[at : at + PIECE] for at in range(len(held) - PIECE + 1)}
    pages = list(_pages(pdf))
    hidden = {page.page: page.counts.get(Destination.INVISIBLE, 0) for page in issue.account.pages}
    lost = sum(
        _lost_of(page, pieces, hidden=hidden.get(number, 0))
        for number, page in enumerate(pages, start=1)
    )
    whole = sum(map(_weight, pages))
    return Score(whole - lost, whole, whole)


def _lost_of(page: str, pieces: set[str], *, hidden: int) -> int:
    """The letters of a page that are lost, but for as many as are `hidden` from the eye."""
    lost = 0
    for stretch in _unheld(page, pieces):
        if _weight(stretch) >= MIN_LOST:
            unseen = min(hidden, len(stretch))
            hidden -= unseen
            lost += _weight(stretch[unseen:])
    return lost


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
