"""Headlines of which people gave some a style of their program, and set the others by hand."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.outline import Outline
from pdf_reading.glyphs.page import Bookmark
from pdf_reading.layout.lines import Face, Line
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.heading_classification import classified
from pdf_reading.structure.headings import Headline, headline
from pdf_reading.structure.levels import Level
from pdf_reading.structure.looks import is_title

BOLD = Face(14.0, bold=True, family="latin:Lato")
BODY = Face(11.0, bold=False, family="latin:Lato")


def head(text: str, at: int, *, size: float = 14.0, tag: int = 0, below: int = 600) -> Headline:
    face = Face(size, bold=True, family="latin:Lato")
    return Headline(
        text,
        1 + at // 20,
        at,
        at + 1,
        face,
        False,
        tag,
        72,
        10.0 * at,
        below=below,
        scale=size / 11,
    )


def articles(heads: Sequence[Headline], *bookmarks: Bookmark) -> list[str]:
    found = classified(heads, contents=Contents(), outline=Outline(bookmarks))
    return [one.headline.text for one in found if one.level is Level.ARTICLE]


def test_a_few_tagged_headlines_do_not_sink_those_without_a_tag() -> None:
    heads = [
        head("A lamp for the quay", 0, tag=1),
        head("The ferry sails later", 10),
        head("Bread is baked again", 20),
        head("Who mends the clock", 30),
        head("A choir for the mill", 40, tag=1),
    ]
    assert articles(heads) == [one.text for one in heads]


def test_smaller_headings_without_a_tag_stay_below_tagged_headlines() -> None:
    heads = [head("A lamp for the quay", 0, size=18, tag=1)]
    heads += [head(f"What the {word} say", 10 + n, size=13) for n, word in enumerate("abc")]
    heads += [head("The ferry sails later", 30, size=18, tag=1)]
    assert articles(heads) == ["A lamp for the quay", "The ferry sails later"]


def test_a_lone_headline_holds_no_issue_whatever_the_outline_says() -> None:
    heads = [
        head("From the editor", 0, size=21),
        head("The ferry sails later", 10, size=18),
        head("Bread is baked again", 20, size=18),
        head("Who mends the clock", 30, size=18),
    ]
    bookmarks = [Bookmark(one.text, int(n > 0), one.page) for n, one in enumerate(heads)]
    assert articles(heads, *bookmarks) == [one.text for one in heads]


def test_a_title_may_name_a_day() -> None:
    assert is_title("A walk along the harbour on 14 February 2026 with the mill school")
    assert not is_title("Newsletter July 2026")


def line(text: str, x0: float, x1: float, top: float, face: Face) -> Line:
    box = Box(x0, top, x1, top + face.size)
    return Line(1, text, box, top + face.size, face, left=40, right=520)


def test_a_headline_stands_in_the_middle_of_its_paragraph_beside_a_picture() -> None:
    lines = [
        line("A lamp for the quay", 320, 440, 100, BOLD),
        line("The council has bought a lamp and asks who will light it", 240, 520, 116, BODY),
        line("every evening from October on, in all winds, for a year", 240, 516, 130, BODY),
    ]
    assert headline(lines, 0, 1).centred
    flush = [line("A lamp for the quay", 240, 360, 100, BOLD), *lines[1:]]
    assert not headline(flush, 0, 1).centred
