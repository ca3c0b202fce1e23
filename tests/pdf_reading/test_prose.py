"""What stands in a figure is text if there is more of it than labels have."""

from __future__ import annotations

import pytest

from pdf_reading.content.prose import holds_prose
from pdf_reading.glyphs.geometry import Box
from pdf_reading.layout.lines import Face, Inset, Line

NAMES = [f"Ann Harper, keeper of gate {n}" for n in range(14)]
SENTENCES = ["The gauge was read each morning. ", "Whoever wants a copy may ask at the door."]


@pytest.mark.parametrize(
    ("texts", "is_text"),
    [(NAMES, True), (NAMES[:5], False), (2 * SENTENCES, True), (["21.88", "June"], False)],
)
def test_many_words_in_a_figure_are_more_than_labels(texts: list[str], *, is_text: bool) -> None:
    box = Box(0, 0, 200, 10)
    words = tuple(Line(1, text, box, 10.0, Face(10, bold=False, family="")) for text in texts)
    assert holds_prose(Inset("figure", box, words=words)) is is_text
