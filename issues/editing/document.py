"""A draft as one document: sections, their articles, the blocks of these; what the reading left
over, and the bin.

Sections and articles are known by the ids of their rows, new ones by negative numbers until they
are stored; a block by its handle, which it keeps wherever it goes. Frozen values, no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pdf_reading.issue_text import Place, StoredPassage

T = TypeVar("T")


class Gone(Exception):
    """The thing that an act is about is not there: somebody dropped or moved it meanwhile."""


class Block(Struct, frozen=True, tag="block"):
    """A passage with its handle."""

    handle: str
    passage: StoredPassage


class DraftArticle(Struct, frozen=True, kw_only=True, tag="article"):
    """An article. `key` is the id of its row. What the row of a `damaged` one holds is no text that
    can be read; it is never written over."""

    key: int
    title: str = ""
    subtitle: str = ""
    source: str = ""
    byline: str = ""
    date: str = ""
    places: tuple[Place, ...] = ()
    confidence: float = 1.0
    not_for_mailing: bool = False
    damaged: bool = False
    blocks: tuple[Block, ...] = ()

    @property
    def pages(self) -> tuple[int, int]:
        """The first and the last page on which it stands; (0, 0) when unknown."""
        pages = [place.page for place in self.places] or [
            one.passage.page for one in self.blocks if one.passage.page
        ]
        return (min(pages), max(pages)) if pages else (0, 0)


class DraftSection(Struct, frozen=True, kw_only=True, tag="section"):
    """A section. `topic` is the id of what it is about."""

    key: int
    title: str = ""
    topic: int | None = None
    not_for_mailing: bool = False
    articles: tuple[DraftArticle, ...] = ()


class Remnant(Struct, frozen=True, tag="remnant"):
    """Text that the reading found in no article; empty lines part its paragraphs."""

    key: int
    places: tuple[Place, ...]
    text: str

    @property
    def page(self) -> int:
        """The page on which it stands."""
        return self.places[0].page if self.places else 0


Thing = DraftSection | DraftArticle | Block | Remnant


class Binned(Struct, frozen=True):
    """A thing that was dropped, and where it stood: in the section or article `within`, at the
    place `at`."""

    key: str
    thing: Thing
    within: int = 0
    at: int = 0


class Facts(Struct, frozen=True):
    """The title, number, date and publisher of an issue."""

    title: str = ""
    number: str = ""
    date: str = ""
    publisher: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """A whole draft. `version` counts its acts, `files` are the ids of those that it was read from,
    in order."""

    version: int = 0
    files: tuple[int, ...] = ()
    facts: Facts = Facts()
    sections: tuple[DraftSection, ...] = ()
    remnants: tuple[Remnant, ...] = ()
    bin: tuple[Binned, ...] = ()

    @property
    def articles(self) -> Iterator[DraftArticle]:
        """All articles in order."""
        return (article for section in self.sections for article in section.articles)


class Spot(Struct, frozen=True):
    """A place in a draft: numbers of a section, of an article in it, of a block in that."""

    section: int
    article: int = 0
    block: int = 0


def spot_of_section(draft: Draft, key: int) -> Spot:
    """Return where a section stands. Raises Gone."""
    for n, section in enumerate(draft.sections):
        if section.key == key:
            return Spot(n)
    raise Gone


def spot_of_article(draft: Draft, key: int) -> Spot:
    """Return where an article stands. Raises Gone."""
    for n, section in enumerate(draft.sections):
        for m, article in enumerate(section.articles):
            if article.key == key:
                return Spot(n, m)
    raise Gone


def spot_of_block(draft: Draft, handle: str) -> Spot:
    """Return where a block stands. Raises Gone."""
    for n, section in enumerate(draft.sections):
        for m, article in enumerate(section.articles):
            for at, block in enumerate(article.blocks):
                if block.handle == handle:
                    return Spot(n, m, at)
    raise Gone


def section_at(draft: Draft, spot: Spot) -> DraftSection:
    """Return the section of a place."""
    return draft.sections[spot.section]


def article_at(draft: Draft, spot: Spot) -> DraftArticle:
    """Return the article of a place."""
    return draft.sections[spot.section].articles[spot.article]


def block_at(draft: Draft, spot: Spot) -> Block:
    """Return the block of a place."""
    return article_at(draft, spot).blocks[spot.block]


def with_sections(draft: Draft, at: int, *new: DraftSection) -> Draft:
    """Return the draft with other sections in place of the one `at`."""
    return replace(draft, sections=spliced(draft.sections, at, *new))


def with_articles(draft: Draft, spot: Spot, *new: DraftArticle) -> Draft:
    """Return the draft with other articles in place of the one at a place."""
    section = section_at(draft, spot)
    changed = replace(section, articles=spliced(section.articles, spot.article, *new))
    return with_sections(draft, spot.section, changed)


def with_blocks(draft: Draft, spot: Spot, *new: Block) -> Draft:
    """Return the draft with other blocks in place of the one at a place."""
    article = article_at(draft, spot)
    changed = replace(article, blocks=spliced(article.blocks, spot.block, *new))
    return with_articles(draft, spot, changed)


def spliced(values: Sequence[T], at: int, *new: T) -> tuple[T, ...]:
    """Return the values with others in place of the one `at`."""
    return (*values[:at], *new, *values[at + 1 :])


def inserted(values: Sequence[T], at: int, *new: T) -> tuple[T, ...]:
    """Return the values with new ones before the one `at`; a place that is not there is the
    nearest."""
    at = max(0, min(at, len(values)))
    return (*values[:at], *new, *values[at:])


def has_anything(article: DraftArticle) -> bool:
    """Return whether there are any words or pictures in an article."""
    return bool(
        article.blocks
        or article.title
        or article.subtitle
        or article.source
        or article.byline
        or article.date
    )


def new_key(draft: Draft) -> int:
    """Return a number that no section and no article of the draft has, nor of its bin."""
    used = [*_keys(draft.sections), 0]
    for binned in draft.bin:
        match binned.thing:
            case DraftSection() as section:
                used += _keys([section])
            case DraftArticle(key=key):
                used.append(key)
    return min(used) - 1


def new_handles(draft: Draft) -> Iterator[str]:
    """Yield handles that no block of the draft has, nor of its bin: they name the act."""
    prefix = f"v{draft.version + 1}-"
    used = [int(one[len(prefix) :]) for one in handles_of(draft) if one.startswith(prefix)]
    number = max(used, default=0)
    while True:
        number += 1
        yield f"{prefix}{number}"


def handles_of(draft: Draft) -> Iterator[str]:
    """Yield the handles of all blocks, also of those in the bin."""
    for article in draft.articles:
        yield from (block.handle for block in article.blocks)
    for binned in draft.bin:
        yield from (block.handle for block in blocks_of(binned.thing))


def blocks_of(thing: Thing) -> tuple[Block, ...]:
    """Return the blocks in a thing."""
    match thing:
        case Block():
            return (thing,)
        case DraftArticle(blocks=blocks):
            return blocks
        case DraftSection(articles=articles):
            return tuple(block for article in articles for block in article.blocks)
        case Remnant():
            return ()


def _keys(sections: Sequence[DraftSection]) -> list[int]:
    return [
        key
        for section in sections
        for key in (section.key, *(article.key for article in section.articles))
    ]
