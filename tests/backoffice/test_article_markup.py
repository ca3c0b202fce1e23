"""An article's text in the markup that editors type."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from issues import markup
from pdf_reading.issue_text import Heading, Listing, Paragraph, StoredFigure, StoredPassage, Table

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


def rows(width: int) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    row = st.tuples(*[cells] * width)
    return st.lists(row, min_size=1, max_size=4).map(tuple)


plain = st.one_of(
    st.builds(Paragraph, words, pages),
    st.builds(Heading, words, pages),
    st.builds(Listing, pages, st.lists(words, min_size=1).map(tuple)),
    st.builds(Table, captions, pages, st.integers(1, 4).flatmap(rows), st.booleans()),
)
figures = st.builds(StoredFigure, captions, pages, st.integers(1, 99).map("figure-{}.png".format))
articles = st.lists(plain | figures, max_size=8).map(tuple)


@given(articles)
def test_nothing_is_lost_on_the_way_to_the_editor_and_back(
    passages: tuple[StoredPassage, ...],
) -> None:
    assert markup.read(markup.write(passages), before=passages) == passages


@given(st.lists(plain, max_size=8).map(tuple))
def test_the_text_alone_says_all_but_the_page(passages: tuple[StoredPassage, ...]) -> None:
    assert markup.read(markup.write(passages)) == tuple(replace(one, page=0) for one in passages)


@example("\\")
@given(st.text())
def test_anything_typed_is_read_and_stays_what_it_was_read_as(typed: str) -> None:
    try:
        passages = markup.read(typed)
    except markup.NoSuchFigure:
        return
    assert markup.read(markup.write(passages)) == passages


def test_each_line_is_a_paragraph_and_blank_lines_are_for_the_eye() -> None:
    assert markup.read("　　第一段。\n第二段。\r\n\r\n\r\n第三段。") == tuple(
        Paragraph(text, page=0) for text in ("第一段。", "第二段。", "第三段。")
    )


def test_a_table_may_be_typed_without_its_last_bars() -> None:
    rows = (("City", "Rain", ""), ("Here", "1 | 2", "mm"))
    assert markup.read("[[table: Rain]]\n| City | Rain\n|---|---|\n| Here | 1 \\| 2 | mm") == (
        Table("Rain", page=0, rows=rows, header=True),
    )


def test_a_figure_keeps_its_picture_under_a_new_caption() -> None:
    figure = StoredFigure("Old", page=3, image="3-1.png")
    assert markup.read("[[figure 3-1.png：新说明]]", before=[figure]) == (
        replace(figure, caption="新说明"),
    )


def test_a_new_paragraph_is_on_the_page_of_the_one_before_it() -> None:
    before = [Paragraph("One.", page=4), Paragraph("Two.", page=5)]
    assert [part.page for part in markup.read("One.\nNew.\nTwo.", before=before)] == [4, 4, 5]


def test_a_picture_that_the_issue_does_not_have_is_refused_by_its_name() -> None:
    with pytest.raises(markup.NoSuchFigure) as refusal:
        markup.read("[[figure 9-9.png: Nothing]]")
    assert refusal.value.name == "9-9.png"
