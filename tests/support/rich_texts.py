"""Texts with links and emphasis in them, and the passages that hold them, for property tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st
from msgspec.structs import replace

from pdf_reading.issue_text import (
    Emphasis,
    Heading,
    Link,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    StoredFigure,
    StoredPassage,
    Table,
)
from pdf_reading.linking import RichText, tidy

SIGNS = (
    *("## ", "- ", "> ", "|", "｜", "[[", "]]", "[[figure a.png: b]]", "[[table: c]]", "\\", "---"),
    *(
        "：",
        "⏎",
        "\n",
        "\r",
        "*",
        "**",
        "***",
        "5*3",
        "1. ",
        "2、",
        "[",
        "](",
        ")",
        "](https://x.yz)",
    ),
    *("https://example.org/a_(b)", "www.example.org", "ann@example.org", "机器人", " ", "\u3000"),
)
URLS = (
    *("https://example.org/", "HTTP://x.yz/a b\n(c", "mailto:a@b.cd", "javascript:alert(1)"),
    *("|\\)", "https://x.yz/[a](b|｜c)\\"),
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")

Kind = TypeVar("Kind", bound=StoredPassage)

pages = st.integers(0, 99)
words = st.lists(st.sampled_from(SIGNS) | st.text(CHARACTERS, max_size=6), max_size=5).map("".join)
lines = words.map(lambda some: " ".join(some.split()))


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    """Any text, with any links and marks, in their one order."""
    text = draw(words)
    places = st.integers(0, len(text))
    urls = st.sampled_from(URLS) | st.just(text)
    links = st.builds(Link, st.just(0), places, places, urls)
    marks = st.builds(Mark, st.just(0), places, places, st.sampled_from(Emphasis))
    return tidy(
        RichText(
            text,
            tuple(draw(st.lists(links, max_size=3))),
            tuple(draw(st.lists(marks, max_size=4))),
        )
    )


some_words = rich_texts().filter(lambda rich: rich.text)


def passage_of(passage: Kind, texts: Sequence[RichText]) -> Kind:
    """The passage with the links and marks of its texts."""
    return replace(
        passage,
        links=tuple(replace(one, part=n) for n, text in enumerate(texts) for one in text.links),
        marks=tuple(replace(one, part=n) for n, text in enumerate(texts) for one in text.marks),
    )


@st.composite
def passages(draw: st.DrawFn) -> StoredPassage:
    """Any passage, in the order that it is stored in."""
    page = draw(pages)
    kind = draw(st.sampled_from([Paragraph, Heading, Quotation, Listing, StoredFigure, Table]))
    if kind is Listing:
        texts = draw(st.lists(some_words, min_size=1, max_size=4))
        return passage_of(Listing(page, tuple(one.text for one in texts)), texts)
    if kind is StoredFigure:
        over = draw(rich_texts())
        image = f"figure-{draw(pages)}.png"
        return passage_of(StoredFigure(over.text, page, image, alternative=draw(lines)), [over])
    if kind is Table:
        return draw(tables(page))
    text = draw(some_words)
    passage: StoredPassage = kind(text.text, page)
    return passage_of(passage, [text])


@st.composite
def tables(draw: st.DrawFn, page: int) -> Table:
    """Any table of some rows."""
    width = draw(st.integers(1, 3))
    rows = draw(st.lists(st.tuples(*[rich_texts()] * width), min_size=1, max_size=3))
    over = draw(rich_texts())
    cells = tuple(tuple(cell.text for cell in row) for row in rows)
    table = Table(over.text, page, cells, draw(st.booleans()))
    return passage_of(table, [over, *(cell for row in rows for cell in row)])
