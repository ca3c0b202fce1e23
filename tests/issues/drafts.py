"""Drafts to edit, typed in few words, and what is in them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from issues.editing.document import (
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    Remnant,
    Thing,
    blocks_of,
)
from pdf_reading.issue_text import (
    Heading,
    Link,
    Listing,
    Paragraph,
    Place,
    StoredFigure,
    StoredPassage,
    Table,
)


def block(handle: str, passage: StoredPassage | str) -> Block:
    """A block of a passage, or of a paragraph on page 1."""
    return Block(handle, Paragraph(passage, 1) if isinstance(passage, str) else passage)


def article(key: int, title: str, *blocks: Block, **more: Any) -> DraftArticle:
    """An article on page 1."""
    places = (Place(1, 50, 50, 500, 700),)
    return DraftArticle(key=key, title=title, blocks=blocks, places=places, **more)


def a_document() -> Draft:
    """Two sections: News with an article of each kind of passage, and one untitled; Sport with
    one. Text in no article."""
    url = "https://example.org/gauge"
    return Draft(
        sections=(
            DraftSection(
                key=1,
                title="News",
                topic=None,
                articles=(
                    article(
                        11,
                        "Pupils read the gauge",
                        block("a1", "The gauge stands at the weir."),
                        block("a2", Heading("A bench at the weir", 1)),
                        block("a3", Paragraph("See the page.", 1, (Link(0, 4, 12, url),))),
                        block("a4", StoredFigure("The bench", 1, "bench.png")),
                        block("a5", Heading("The mill", 2, (Link(0, 4, 8, url),))),
                        block("a6", Listing(2, ("- one", "- two"), (Link(1, 2, 5, url),))),
                        block("a7", Table("", 2, (("City", "Rain"), ("Here", "12")), header=True)),
                        source="The Office",
                        byline="Olive Marsh",
                    ),
                    article(12, "", block("b1", "No headline here."), subtitle="But a line"),
                ),
            ),
            DraftSection(
                key=2,
                title="Sport",
                topic=None,
                articles=(
                    article(
                        21,
                        "A race",
                        block("c1", "They ran."),
                        block("c2", Heading("The end", 3)),
                    ),
                ),
            ),
        ),
        remnants=(Remnant(5, (Place(2, 0, 0, 9, 9),), "A piece.\n\nAnd more of it."),),
    )


def inventory(draft: Draft) -> tuple[Counter[str], Counter[str], set[str]]:
    """Return the characters of all words, but for spaces and hyphens, the pictures, and the
    addresses of a draft, with its bin."""
    words: list[str] = _facts(draft)
    passages: list[StoredPassage] = []
    things: list[Thing] = [*draft.sections, *draft.remnants, *(one.thing for one in draft.bin)]
    for thing in things:
        words += _own_words(thing)
        passages += [one.passage for one in blocks_of(thing)]
    for passage in passages:
        words += passage.texts
    return (
        Counter(re.sub(r"[\s\-‐]", "", "".join(words))),
        Counter(one.image for one in passages if isinstance(one, StoredFigure)),
        {link.url for one in passages for link in one.links},
    )


def linked_words(draft: Draft) -> list[tuple[str, str]]:
    """Return the words of each link in the sections, with its address."""
    return [
        (one.passage.texts[link.part][link.start : link.stop], link.url)
        for section in draft.sections
        for one in blocks_of(section)
        for link in one.passage.links
    ]


def _facts(draft: Draft) -> list[str]:
    facts = draft.facts
    return [facts.title, facts.number, facts.date, facts.publisher]


def _own_words(thing: Thing) -> list[str]:
    match thing:
        case DraftSection(title=title, articles=articles):
            return [title, *(word for one in articles for word in _own_words(one))]
        case DraftArticle():
            return [thing.title, thing.subtitle, thing.source, thing.byline, thing.date]
        case Remnant(text=text):
            return [text]
        case Block():
            return []
