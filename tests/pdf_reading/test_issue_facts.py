"""Title, number and date are read from mastheads, running heads and the rims of pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.normalisation import mostly_cjk
from pdf_reading.issue_text import IssueText
from pdf_reading.layout.lines import Face, Line
from pdf_reading.pipeline import read
from pdf_reading.structure.front_matter import front_matter_of
from tests.pdf_reading.nasty import FONT, HEAD, TEXT, plain, stream, written
from tests.pdf_reading.printed import printed

Words = tuple[float, float, float, str]  # size, x, y from below, text

STORY = "The gauge at the weir was read each morning of the winter by pupils of the mill school."
HEADS = ("Pupils read the gauge", "A bench at the weir", "The mill is open again")

NAMES = (("Rain", "weir"), ("Bread", "mill"), ("Music", "school"), ("Boats", "harbour"))


def story(top: float, *, heads: tuple[str, ...] = HEADS, size: float = 15) -> list[Words]:
    """Articles from a height downwards."""
    found: list[Words] = []
    for head in heads:
        found.append((size, 72, top, head))
        found += [(11, 72, top - 20 - 14 * row, STORY) for row in range(5)]
        top -= 130
    return found


def issue(folder: Path, *pages: list[Words]) -> IssueText:
    pdf = folder / "issue.pdf"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids),
        FONT,
    ]
    for number, page in enumerate(pages):
        shown = "\n".join(
            f"BT /F1 {size} Tf {x} {y} Td ({text.translate(ESCAPED)}) Tj ET"
            for size, x, y, text in page
        )
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (5 + 2 * number),
            stream(shown.encode("cp1252")),
        ]
    pdf.write_bytes(written(objects))
    return read(pdf, limits=Limits())


ESCAPED = str.maketrans({"(": r"\(", ")": r"\)"})


def facts(read: IssueText) -> tuple[str, str, str]:
    return read.title, read.number, read.date


def headlines(read: IssueText) -> list[str]:
    return [article.title for section in read.sections for article in section.articles]


MASTHEADS = {
    "a season below a band": (
        [(30, 72, 780, "Weir Post"), (14, 72, 755, "Issue 4, Spring 2000")],
        ("Weir Post", "Issue 4", "2000 (Spring)"),
    ),
    "editors in large type above the number": (
        [
            (44, 72, 770, "Weir Post"),
            (13, 72, 745, "The paper of the weir and its mill"),
            (13, 72, 725, "Editors: A. Reed and B. Marsh"),
            (14, 72, 700, "Vol:2"),
            (14, 440, 700, "YEAR 2023-24"),
        ],
        ("Weir Post", "Vol:2", "2023-24"),
    ),
    "two teams in larger type below": (
        [
            (26, 72, 780, "The Weir Match Paper"),
            (14, 72, 755, "No. 15 2022/2023"),
            (12, 72, 735, "League match on 9 June 2023, at 6 pm"),
            (30, 72, 690, "FC WEIR -"),
            (30, 72, 655, "SC MILL"),
        ],
        ("The Weir Match Paper", "No. 15 2022/2023", "2023-06-09"),
    ),
    "a number in the line of the title": (
        [(30, 72, 780, "Weir Post No. 7"), (10, 72, 760, "April - June 2025")],
        ("Weir Post", "No. 7", "2025-04/06"),
    ),
    "volume and issue apart": (
        [(30, 72, 780, "Weir Post"), (10, 72, 760, "Volume IV"), (10, 440, 740, "Issue 3")],
        ("Weir Post", "Volume IV, Issue 3", ""),
    ),
    "a date that is not the one beside the number": (
        [
            (30, 72, 780, "Weir Post"),
            (10, 72, 765, "No. 7, May 2026"),
            (10, 72, 715, "Letters until 9 June 2026"),
        ],
        ("Weir Post", "No. 7", "2026-05"),
    ),
    "the week above the name of a parish": (
        [
            (16, 180, 790, "Week beginning 30 June 2019"),
            (16, 180, 770, "Mill and Weir Parish"),
        ],
        ("Mill and Weir Parish", "", "2019-06-30"),
    ),
    "a month in large type below who writes it": (
        [
            (24, 72, 790, "Weir Radio Group"),
            (16, 72, 765, "Secretary A. Reed"),
            (16, 72, 745, "Chairman B. Marsh"),
            (26, 72, 710, "Newsletter"),
            (24, 72, 675, "February 2016"),
        ],
        ("Weir Radio Group", "", "2016-02"),
    ),
    "an institution above a dateline": (
        [
            (12, 380, 790, "Weir Children's Centre"),
            (12, 380, 774, "4 Weir Lane"),
            (18, 200, 730, "March 2026 Newsletter (No 25)"),
        ],
        ("Weir Children's Centre", "No 25", "2026-03"),
    ),
}


@pytest.mark.parametrize(("masthead", "expected"), MASTHEADS.values(), ids=MASTHEADS)
def test_the_masthead_says_title_number_and_date(
    masthead: list[Words], expected: tuple[str, str, str], tmp_path: Path
) -> None:
    found = issue(tmp_path, masthead + story(620))
    assert facts(found) == expected
    assert headlines(found) == list(HEADS)


def test_the_lead_headline_is_not_the_title(tmp_path: Path) -> None:
    lead = [(19.0, 72.0, 780.0, "A flood at the weir"), *story(780)[1:6]]
    found = issue(tmp_path, lead + story(620))
    assert found.title == ""
    assert headlines(found)[0] == "A flood at the weir"


def test_large_type_behind_a_cover_without_text_is_not_the_title(tmp_path: Path) -> None:
    pages = [[(30.0, 72.0, 760.0, "Article of the month"), *story(720)], story(720)]
    assert issue(tmp_path, [], *pages).title == ""


def test_running_heads_say_what_the_first_page_does_not(tmp_path: Path) -> None:
    head: Words = (9, 72, 810, "Weir Post, Volume 3, Issue 2, Spring 2024")
    pages = ([head, *story(720, heads=(f"{n} at the {m}", f"{m} of {n}"))] for n, m in NAMES)
    found = issue(tmp_path, *pages)
    assert facts(found) == ("Weir Post", "Volume 3, Issue 2", "2024 (Spring)")


def test_number_and_date_at_the_foot_of_the_first_page_are_found(tmp_path: Path) -> None:
    foot: list[Words] = [(10, 420, 60, "Volume 1, issue 1"), (10, 420, 46, "October 2014")]
    found = issue(tmp_path, [(48, 72, 760, "Weir Post"), *story(700), *foot])
    assert facts(found) == ("Weir Post", "Volume 1, issue 1", "2014-10")


def test_the_date_of_an_article_is_not_that_of_the_issue(tmp_path: Path) -> None:
    dated: Words = (11, 72, 480, "3 May 2026")
    found = issue(tmp_path, [(48, 72, 760, "Weir Post"), *story(700, heads=HEADS[:1]), dated])
    assert found.date == ""


def test_the_band_of_a_section_on_each_page_is_not_the_title(tmp_path: Path) -> None:
    band: Words = (18, 72, 800, "Research Highlights")
    pages = ([band, *story(720, heads=(f"{n} at the {m}", f"{m} of {n}"))] for n, m in NAMES)
    assert issue(tmp_path, *pages).title == ""


def test_a_banner_on_each_page_is_the_title(tmp_path: Path) -> None:
    banner: Words = (48, 72, 790, "College Leaves")
    pages = ([banner, *story(700, heads=(f"{n} at the {m}", f"{m} of {n}"))] for n, m in NAMES)
    assert issue(tmp_path, *pages).title == "College Leaves"


@pytest.mark.parametrize(
    ("texts", "date"),
    [
        (("We are closed on 8 Nov. 2014.",), "2014-03"),
        (("We are closed on 8 Nov. 2014.", "It was built in 1912."), ""),
        ((), ""),
    ],
    ids=["one year", "two years", "no year"],
)
def test_a_month_without_a_year_is_in_the_only_year_that_is_named(
    texts: tuple[str, ...], date: str, tmp_path: Path
) -> None:
    masthead: list[Words] = [(30, 72, 780, "Weir Post"), (14, 72, 750, "March Newsletter (No 25)")]
    named: list[Words] = [(11, 72, 200 - 14 * n, text) for n, text in enumerate(texts)]
    assert issue(tmp_path, masthead + story(620) + named).date == date


def test_a_date_along_the_edge_of_the_cover_is_that_of_the_issue(tmp_path: Path) -> None:
    edge = b"BT /F1 12 Tf 0 1 -1 0 30 500 Tm (APRIL-JUNE 2025) Tj ET\n"
    head = HEAD.replace(b"(No. 4, May 2026)", b"(for all who row)")
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(edge + head + TEXT)))
    issue = read(pdf, limits=Limits())
    assert issue.date == "2025-04/06"
    assert issue.account.adds_up


def test_an_issue_that_begins_with_the_name_of_a_section_has_no_title(tmp_path: Path) -> None:
    text = "<p>The council will stop asking for long reports from January on, it said.</p>" * 3
    parts = "".join(
        f"<h1>{name}</h1><h2>Much {name.lower()}</h2>{text}<h2>Little {name.lower()}</h2>{text}"
        for name in ("Rain", "Wind", "Snow")
    )
    issue = read(printed(parts, tmp_path / "issue.pdf"), limits=Limits())
    assert issue.title == ""
    assert [(one.title, [article.title for article in one.articles]) for one in issue.sections] == [
        (name, [f"Much {name.lower()}", f"Little {name.lower()}"])
        for name in ("Rain", "Wind", "Snow")
    ]


def line(text: str, top: float, size: float, family: str = "Roman") -> Line:
    wide = 1.0 if mostly_cjk(text) else 0.5
    box = Box(72, top, 72 + min(450, wide * size * len(text)), top + size)
    return Line(1, text, box, top + 0.8 * size, Face(size, bold=False, family=family), right=522)


def test_what_is_larger_than_the_title_below_the_facts_is_the_lead_headline() -> None:
    text = [line(STORY, 200 + 14 * row, 11) for row in range(20)]
    masthead = [line("Lotus Leaves", 20, 46, "Blackletter"), line("Volume 2, May 2026", 70, 9)]
    lines = [*masthead, line("A FERRY LOST", 100, 52, "Grotesque"), *text]
    assert front_matter_of(lines, contents_at=None, body=text[0].face) == len(masthead)


def test_chinese_text_larger_than_the_code_around_it_is_no_cover() -> None:
    text = (
        "楼顶的水平点为原点，坐标取自2025年1月1日8:00，反射点在一百米外，参数每十五分钟更新一次。"
    )
    code = [replace(line("x = state(1);", 20 + 12 * row, 9.5), page=2) for row in range(20)]
    prose = [line(text, 80 + 18 * row, 12, "Song") for row in range(3)]
    lines = [line("周报", 20, 24, "Song"), line("参数", 50, 16, "Song"), *prose, *code]
    assert front_matter_of(lines, contents_at=None, body=code[0].face) < 3
