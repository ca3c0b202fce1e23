"""Words that stand on one baseline are one line, whatever their size, and no others."""

from __future__ import annotations

from pdf_reading.layout.lines import lines_of, side_by_side
from tests.pdf_reading.test_superscripts import printed


def test_a_motto_close_below_a_large_title_is_a_line_of_its_own() -> None:
    title = printed("WEIR", baseline=100, size=90)
    motto = printed("Newsrounds the", x=60, baseline=122, size=16)
    assert [line.text for line in lines_of(1, [*title, *motto], ())] == ["WEIR", "Newsrounds the"]


def test_small_words_on_the_baseline_of_large_ones_go_on_with_them() -> None:
    line = [*printed("No", size=20), *printed("7", x=71, baseline=100.5, size=9)]
    assert [line.text for line in lines_of(1, line, ())] == ["No7"]


def test_a_word_that_was_parted_by_a_frame_is_whole_again() -> None:
    parts = [*lines_of(1, printed("Har"), ()), *lines_of(1, printed("bour", x=65), ())]
    assert side_by_side(parts).text == "Harbour"
    apart = [*lines_of(1, printed("Har"), ()), *lines_of(1, printed("bour", x=70), ())]
    assert side_by_side(apart).text == "Har bour"


def test_a_figure_in_display_type_beside_a_column_is_none_of_its_words() -> None:
    text, year = printed("in the field of letters"), printed("2019", x=169, size=24)
    assert [line.text for line in lines_of(1, [*text, *year], ())] == [
        "in the field of letters",
        "2019",
    ]


def test_a_large_stroke_stands_between_the_words_of_its_line() -> None:
    line = [*printed("Of the old quays "), *printed("/", x=137, size=24), *printed("News", x=151)]
    assert [line.text for line in lines_of(1, line, ())] == ["Of the old quays / News"]
