"""What tells the level of a heading can be said in words."""

from __future__ import annotations

from pdf_reading.content.reason_words import in_words
from pdf_reading.layout.lines import Face
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.level_reasons import LevelReason

HEAD = Headline(
    text="Nets and ropes",
    page=1,
    start=0,
    stop=1,
    face=Face(13.5, bold=True, family="Sans"),
    centred=False,
    tag=2,
    left=50.0,
    top=80.0,
)


def test_each_reason_has_words_of_its_own() -> None:
    assert len(set(in_words(LevelReason, HEAD))) == len(LevelReason)


def test_type_and_tag_are_those_of_the_heading() -> None:
    reasons = (LevelReason.SET_IN_TYPE, LevelReason.TAGGED)
    assert in_words(reasons, HEAD) == ("set in 13.5 pt bold", "tagged H2")
