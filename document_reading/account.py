"""The account of a document without pages: all of its text is in articles, or names something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pdf_reading.account import Account, Destination, page_account
from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Passage,
    Quotation,
    SectionText,
    Table,
)

DESTINATIONS = {
    Paragraph: Destination.PARAGRAPH,
    Quotation: Destination.PARAGRAPH,
    Heading: Destination.HEADING,
    Listing: Destination.LIST,
    Table: Destination.TABLE,
    Figure: Destination.CAPTION,
}


def account_of(title: str, sections: Iterable[SectionText]) -> Account:
    """Return the account of the whole document, as that of one page 0."""
    counts: Counter[Destination] = Counter()
    for destination, text in _texts(title, sections):
        counts[destination] += len("".join(text.split()))
    return Account((page_account(0, counts.total(), [counts]),))


def _texts(title: str, sections: Iterable[SectionText]) -> Iterator[tuple[Destination, str]]:
    yield Destination.FRONT_MATTER, title
    for section in sections:
        yield Destination.SECTION, section.title
        for article in section.articles:
            yield from _texts_of_article(article)


def _texts_of_article(article: ArticleText) -> Iterator[tuple[Destination, str]]:
    yield Destination.HEADLINE, article.title
    for words in (article.source, article.byline, article.date):
        yield Destination.CREDIT, words
    for passage in article.passages:
        yield from ((_destination(passage), text) for text in passage.texts)


def _destination(passage: Passage) -> Destination:
    return DESTINATIONS[type(passage)]
