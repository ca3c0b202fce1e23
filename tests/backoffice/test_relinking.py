"""Links through an edit: each stays with its own words, and no others receive it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues import markup
from pdf_reading.issue_text import Link, Listing, Paragraph, StoredFigure, StoredPassage, Table
from tests.support.factories import a_link

URL = "https://example.org/%s"


def links_on(text: str, *words: str) -> tuple[Link, ...]:
    return tuple(a_link(text, one, URL % n) for n, one in enumerate(words))


def paragraph(text: str, *words: str) -> Paragraph:
    return Paragraph(text, page=1, links=links_on(text, *words))


def linked(passages: Sequence[StoredPassage]) -> list[tuple[str, str]]:
    """The words of each link with the address."""
    return [
        (passage.texts[link.part][link.start : link.stop], link.url)
        for passage in passages
        for link in passage.links
    ]


def edited(before: Sequence[StoredPassage], after: str) -> list[tuple[str, str]]:
    return linked(markup.read(after, before=before))


ROBOTS = [
    paragraph("国际机器人联合会说，工业机器人很多。", "机器人"),
    paragraph("机器人技术在各个领域落地。"),
]


@pytest.mark.parametrize(
    "after",
    [
        "国际机器人联合会说，工业机器人很多。\n机器人技术落地。",
        "据报道，国际机器人联合会昨日说，工业机器人很少。\n机器人技术在各个领域落地。",
        "机器人技术在各个领域落地。\n国际机器人联合会说，工业机器人很多。",
        "## 国际机器人联合会\n工业机器人很多。\n机器人技术在各个领域落地。",
        "- 国际机器人联合会\n- 工业机器人很多。\n",
        "机器人机器人\n国际机器人联合会说，机器人很多。\n机器人技术在各个领域落地。",
    ],
)
def test_a_link_stays_with_its_words(after: str) -> None:
    passages = markup.read(after, before=ROBOTS)
    assert linked(passages) == [("机器人", URL % 0)]
    (home,) = (
        text
        for passage in passages
        for link in passage.links
        if (text := passage.texts[link.part])
        and text[max(0, link.start - 2) : link.start] == "国际"
    )
    assert "联合会" in home


@pytest.mark.parametrize(
    "after",
    [
        "国际联合会说，工业机器人很多。\n机器人技术在各个领域落地。",
        "机器人技术在各个领域落地。",
        "我们看机器人技术落地。",
        "国际人机联合会说，工业机器人很多。\n机器人技术在各个领域落地。",
        "",
    ],
)
def test_the_same_words_elsewhere_never_receive_a_link(after: str) -> None:
    assert edited(ROBOTS, after) == []


def test_of_like_words_that_cannot_be_distinguished_none_is_linked() -> None:
    text = "robot robot robot"
    link = Link(0, 6, 11, URL % 0)
    assert edited([Paragraph(text, page=1, links=(link,))], "robot robot") == []
    twice = [paragraph("机器人", "机器人"), paragraph("机器人")]
    assert edited(twice, "机器人") == []


def test_a_link_is_never_inside_a_longer_word() -> None:
    assert edited([paragraph("An AR lens.", "AR")], "An ARM lens.") == []


def test_the_entries_and_the_cells_keep_their_links() -> None:
    before = (
        Listing(1, ("1. A hat", "2. Boots"), (Link(1, 3, 8, URL % 1),)),
        Table("Rain", 1, (("City", "mm"), ("Here", "12")), True, (Link(3, 0, 4, URL % 3),)),
    )
    after = markup.write(before).replace("- 1. A hat", "- 1. A hat\n- A scarf")
    after = after.replace("| Here | 12 |", "| There | 3 |\n| Here | 12 |")
    assert edited(before, after) == [("Boots", URL % 1), ("Here", URL % 3)]


def test_a_new_caption_does_not_inherit_the_links_of_the_old_one() -> None:
    figure = StoredFigure("A cloud", 1, "a.png", links_on("A cloud", "cloud"))
    assert edited([figure], "[[figure a.png: A storm cloud over us]]") == []
    assert edited([figure], "[[figure a.png: Here: A cloud]]") == [("cloud", URL % 0)]


words = st.sampled_from(["机器人", "AR", "ARM", "the ", "很多", "，", " ", "robot", "。", "x"])
lines = st.lists(words, min_size=1, max_size=12).map(lambda some: " ".join("".join(some).split()))


@st.composite
def articles(draw: st.DrawFn) -> tuple[Paragraph, ...]:
    """Paragraphs, each with links over whole words that do not overlap, all to pages of their
    own."""
    passages = []
    for number, text in enumerate(draw(st.lists(lines.filter(bool), min_size=1, max_size=4))):
        at = draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True).map(sorted))
        links = tuple(
            Link(0, start, stop, URL % f"{number}-{start}")
            for start, stop in zip(at[::2], at[1::2], strict=False)
            if text[start:stop].strip() == text[start:stop]
        )
        passages.append(Paragraph(text, page=1, links=links))
    return tuple(passages)


@given(articles(), st.data())
def test_after_any_edit_the_words_of_a_link_are_its_words(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    typed = markup.write(before)
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(typed)))
        stop = data.draw(st.integers(start, min(len(typed), start + 12)))
        typed = typed[:start] + data.draw(words | st.just("") | st.just("\n")) + typed[stop:]
    theirs = {url: words for words, url in linked(before)}
    for passage in (after := markup.read(typed, before=before)):
        ends = [0, *(n for one in passage.links for n in (one.start, one.stop))]
        assert not isinstance(passage, Paragraph) or ends == sorted(ends)
    ours = linked(after)
    assert all(theirs[url] == words for words, url in ours)
    assert len({url for _, url in ours}) == len(ours)


@given(articles())
def test_what_is_not_edited_keeps_every_link(before: tuple[Paragraph, ...]) -> None:
    assert markup.read(markup.write(before), before=before) == before
