"""Columns that stand closer together than a character is high."""

from __future__ import annotations

from pdf_reading.glyphs.page import Font, Glyph
from pdf_reading.layout.lines import lines_of

TYPE = Font("Times", bold=False)
SIZE = 12.0
APART = 10.0  # LaTeX's \columnsep


def row(*words: str, number: int, apart: float = APART) -> list[Glyph]:
    """Words on a baseline, each character half as wide as it is high."""
    glyphs, x, baseline = [], 50.0, 100 + number * 1.2 * SIZE
    for word in words:
        for character in word:
            box = (x, baseline - SIZE, x + SIZE / 2, baseline)
            glyphs.append(Glyph(character, *box, baseline, SIZE, TYPE))
            x += SIZE / 2
        x += apart
    return glyphs


def read(*rows: list[Glyph]) -> set[str]:
    return {line.text for line in lines_of(1, [glyph for one in rows for glyph in one], ())}


def test_where_many_lines_go_on_at_one_edge_there_are_two_columns() -> None:
    rows = [row(f"left{n}", f"right{n}", number=n) for n in range(6)]
    assert read(*rows) == {f"{side}{n}" for side in ("left", "right") for n in range(6)}


def test_a_wide_gap_between_words_of_a_justified_line_is_none() -> None:
    rows = [row("wide" * n, "words", number=n) for n in range(1, 7)]
    assert read(*rows) == {f"{'wide' * n} words" for n in range(1, 7)}
