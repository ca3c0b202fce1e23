"""An article's text in the markup that editors type."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from issues import inline_markup, markup
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
from pdf_reading.linking import RichText
from tests.support.rich_texts import SIGNS, passages, rich_texts

articles = st.lists(passages(), max_size=6).map(tuple)


def pictures(of: tuple[StoredPassage, ...]) -> dict[str, int]:
    return {one.image: 0 for one in of if isinstance(one, StoredFigure)}


@given(rich_texts())
def test_a_text_comes_back_with_its_links_and_its_emphasis(rich: RichText) -> None:
    assert inline_markup.read(inline_markup.write(rich)) == rich


@given(articles)
def test_nothing_is_lost_on_the_way_to_the_editor_and_back(
    before: tuple[StoredPassage, ...],
) -> None:
    typed = markup.write(before)
    assert markup.read(typed, before=before) == before
    assert markup.read(typed, pictures=pictures(before)) == tuple(
        replace(one, page=0) for one in before
    )


@example(StoredFigure("\\", 1, "a.png", alternative="##"))
@example(Table("", 1, (("a\\|", "b"), ("\\", "|\\")), header=False))
@given(passages())
def test_a_passage_alone_comes_back(passage: StoredPassage) -> None:
    typed = markup.write([passage])
    assert markup.read(typed, before=[passage]) == (passage,)


@example("\\")
@example("- \n- a")
@example("**[**](https://example.org) [](https://example.org)")
@given(st.text() | st.lists(st.sampled_from(SIGNS)).map("".join))
def test_anything_typed_is_read_and_stays_what_it_was_read_as(typed: str) -> None:
    known = {"a.png": 3}
    try:
        read = markup.read(typed, pictures=known)
    except markup.NoSuchFigure:
        return
    assert markup.read(markup.write(read), pictures=known) == read
    assert markup.read(markup.write(read), before=read) == read


def test_each_line_is_a_paragraph_and_blank_lines_are_for_the_eye() -> None:
    assert markup.read("　　第一段。\n第二段。\r\n\r\n\r\n第三段。") == tuple(
        Paragraph(text, page=0) for text in ("第一段。", "第二段。", "第三段。")
    )


def emphasised(typed: str) -> tuple[str, list[tuple[str, str]]]:
    """The words, and those that are emphasised."""
    read = inline_markup.read(typed)
    return read.text, [(mark.kind.value, read.text[mark.start : mark.stop]) for mark in read.marks]


@pytest.mark.parametrize(
    ("typed", "text", "marks"),
    [
        ("**粗**和*斜*体", "粗和斜体", [("bold", "粗"), ("italic", "斜")]),
        ("这是**“重点：”**的", "这是“重点：”的", [("bold", "“重点：”")]),
        ("***both*** here", "both here", [("bold", "both"), ("italic", "both")]),
        ("**a *b* c**", "a b c", [("bold", "a b c"), ("italic", "b")]),
        ("**a *b** c*", "a b c", [("bold", "a b"), ("italic", "b c")]),
        ("5*3*2 and 2**3**4", "5*3*2 and 2**3**4", []),
        ("* a note", "* a note", []),
        ("*注：见附件", "*注：见附件", []),
        ("a * b * c", "a * b * c", []),
        (r"\*not\* this", "*not* this", []),
        ("**** and **** more", "**** and **** more", []),
        ("*a note. *Words* here", "*a note. Words here", [("italic", "Words")]),
        (r"un\ **frigging**\ ly", "unfriggingly", [("bold", "frigging")]),
    ],
)
def test_stars_are_emphasis_where_they_touch_words_on_one_side_and_signs_elsewhere(
    typed: str, text: str, marks: list[tuple[str, str]]
) -> None:
    assert emphasised(typed) == (text, marks)


@pytest.mark.parametrize(
    "text",
    [
        *("5*3*2 = 30", "* 注：见附件", r"C:\temp\a", "[2026] 5号", "a ] (b)"),
        *("1. 推进", "1986. 年", "a|b", "A <b>bold</b> &copy;", "snake_case_words"),
    ],
)
def test_signs_without_a_meaning_are_written_as_they_are(text: str) -> None:
    assert markup.write([Paragraph(text, page=1)]) == text


def addresses(typed: str) -> list[tuple[str, str]]:
    """The words of the links, and where they lead."""
    read = inline_markup.read(typed)
    return [(read.text[link.start : link.stop], link.url) for link in read.links]


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("[us](https://example.org/a)", [("us", "https://example.org/a")]),
        ("[us](https://example.org/a_(b))", [("us", "https://example.org/a_(b)")]),
        (r"[us](https://example.org/a\)b)", [("us", "https://example.org/a)b")]),
        ("[us](mailto:a@b.cd), [it](www.example.org)", [
            ("us", "mailto:a@b.cd"), ("it", "https://www.example.org")]),
        ("见 https://example.org/a。", [("https://example.org/a", "https://example.org/a")]),
        ("www.example.org", [("www.example.org", "https://www.example.org")]),
        ("ann@example.org", [("ann@example.org", "mailto:ann@example.org")]),
        ("[**a** b](https://x.yz/)", [("a b", "https://x.yz/")]),
        ("[a [b](https://x.yz/)", [("b", "https://x.yz/")]),
        (r"https\://example.org \[a](b)", []),
        ("[us](javascript:alert(1)) [us](data:x) [us](file:///etc) [us](//x.yz)", []),
        ("[us](https://x.yz and more)", [("https://x.yz", "https://x.yz")]),
        ("[](https:)", []),
    ],
)  # fmt: skip
def test_links_are_typed_and_lead_to_the_web_and_to_mail_alone(
    typed: str, links: list[tuple[str, str]]
) -> None:
    assert addresses(typed) == links


def test_an_address_that_leads_where_it_says_is_written_as_it_is() -> None:
    url = "https://example.org/a"
    linked = Paragraph(f"See {url}.", 1, (Link(0, 4, 4 + len(url), url),))
    assert markup.write([linked]) == f"See {url}."
    assert markup.write([replace(linked, links=())]) == r"See https\://example.org/a."


def test_consecutive_lines_with_numbers_are_a_list_that_keeps_them() -> None:
    assert markup.read("1. A hat\n2. Boots\n\n3. A sentence.") == (
        Listing(0, ("1. A hat", "2. Boots")),
        Paragraph("3. A sentence.", 0),
    )
    assert markup.read("1、帽子\n2、靴子") == (Listing(0, ("1、帽子", "2、靴子")),)
    assert markup.write([Listing(1, ("1. A hat", "2. Boots"))]) == "1. A hat\n2. Boots"
    assert markup.write([Listing(1, ("1. A hat",))]) == "- 1. A hat"


def test_a_quotation_and_a_sub_heading_have_emphasis_and_links() -> None:
    assert markup.read("> Be **brief**.\n## *No* news") == (
        Quotation("Be brief.", 0, marks=(Mark(0, 3, 8, Emphasis.BOLD),)),
        Heading("No news", 0, marks=(Mark(0, 0, 2, Emphasis.ITALIC),)),
    )


def test_a_table_may_be_typed_without_its_last_bars() -> None:
    rows = (("City", "Rain", ""), ("Here", "1 | 2", "mm"))
    assert markup.read("[[table: Rain]]\n| City | Rain\n|---|---|\n| Here | 1 \\| 2 | mm") == (
        Table("Rain", page=0, rows=rows, header=True),
    )


def test_a_table_may_be_typed_with_the_bars_of_a_chinese_keyboard() -> None:
    rows = (("城市", "降水"), ("本地", "12"), ("外地", "3｜4"))
    typed = "｜城市｜降水｜\n| --- | --- |\n| 本地 ｜ 12 |\n|外地|3\\｜4"
    assert markup.read(typed) == (Table("", page=0, rows=rows, header=True),)


def test_a_figure_keeps_its_picture_under_a_new_caption() -> None:
    figure = StoredFigure("Old", page=3, image="3-1.png")
    assert markup.read("[[figure 3-1.png：新说明]]", before=[figure]) == (
        replace(figure, caption="新说明"),
    )


def test_a_figure_says_what_it_shows() -> None:
    typed = "[[figure a.png: A **cloud** \\| rain | Grey, over a \\| tree]]\n[[figure a.png:|云]]"
    assert markup.read(typed, pictures={"a.png": 2}) == (
        StoredFigure(
            "A cloud | rain", 2, "a.png", (), (Mark(0, 2, 7, Emphasis.BOLD),), "Grey, over a | tree"
        ),
        StoredFigure("", 2, "a.png", alternative="云"),
    )


def test_a_new_paragraph_is_on_the_page_of_the_one_before_it() -> None:
    before = [Paragraph("One.", page=4), Paragraph("Two.", page=5)]
    assert [part.page for part in markup.read("One.\nNew.\nTwo.", before=before)] == [4, 4, 5]
    typed = "One.\n[[figure a.png]]\nNew."
    with_picture = markup.read(typed, before=before, pictures={"a.png": 0})
    assert [part.page for part in with_picture] == [4, 0, 4]


def test_a_picture_that_the_issue_does_not_have_is_refused_by_its_name() -> None:
    with pytest.raises(markup.NoSuchFigure) as refusal:
        markup.read("[[figure 9-9.png: Nothing]]", pictures={"1-1.png": 1})
    assert refusal.value.name == "9-9.png"


@pytest.mark.parametrize(
    "typed",
    [
        *("*a " * 20_000, "[" * 60_000, "[a](" * 15_000, "a" * 60_000, "\\" * 60_000),
        *("[a](https://x" * 5_000, "a@" * 30_000, "https://" * 5_000),
    ],
)
def test_what_is_hostile_is_read_and_written_in_good_time(typed: str) -> None:
    before = time.process_time()
    assert markup.read(markup.write(markup.read(typed))) == markup.read(typed)
    assert time.process_time() - before < 5
