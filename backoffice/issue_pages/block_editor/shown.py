"""A draft as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from issues import shown_passages
from issues.editing.describing import name_of
from issues.editing.document import Block, Draft, DraftArticle, DraftSection, Remnant
from issues.shown_passages import ShownPassage
from publications.models import Topic

UNSURE = 0.6  # an article of less confidence wants a look


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block with its passage as the web shows it."""

    handle: str
    passage: ShownPassage

    @property
    def anchor(self) -> str:
        """The id of its element."""
        return f"block-{self.handle}"

    @property
    def is_plain(self) -> bool:
        """Whether it is a paragraph of one line of words without links and emphasis, as most are:
        these need no template of their own, of which a long page would have hundreds."""
        words = self.passage.words
        return (
            self.passage.kind == "paragraph"
            and len(words) == 1
            and not (words[0].url or words[0].pieces)
            and "\n" not in words[0].text
        )


@dataclass(frozen=True, slots=True)
class ShownRemnant:
    """Text in no article."""

    key: int
    page: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article; `name` is its headline or first words. `below` is the text in no article that
    stands there on its pages."""

    article: DraftArticle
    name: str
    blocks: tuple[ShownBlock, ...]
    below: tuple[ShownRemnant, ...]

    @property
    def head_anchor(self) -> str:
        """The id of the element of its head."""
        return f"title-{self.article.key}"

    @property
    def page(self) -> int:
        """The page on which it begins; 0 when unknown."""
        return self.article.pages[0]

    @property
    def unsure(self) -> bool:
        """Whether it wants a look."""
        return self.article.confidence < UNSURE


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section, the topic that it is about, its articles."""

    section: DraftSection
    topic: Topic | None
    articles: tuple[ShownArticle, ...]

    @property
    def head_anchor(self) -> str:
        """The id of the element of its head."""
        return f"head-{self.section.key}"

    @property
    def unknown(self) -> bool:
        """Whether nobody said what it is about."""
        return self.section.topic is None and not self.section.not_for_mailing


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft; `above` is text in no article that stands before all articles."""

    sections: tuple[ShownSection, ...]
    above: tuple[ShownRemnant, ...]


def shown_draft(draft: Draft, *, topics: Mapping[int, Topic]) -> ShownDraft:
    """Return a draft as it is shown; `topics` by id."""
    below = remnants_by_article(draft)
    return ShownDraft(
        sections=tuple(
            shown_section(section, topics=topics, below=below) for section in draft.sections
        ),
        above=shown_remnants(below.get(0, ())),
    )


def shown_section(
    section: DraftSection,
    *,
    topics: Mapping[int, Topic],
    below: Mapping[int, tuple[Remnant, ...]] = MappingProxyType({}),
) -> ShownSection:
    """Return a section as it is shown; `below` is the text in no article, by article."""
    return ShownSection(
        section=section,
        topic=topics.get(section.topic or 0),
        articles=tuple(
            shown_article(one, below=below.get(one.key, ())) for one in section.articles
        ),
    )


def shown_article(article: DraftArticle, *, below: tuple[Remnant, ...] = ()) -> ShownArticle:
    """Return an article as it is shown."""
    return ShownArticle(
        article=article,
        name=name_of(article),
        blocks=tuple(map(shown_block, article.blocks)),
        below=shown_remnants(below),
    )


def shown_block(block: Block) -> ShownBlock:
    """Return a block as it is shown."""
    return ShownBlock(block.handle, shown_passages.shown(block.passage))


def remnants_by_article(draft: Draft) -> dict[int, tuple[Remnant, ...]]:
    """Return the text in no article by the article below which it stands: the last one that
    begins on its page or before; 0 where there is none."""
    begins = [(article.pages[0], article.key) for article in draft.articles]
    found: dict[int, list[Remnant]] = defaultdict(list)
    for remnant in draft.remnants:
        before = [key for page, key in begins if page <= remnant.page]
        found[before[-1] if before else 0].append(remnant)
    return {key: tuple(one) for key, one in found.items()}


def shown_remnants(remnants: Iterable[Remnant]) -> tuple[ShownRemnant, ...]:
    """Return texts in no article as they are shown."""
    return tuple(ShownRemnant(one.key, one.page, tuple(one.text.split("\n\n"))) for one in remnants)
