"""Small raised figures and letters stand in the line of the character before them."""

from __future__ import annotations

from pdf_reading.account import Destination
from pdf_reading.glyphs.page import Font, Glyph
from pdf_reading.layout.lines import lines_of
from pdf_reading.layout.omissions import omissions
from pdf_reading.layout.superscripts import with_superscripts

TYPE = Font("Times", bold=False)


def printed(text: str, *, x: float = 50, baseline: float = 100, size: float = 10) -> list[Glyph]:
    """Characters side by side, each half as wide as it is high."""
    half = size / 2
    return [
        Glyph(
            character,
            x + n * half,
            baseline - size,
            x + (n + 1) * half,
            baseline,
            baseline,
            size,
            TYPE,
        )
        for n, character in enumerate(text)
    ]


def read(*parts: list[Glyph]) -> list[str]:
    glyphs = with_superscripts([glyph for part in parts for glyph in part])
    return [line.text for line in lines_of(1, glyphs, ())]


def test_a_raised_figure_belongs_to_the_word_before_it() -> None:
    figure = printed("2", x=60, baseline=96, size=6)
    assert read(printed("km"), figure, printed(" wide", x=63)) == ["km² wide"]


def test_a_raised_number_is_read_whole() -> None:
    assert read(printed("sea."), printed("12", x=70, baseline=96, size=6)) == ["sea.¹²"]


def test_figures_of_the_size_of_the_text_stay_as_they_are() -> None:
    assert read(printed("CO"), printed("2", x=60, baseline=96, size=9)) != ["CO²"]


def test_small_figures_on_the_same_baseline_stay_as_they_are() -> None:
    assert read(printed("No"), printed("7", x=60, size=7)) == ["No7"]


def test_a_small_number_on_a_line_above_stays_there() -> None:
    assert sorted(read(printed("Sea"), printed("31", x=65, baseline=86, size=7))) == ["31", "Sea"]


def test_the_raised_ending_of_an_ordinal_number_goes_back_into_its_word() -> None:
    ending = printed("th", x=90, baseline=96, size=6)
    assert read(printed("on the 4"), ending, printed(" of May", x=96)) == ["on the 4th of May"]
    assert read(printed("May 1"), printed("st", x=75, baseline=96, size=6)) == ["May 1st"]


def test_a_raised_letter_behind_a_word_is_a_superscript() -> None:
    assert read(printed("weir"), printed("a", x=70, baseline=96, size=6)) == ["weirᵃ"]
    assert read(printed("is 2"), printed("n", x=70, baseline=96, size=6)) == ["is 2ⁿ"]


def test_letters_of_a_small_line_above_stay_there() -> None:
    above = printed("the mill", x=55, baseline=89, size=7)
    assert sorted(read(printed("Sea and land"), above)) == ["Sea and land", "the mill"]


def test_letters_printed_again_for_boldness_are_repeated_and_not_lost() -> None:
    glyphs = [*printed("km", baseline=100.4), *printed("km", x=50.3, baseline=100.7)]
    lines = lines_of(1, glyphs, ())
    assert [line.text for line in lines] == ["km"]
    assert omissions(glyphs, lines) == {Destination.REPEATED: 2, Destination.LOST: 0}
