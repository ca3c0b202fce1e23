"""The account of a reading: what became of each character of the pages.

A character is one that is not white space, as normalised. Each has one destination, so that the
counts of a page add up to its characters; none may be `LOST`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct


class Destination(StrEnum):
    """The destination of a character. The first eight are in articles."""

    HEADLINE = "headline"
    SUBTITLE = "subtitle"
    CREDIT = "credit"  # source, byline, date
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    TABLE = "table"
    CAPTION = "caption"
    SECTION = "section"
    KICKER = "kicker"
    FURNITURE = "furniture"
    FRONT_MATTER = "front_matter"
    CONTENTS = "contents"
    BACK_MATTER = "back_matter"
    FIGURE = "figure"  # words inside of one
    LABEL = "label"  # "Source:", brackets, the number of a headline: said by a field
    HYPHEN = "hyphen"  # at the end of a line, in the middle of a word
    REPEATED = "repeated"  # a pull quote, the header of a table again, a glyph for boldness
    INVISIBLE = "invisible"
    ROTATED = "rotated"
    UNREADABLE = "unreadable"  # the font does not say which character it is
    UNREAD = "unread"  # on a page with too many
    LEFT_OVER = "left_over"
    LOST = "lost"


IN_ARTICLES = tuple(Destination)[:8]
Counts = dict[Destination, int]


class PageAccount(Struct, frozen=True):
    """The account of one page, or of the whole issue (page 0): its characters, and how many of them
    went where, in the order of the destinations."""

    page: int
    characters: int
    counts: Counts

    @property
    def in_articles(self) -> int:
        """Return how many characters are in articles."""
        return sum(self.counts.get(one, 0) for one in IN_ARTICLES)

    @property
    def adds_up(self) -> bool:
        """Whether each character has one destination, and none is lost."""
        whole = sum(self.counts.values()) == self.characters
        return whole and not self.counts.get(Destination.LOST)


class Account(Struct, frozen=True):
    """The accounts of all pages."""

    pages: tuple[PageAccount, ...] = ()

    @property
    def whole(self) -> PageAccount:
        """The account of the issue, as that of the page 0."""
        characters = sum(page.characters for page in self.pages)
        return page_account(0, characters, (page.counts for page in self.pages))

    @property
    def adds_up(self) -> bool:
        """Whether each character of each page has one destination, and none is lost."""
        return all(page.adds_up for page in self.pages)


def page_account(
    page: int, characters: int, parts: Iterable[Mapping[Destination, int]]
) -> PageAccount:
    """Add up what became of the characters of a page; what is not explained is lost."""
    counts: Counter[Destination] = Counter()
    for part in parts:
        counts.update(part)
    counts[Destination.LOST] += max(0, characters - counts.total())
    return PageAccount(page, characters, {one: counts[one] for one in Destination if counts[one]})
