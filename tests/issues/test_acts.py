"""Acts on a draft: nothing is lost or doubled, whatever is done in whatever order."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from issues.editing import acts
from issues.editing.acts import Act, BlockKind
from issues.editing.applying import applied
from issues.editing.document import Draft, Gone, handles_of
from issues.editing.refusals import ActRefused, Refusal
from pdf_reading.issue_text import Heading, Link, Listing, Paragraph, Quotation, to_json
from tests.issues.drafts import a_document, inventory, linked_words

KEEP_ALL = [
    acts.BeginArticle,
    acts.BeginSection,
    acts.SetKind,
    acts.Join,
    acts.MoveBlock,
    acts.DropBlock,
    acts.MergeArticle,
    acts.MoveArticle,
    acts.MailArticle,
    acts.DropArticle,
    acts.DivideSection,
    acts.MoveSection,
    acts.MergeSection,
    acts.SectionToArticle,
    acts.DropSection,
    acts.AddSection,
    acts.TakeIn,
    acts.DropRemnant,
    acts.TakeBack,
]


def an_act(draft: Draft, data: st.DataObject) -> Act:
    """An act of any kind that keeps all words, on what is in the draft (or was)."""
    kind: Any = data.draw(st.sampled_from(KEEP_ALL))
    sections = [section.key for section in draft.sections] or [1]
    articles = [article.key for article in draft.articles] or [11]
    handles = [*handles_of(draft)] or ["a1"]
    choices: dict[str, list[Any]] = {
        "block": handles,
        "article": articles,
        "section": sections,
        "kind": list(BlockKind),
        "mailed": [True, False],
        "remnant": [5],
        "binned": [one.key for one in draft.bin] or ["gone"],
        "title": [""],
    }
    if kind is acts.MoveBlock:
        choices["before"] = ["", *handles]
    elif kind is acts.MoveArticle:
        choices["before"] = [0, *articles]
    elif kind is acts.MoveSection:
        choices["before"] = [0, *sections]
    elif kind is acts.TakeIn:
        choices["article"] = [0, *articles]
    fields = {name: data.draw(st.sampled_from(choices[name])) for name in kind.__struct_fields__}
    act: Act = kind(**fields)
    return act


@given(st.data())
def test_no_block_word_picture_or_link_is_lost_or_doubled(data: st.DataObject) -> None:
    draft = a_document()
    for _ in range(data.draw(st.integers(1, 12))):
        act = an_act(draft, data)
        assert msgspec.convert(to_json(act), Act) == act
        words, pictures, addresses = inventory(draft)
        try:
            after = applied(draft, act)
        except (Gone, ActRefused):
            continue
        now_words, now_pictures, now_addresses = inventory(after)
        assert words <= now_words
        if words != now_words:  # a headline has no link: its address stands below
            assert isinstance(act, acts.BeginArticle | acts.BeginSection)
        assert now_pictures == pictures
        assert now_addresses == addresses
        handles = list(handles_of(after))
        assert len(handles) == len(set(handles))
        keys = [*(one.key for one in after.sections), *(one.key for one in after.articles)]
        assert len(keys) == len(set(keys))
        assert after.version == draft.version + 1
        draft = after


@given(st.data())
def test_links_keep_their_words(data: st.DataObject) -> None:
    draft = a_document()
    before = set(linked_words(draft))
    for _ in range(data.draw(st.integers(1, 8))):
        try:
            draft = applied(draft, an_act(draft, data))
        except (Gone, ActRefused):
            continue
        assert all(words == url or (words, url) in before for words, url in linked_words(draft))


def titles(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(one.title, [article.title for article in one.articles]) for one in draft.sections]


def texts(draft: Draft, key: int) -> list[str]:
    (found,) = [one for one in draft.articles if one.key == key]
    return [" ".join(block.passage.texts) for block in found.blocks]


def test_an_article_begins_at_a_sub_heading() -> None:
    after = applied(a_document(), acts.BeginArticle("a2"))
    assert titles(after)[0] == ("News", ["Pupils read the gauge", "A bench at the weir", ""])
    first, second, _untitled = after.sections[0].articles
    assert (first.source, second.source) == ("", "The Office")
    assert first.byline == "Olive Marsh"
    assert [block.handle for block in second.blocks] == ["a3", "a4", "a5", "a6", "a7"]


def test_the_link_of_a_sub_heading_that_becomes_a_headline_stands_below_it() -> None:
    after = applied(a_document(), acts.BeginArticle("a5"))
    below = after.sections[0].articles[1].blocks[0].passage
    url = "https://example.org/gauge"
    assert below == Paragraph(url, 2, (Link(0, 0, len(url), url),))


def test_an_article_that_begins_at_a_picture_has_no_headline_yet() -> None:
    after = applied(a_document(), acts.BeginArticle("a4"))
    assert titles(after)[0][1] == ["Pupils read the gauge", "", ""]


def test_a_headline_is_taken_from_the_first_words_of_an_article_without_one() -> None:
    draft = applied(a_document(), acts.EditArticle(12, subtitle=""))
    after = applied(draft, acts.BeginArticle("b1"))
    assert titles(after)[0][1] == ["Pupils read the gauge", "No headline here."]


def test_a_section_begins_at_a_block_and_takes_what_follows() -> None:
    after = applied(a_document(), acts.BeginSection("a2"))
    assert titles(after) == [
        ("News", ["Pupils read the gauge"]),
        ("A bench at the weir", ["", ""]),
        ("Sport", ["A race"]),
    ]
    assert [one.source for one in after.articles] == ["", "The Office", "", ""]


def test_a_list_becomes_paragraphs_and_they_a_list_again() -> None:
    after = applied(a_document(), acts.SetKind("a6", BlockKind.PARAGRAPH))
    assert texts(after, 11)[5:7] == ["- one", "- two"]
    second = after.sections[0].articles[0].blocks[6]
    assert isinstance(second.passage, Paragraph)
    assert second.passage.links[0].part == 0
    again = applied(after, acts.SetKind("a6", BlockKind.LIST))
    again = applied(again, acts.Join(second.handle))
    joined = again.sections[0].articles[0].blocks[5].passage
    assert isinstance(joined, Listing)
    assert joined.entries == ("- one", "- two")
    assert joined.links == (Link(1, 2, 5, "https://example.org/gauge"),)


def test_a_text_becomes_a_quotation_with_its_links_and_text_again() -> None:
    before = a_document()
    after = applied(before, acts.SetKind("a3", BlockKind.QUOTATION))
    (quoted,) = (one for one in after.sections[0].articles[0].blocks if one.handle == "a3")
    assert isinstance(quoted.passage, Quotation)
    assert quoted.passage.links
    again = applied(after, acts.SetKind("a3", BlockKind.PARAGRAPH))
    assert again.sections == before.sections


def test_a_block_goes_on_with_the_one_above() -> None:
    draft = applied(a_document(), acts.SetKind("a2", BlockKind.PARAGRAPH))
    after = applied(draft, acts.Join("a2"))
    assert texts(after, 11)[0] == "The gauge stands at the weir. A bench at the weir"
    after = applied(after, acts.Join("a3"))
    (link,) = after.sections[0].articles[0].blocks[0].passage.links
    text = after.sections[0].articles[0].blocks[0].passage.texts[0]
    assert text[link.start : link.stop] == "the page"


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (acts.Join("a1"), Refusal.NOTHING_ABOVE),
        (acts.Join("a4"), Refusal.NOT_ALIKE),
        (acts.SetKind("a4", BlockKind.HEADING), Refusal.NOT_ALIKE),
        (acts.SetKind("a4", BlockKind.QUOTATION), Refusal.NOT_ALIKE),
        (acts.SetKind("a2", BlockKind.HEADING), Refusal.NOTHING_CHANGED),
        (acts.MergeArticle(12), Refusal.NOTHING_BELOW),
        (acts.MergeSection(1), Refusal.NOTHING_ABOVE),
        (acts.BeginSection("a4"), Refusal.TOO_LONG),
        (acts.EditArticle(11, title="x" * 501), Refusal.TOO_LONG),
        (acts.EditSection(1, "x" * 201), Refusal.TOO_LONG),
        (acts.AddArticle(1, " "), Refusal.EMPTY),
        (acts.EditBlock("a1", ()), Refusal.EMPTY),
        (acts.MoveBlock("a1", 11, "a1"), Refusal.NOTHING_CHANGED),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(act: Act, refusal: Refusal) -> None:
    with pytest.raises(ActRefused) as refused:
        applied(a_document(), act)
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    "act",
    [
        acts.Join("zz"),
        acts.DropArticle(99),
        acts.DropSection(99),
        acts.TakeBack("zz"),
        acts.TakeIn(99),
        acts.MoveBlock("a1", 21, "b1"),
        acts.AddBlocks(21, (Paragraph("x", 1),), after="b1"),
    ],
)
def test_what_is_gone_is_said_to_be_gone(act: Act) -> None:
    with pytest.raises(Gone):
        applied(a_document(), act)


def test_merging_keeps_the_second_headline_as_a_sub_heading_and_its_lines() -> None:
    draft = applied(a_document(), acts.MoveArticle(21, section=1))
    draft = applied(draft, acts.MergeArticle(12))
    (_, merged), _sport = draft.sections[0].articles, draft.sections[1]
    assert [block.passage for block in merged.blocks][1] == Heading("A race", 1)
    assert merged.subtitle == "But a line"


def test_a_section_made_an_article_has_its_articles_as_parts() -> None:
    after = applied(a_document(), acts.SectionToArticle(2))
    assert titles(after) == [("News", ["Pupils read the gauge", "", "Sport"])]
    assert texts(after, -1) == ["A race", "They ran.", "The end"]


def test_the_title_of_a_merged_section_is_kept() -> None:
    after = applied(a_document(), acts.MergeSection(2))
    assert titles(after) == [("News", ["Pupils read the gauge", "", "Sport", "A race"])]


def test_what_is_taken_back_stands_where_it_was() -> None:
    draft = a_document()
    for act in (acts.DropBlock("a3"), acts.DropArticle(11), acts.DropSection(1)):
        after = applied(draft, act)
        back = applied(after, acts.TakeBack(after.bin[-1].key))
        assert replace(back, version=0) == draft


def test_a_block_of_an_article_that_is_gone_comes_back_as_an_article() -> None:
    draft = applied(a_document(), acts.DropBlock("c1"))
    draft = applied(draft, acts.DropSection(2))
    after = applied(draft, acts.TakeBack(draft.bin[0].key))
    assert after.sections[-1].articles[-1].blocks[0].handle == "c1"


def test_many_sub_headings_become_articles_in_one_act() -> None:
    after = applied(a_document(), acts.Several((acts.BeginArticle("a2"), acts.BeginArticle("a5"))))
    assert titles(after)[0][1] == [
        "Pupils read the gauge",
        "A bench at the weir",
        "The mill",
        "",
    ]
    assert after.version == 1


def test_an_edited_text_keeps_the_handles_of_what_stays() -> None:
    passages = tuple(block.passage for block in a_document().sections[0].articles[0].blocks)
    changed = (*passages[1:3], Paragraph("New.", 1), *passages[3:])
    after = applied(a_document(), acts.EditText(11, changed))
    handles = [block.handle for block in after.sections[0].articles[0].blocks]
    assert handles == ["a2", "a3", "v1-1", "a4", "a5", "a6", "a7"]


def test_a_paragraph_that_is_longer_than_a_headline_stays_text() -> None:
    long = "The counting was done by volunteers from four villages, who met at the old crane. " * 2
    draft = applied(a_document(), acts.EditBlock("a3", (Paragraph(long, 1),)))
    after = applied(draft, acts.BeginArticle("a3"))
    assert titles(after)[0][1] == ["Pupils read the gauge", "", ""]
    after = applied(applied(draft, acts.SetKind("a3", BlockKind.HEADING)), acts.BeginArticle("a3"))
    assert titles(after)[0][1] == ["Pupils read the gauge", long.strip(), ""]
