"""What is read from a PDF: an issue, its sections, their articles. Frozen values, no Django.

The parser makes these values, the editor corrects them, the archive and the digest print
them, so that a mail cannot show what the archive does not. Lengths are in PDF points from
the top left corner of the page as it is seen; page numbers count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to `url`: those of a text from `start` to before `stop`. `part` says in which
    of a passage's `texts`."""

    start: int
    stop: int
    url: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its lines joined."""

    text: str
    page: int
    links: tuple[Link, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links stand: the one there is."""
        return (self.text,)


@dataclass(frozen=True, slots=True)
class Heading:
    """A sub-heading inside an article."""

    text: str
    page: int
    links: tuple[Link, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links stand: the one there is."""
        return (self.text,)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; each entry keeps the mark or number that it was printed with."""

    entries: tuple[str, ...]
    page: int
    links: tuple[Link, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links stand: the entries."""
        return self.entries


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture cut out of its page as PNG, with the caption printed beside it ("" for none)."""

    caption: str
    page: int
    place: Place
    png: bytes
    links: tuple[Link, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links stand: the caption."""
        return (self.caption,)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all rows of one length. `header` says that the first row names the columns."""

    rows: tuple[tuple[str, ...], ...]
    caption: str
    page: int
    header: bool
    links: tuple[Link, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in which links stand: the caption, then the cells row by row."""
        return (self.caption, *(cell for row in self.rows for cell in row))


Passage = Paragraph | Heading | Listing | Figure | Table


@dataclass(frozen=True, slots=True)
class ArticleText:
    """A headline and what stands under it. Optional words are "" where nothing was printed; the
    headline is one of them, of text that stands under none."""

    title: str
    passages: tuple[Passage, ...]
    subtitle: str = ""
    source: str = ""
    byline: str = ""
    date: str = ""
    places: tuple[Place, ...] = ()
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of all passages, in order."""
        return tuple(link for passage in self.passages for link in passage.links)

    @property
    def pages(self) -> tuple[int, int]:
        """The first and the last page on which the article stands; (0, 0) when unknown."""
        pages = [place.page for place in self.places] or [part.page for part in self.passages]
        return (min(pages), max(pages)) if pages else (0, 0)


@dataclass(frozen=True, slots=True)
class SectionText:
    """A titled part of an issue. Articles before the first section head stand under title ""."""

    title: str
    articles: tuple[ArticleText, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """Something that the editor should look at: a stable `code`, the page (0: the whole issue),
    and the words of the page that it is about."""

    code: str
    page: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class IssueText:
    """A whole issue as it was read. `date` is ISO 8601 ("2022-07-15", "2022-07") or ""."""

    title: str
    number: str
    date: str
    publisher: str
    sections: tuple[SectionText, ...]
    page_count: int
    warnings: tuple[ParseWarning, ...] = ()
