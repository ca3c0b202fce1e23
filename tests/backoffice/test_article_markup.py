"""An article's text in the markup that editors type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from issues import markup

characters = st.characters(exclude_categories=["Cs", "Cc"])
marks = st.sampled_from(
    ["## ", "- ", "|", "[[", "]]", "[[figure a.png: b]]", "\\", "---", "：", "⏎"]
)
words = (
    st.lists(marks | st.text(characters, max_size=8), min_size=1, max_size=4)
    .map("".join)
    .map(str.strip)
    .filter(bool)
)
captions = words | st.just("")
pages = st.integers(0, 99)
cells = captions | st.tuples(words, words).map("\n".join)


def rows(width: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=4)


plain = st.one_of(
    st.fixed_dictionaries({"kind": st.just("paragraph"), "text": words, "page": pages}),
    st.fixed_dictionaries({"kind": st.just("heading"), "text": words, "page": pages}),
    st.fixed_dictionaries(
        {"kind": st.just("list"), "entries": st.lists(words, min_size=1), "page": pages}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("table"),
            "text": captions,
            "rows": st.integers(1, 4).flatmap(rows),
            "header": st.booleans(),
            "page": pages,
        }
    ),
)
figures = st.fixed_dictionaries(
    {
        "kind": st.just("figure"),
        "text": captions,
        "image": st.integers(1, 99).map("figure-{}.png".format),
        "page": pages,
        "place": st.lists(st.floats(0, 800), min_size=4, max_size=4),
    }
)
articles = st.lists(plain | figures, max_size=8)


@given(articles)
def test_nothing_is_lost_on_the_way_to_the_editor_and_back(passages: list[dict[str, Any]]) -> None:
    assert markup.read(markup.write(passages), before=passages) == passages


@given(st.lists(plain, max_size=8))
def test_the_text_alone_says_all_but_the_page(passages: list[dict[str, Any]]) -> None:
    assert markup.read(markup.write(passages)) == [{**part, "page": 0} for part in passages]


@example("\\")
@given(st.text())
def test_anything_typed_is_read_and_stays_what_it_was_read_as(typed: str) -> None:
    try:
        passages = markup.read(typed)
    except markup.NoSuchFigure:
        return
    assert markup.read(markup.write(passages)) == passages


def test_each_line_is_a_paragraph_and_blank_lines_are_for_the_eye() -> None:
    assert markup.read("　　第一段。\n第二段。\r\n\r\n\r\n第三段。") == [
        {"kind": "paragraph", "text": text, "page": 0}
        for text in ("第一段。", "第二段。", "第三段。")
    ]


def test_a_table_may_be_typed_without_its_last_bars() -> None:
    assert markup.read("[[table: Rain]]\n| City | Rain\n|---|---|\n| Here | 1 \\| 2 | mm") == [
        {
            "kind": "table",
            "text": "Rain",
            "rows": [["City", "Rain", ""], ["Here", "1 | 2", "mm"]],
            "header": True,
            "page": 0,
        }
    ]


def test_a_figure_keeps_its_picture_under_a_new_caption() -> None:
    figure = {"kind": "figure", "text": "Old", "image": "3-1.png", "page": 3, "place": [1, 2]}
    assert markup.read("[[figure 3-1.png：新说明]]", before=[figure]) == [
        {**figure, "text": "新说明"}
    ]


def test_a_new_paragraph_is_on_the_page_of_the_one_before_it() -> None:
    before = [
        {"kind": "paragraph", "text": "One.", "page": 4},
        {"kind": "paragraph", "text": "Two.", "page": 5},
    ]
    assert [part["page"] for part in markup.read("One.\nNew.\nTwo.", before=before)] == [4, 4, 5]


def test_a_picture_that_the_issue_does_not_have_is_refused_by_its_name() -> None:
    with pytest.raises(markup.NoSuchFigure) as refusal:
        markup.read("[[figure 9-9.png: Nothing]]")
    assert refusal.value.name == "9-9.png"
