"""An issue as it is read: its sections, their articles, the passages of these. Frozen values, no
Django, and their JSON.

The parser makes these values, the editor corrects them, the archive and the digest render them,
so that a mail cannot show what the archive does not. Lengths are in PDF points from the top left
corner of the page as it is seen; page numbers count from 1.

There is one JSON of them: child process and caller exchange it, the database keeps it, and
`show_parse` prints it (docs/parsing.md). It is that of the fields, in their order, where
`rename` does not say otherwise; a passage has its `kind`, a place is an array, a picture base64.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from pdf_reading.account import Account

T = TypeVar("T")


class InvalidContent(ValueError):
    """JSON that is not of these values; the message says where, and what was expected."""


def to_json(value: object) -> Any:
    """Return a value, or a tuple of them, as what `json.dumps` takes."""
    return msgspec.to_builtins(value)


def from_json(record: object, kind: type[T]) -> T:
    """Return the values of the type `kind` that `to_json` wrote. Raises InvalidContent."""
    try:
        return msgspec.convert(record, kind)
    except msgspec.ValidationError as error:
        raise InvalidContent(str(error)) from error


class Place(Struct, frozen=True, array_like=True):
    """A rectangle on a page."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class Link(Struct, frozen=True):
    """Words that lead to `url`: those of a text from `start` to before `stop`. `part` says in which
    of a passage's `texts`."""

    part: int
    start: int
    stop: int
    url: str


class Emphasis(StrEnum):
    """The type that sets words apart from those around them."""

    BOLD = "bold"
    ITALIC = "italic"


class Mark(Struct, frozen=True):
    """Words that are emphasised: of a text from `start` to before `stop`. `part` says in which of a
    passage's `texts`."""

    part: int
    start: int
    stop: int
    kind: Emphasis


class _Passage(Struct, frozen=True, tag_field="kind"):
    """What stands in an article."""


class _Text(_Passage, frozen=True):
    """One text."""

    text: str
    page: int
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links and marks stand: the one there is."""
        return (self.text,)


class Paragraph(_Text, frozen=True, tag="paragraph"):
    """Running text, its lines joined."""


class Heading(_Text, frozen=True, tag="heading"):
    """A sub-heading inside an article."""


class Quotation(_Text, frozen=True, tag="quotation"):
    """Words of somebody else, set apart from the text."""


class Listing(_Passage, frozen=True, tag="list"):
    """A list; each entry keeps the mark or number that it was printed with."""

    page: int
    entries: tuple[str, ...]
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links and marks stand: the entries."""
        return self.entries


class _Captioned(_Passage, frozen=True, rename={"caption": "text"}):
    """What has a caption printed beside it ("" for none)."""

    caption: str
    page: int

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links and marks stand: the caption."""
        return (self.caption,)


class Figure(_Captioned, frozen=True, tag="figure"):
    """A picture cut out of its page as PNG."""

    place: Place
    png: bytes
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()


class StoredFigure(_Captioned, frozen=True, tag="figure"):
    """A figure whose picture is kept as the file `image` of its issue; `page` is 0 for one that was
    cut out of none. `alternative` says what it shows to whoever does not see it."""

    image: str
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    alternative: str = ""


class Table(_Captioned, frozen=True, tag="table"):
    """Rows of cells, all rows of one length. `header` says that the first row names the columns."""

    rows: tuple[tuple[str, ...], ...]
    header: bool
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links and marks stand: the caption, then the cells row by row."""
        return (self.caption, *(cell for row in self.rows for cell in row))


Passage = Paragraph | Heading | Quotation | Listing | Figure | Table
StoredPassage = Paragraph | Heading | Quotation | Listing | StoredFigure | Table


class ArticleText(Struct, frozen=True, rename={"passages": "blocks"}):
    """A headline and what stands under it. Optional words are "" where nothing was printed; the
    headline is one of them, of text that stands under none."""

    title: str
    subtitle: str = ""
    source: str = ""
    byline: str = ""
    date: str = ""
    places: tuple[Place, ...] = ()
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of all passages, in order."""
        return tuple(link for passage in self.passages for link in passage.links)

    @property
    def pages(self) -> tuple[int, int]:
        """The first and the last page on which the article stands; (0, 0) when unknown."""
        pages = [place.page for place in self.places] or [part.page for part in self.passages]
        return (min(pages), max(pages)) if pages else (0, 0)


class SectionText(Struct, frozen=True):
    """A titled part of an issue. Articles before the first section head stand under title ""."""

    title: str
    confidence: float = 1.0
    articles: tuple[ArticleText, ...] = ()


class ParseWarning(Struct, frozen=True):
    """Something that the editor should look at: a stable `code`, the page (0: the whole issue),
    and the words of the page that it is about."""

    code: str
    page: int
    words: str = ""


class LeftOver(Struct, frozen=True):
    """Text that is in no article, with its place; its paragraphs are parted by empty lines."""

    place: Place
    text: str


class IssueText(Struct, frozen=True):
    """A whole issue as it was read. `date` is a day or month of ISO 8601 or a range of them
    ("2022-07-15", "2022-07", "2022-07/08"), a year ("2022"), two as printed ("2022-2023",
    "2022-23"), a year with its season ("2022 (Spring)"), or "". `confidence` is the probability
    that its headlines are right, all but a few."""

    title: str
    number: str
    date: str
    publisher: str
    page_count: int
    sections: tuple[SectionText, ...]
    warnings: tuple[ParseWarning, ...] = ()
    confidence: float = 1.0
    left_over: tuple[LeftOver, ...] = ()
    account: Account = Account()
