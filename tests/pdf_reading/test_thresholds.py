"""The thresholds that docs/parsing.md names decide where it says they do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pdf_reading.content.paragraphs import paragraphs_of
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.outline import Outline
from pdf_reading.glyphs.page import Bookmark, Font, Glyph, Page
from pdf_reading.layout.columns import columns_of
from pdf_reading.layout.frames import frames_of
from pdf_reading.layout.furniture import furniture_of
from pdf_reading.layout.lines import Face, Line, lines_of
from pdf_reading.layout.paragraph_style import ParagraphStyle, paragraph_style_of
from pdf_reading.layout.sheet import Sheet
from pdf_reading.structure.contents import Contents, Entry
from pdf_reading.structure.heading_classification import classified
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level, levels_of
from pdf_reading.structure.numerals import count_on
from pdf_reading.structure.styles import Style

SIZE = 10.0
BODY = Face(SIZE, bold=False, family="Serif")
OTHER = Face(40.0, bold=True, family="Sans")
LEFT, RIGHT = 50.0, 250.0


def line(
    text: str, *, x0: float = LEFT, x1: float = RIGHT, y: float, page: int = 1, face: Face = BODY
) -> Line:
    """A line on the baseline `y`, in a column from LEFT to RIGHT."""
    box = Box(x0, y - SIZE, x1, y)
    return Line(page, text, box, y, face, left=LEFT, right=RIGHT)


def headline(text: str, *, start: int, size: float = 14.0, page: int = 1) -> Headline:
    """A headline of one line at index `start`, with text below it."""
    face = Face(size, bold=True, family="Sans")
    return Headline(
        text, page, start, start + 1, face, centred=False, tag=0, left=LEFT, top=SIZE * start
    )


def style_of(heads: Sequence[Headline]) -> Style:
    return Style(heads[0].face.size, heads[0].face.bold, heads[0].face.family, tuple(heads))


def entry(title: str, *, level: int = 1) -> Entry:
    return Entry(title, folio=0, page=0, level=level, face=BODY, left=LEFT)


def test_two_lines_beside_two_are_columns() -> None:
    rows = [
        line(f"{side}{n}", x0=x0, x1=x0 + 150, y=100 + 14 * n)
        for side, x0 in (("left", 50.0), ("right", 230.0))
        for n in range(2)
    ]
    columns = columns_of(rows)
    assert [[one.text for one in column.lines] for column in columns] == [
        ["left0", "left1"],
        ["right0", "right1"],
    ]


@pytest.mark.parametrize(("leading", "follows"), [(2.1, True), (2.3, False)])
def test_a_line_follows_at_once_within_two_point_two_sizes(leading: float, follows: bool) -> None:
    """So that the line below a headline, which is never indented, is no first line of text."""
    lines: list[Line] = []
    y = 100.0
    for _ in range(4):
        lines.append(line("It ended here.", x1=RIGHT - 100, y=y))
        y += leading * SIZE
        lines.append(line("The next paragraph begins and is full", x0=LEFT + 15, y=y))
        y += 1.2 * SIZE
        lines.append(line("and goes on in this line to the right", y=y))
        y += 1.2 * SIZE
    assert paragraph_style_of(lines).indents == follows


@pytest.mark.parametrize(
    ("marked", "pages", "removed"),
    [(2, 4, False), (3, 4, True), (3, 6, True), (3, 7, False), (4, 7, True)],
)
def test_a_watermark_is_furniture_on_half_of_the_pages_and_on_three(
    marked: int, pages: int, removed: bool
) -> None:
    def sheet(number: int) -> Sheet:
        text = [
            line(f"Page {number} says in line {n} what no other says", y=100.0 + 14 * n)
            for n in range(40)
        ]
        mark = line("DRAFT", x0=150, x1=250, y=400, page=number, face=OTHER)
        return Sheet(number, 595, 842, (*text, *([mark] if number <= marked else [])))

    sheets = [sheet(number) for number in range(1, pages + 1)]
    assert ("DRAFT" in furniture_of(sheets, body=BODY).words) == removed


@pytest.mark.parametrize(("listed", "members", "decides"), [(2, 5, True), (1, 3, False)])
@pytest.mark.parametrize("by", ["contents", "outline"])
def test_contents_and_outline_decide_on_a_style_from_40_per_cent(
    by: str, listed: int, members: int, decides: bool
) -> None:
    large = [headline(f"Large {n}", start=100 + 10 * n, size=18) for n in range(3)]
    small = [headline(f"Small {n}", start=10 * n) for n in range(members)]
    styles, found = [style_of(large), style_of(small)], small[:listed]
    levels = levels_of(
        styles,
        [*small, *large],
        {id(head): entry(head.text) for head in found if by == "contents"},
        {id(head): 1 for head in found if by == "outline"},
    )
    assert levels[id(small[0])] == (Level.ARTICLE if decides else Level.WITHIN)


@pytest.mark.parametrize(("found", "entries", "believed"), [(2, 5, True), (1, 3, False)])
def test_contents_are_believed_from_40_per_cent_of_their_entries(
    found: int, entries: int, believed: bool
) -> None:
    titles = [f"{name} by the harbour wall" for name in ("Nets", "Ropes", "Buoys", "Lamps", "Oars")]
    heads = [headline(title, start=10 * n) for n, title in enumerate(titles[:found])]
    contents = Contents(tuple(entry(title) for title in titles[:entries]))
    reasons = classified(heads, contents=contents, outline=Outline([]))[0].reasons
    assert (LevelReason.IN_CONTENTS in reasons) == believed


@pytest.mark.parametrize(("shift", "text"), [(0.14, "feet"), (0.16, "ffeeeett")])
def test_a_character_printed_again_within_015_of_its_size_is_one(shift: float, text: str) -> None:
    """Some programs embolden so. Double letters stay."""
    font = Font("Serif", bold=False)
    glyphs = [
        Glyph(character, x, 90, x + 5, 100, 100, SIZE, font)
        for n, character in enumerate("feet")
        for x in (50 + 5.0 * n, 50 + 5.0 * n + shift * SIZE)
    ]
    assert [one.text for one in lines_of(1, glyphs, ())] == [text]


@pytest.mark.parametrize(("share", "kept"), [(0.49, True), (0.51, False)])
def test_a_frame_of_half_the_page_is_its_ground(share: float, kept: bool) -> None:
    frame = Box(100, 100, 500, 100 + share * 1000 * 1000 / 400)
    page = Page(number=1, width=1000, height=1000, frames=[frame])
    assert (frame in frames_of(page, taken=())) == kept


@pytest.mark.parametrize(("others", "found"), [(38, 1), (39, 0)])
def test_of_forty_upright_rules_frames_are_made_and_of_no_more(others: int, found: int) -> None:
    """So that a page full of them is not compared pair by pair."""
    sides = [Box(300, 100, 301, 300), Box(500, 100, 501, 300)]
    level = [Box(300, y, 501, y + 1) for y in (100, 300)]
    before = [Box(10.0 + n, 5.0 * n, 11.0 + n, 5.0 * n + 40) for n in range(others)]
    page = Page(number=1, width=1000, height=1000, rules=[*before, *sides, *level])
    assert len(frames_of(page, taken=())) == found


@pytest.mark.parametrize(("page", "agrees"), [(2, True), (3, True), (4, True), (5, False)])
def test_an_outline_entry_agrees_within_a_page(page: int, agrees: bool) -> None:
    outline = Outline([Bookmark("Nets and ropes", 1, 3)])
    assert (outline.level("Nets and ropes", page=page) == 1) == agrees
    assert outline.leads_elsewhere("Nets and ropes", page=page) != agrees


@pytest.mark.parametrize(
    ("numbers", "counts"),
    [((1, 2, 3, 5, 6, 7), True), ((1, 2, 4, 5), False), ((1, 2, 1, 2), True), ((2, 3, 4), False)],
)
def test_of_five_steps_between_numbers_one_may_be_off(numbers: Sequence[int], counts: bool) -> None:
    assert count_on(numbers) == counts


SANS = Face(10.0, bold=False, family="Sans")


@pytest.mark.parametrize(
    ("last", "face", "count"),
    [("Call Westry 56314", BODY, 1), ("Call Westry 56314", SANS, 2), ("Whoever may", SANS, 1)],
)
def test_a_paragraph_goes_on_on_the_next_page_in_its_own_type(
    last: str, face: Face, count: int
) -> None:
    style = ParagraphStyle(indents=False, justified=False, leading=1.2)
    lines = [line(last, y=700), line("ask the warden", y=100, page=2, face=face)]
    assert len(paragraphs_of(lines, paragraph_style=style)) == count
