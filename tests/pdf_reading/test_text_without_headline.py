"""Text under no headline is kept as an article without one, with a warning."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image

from pdf_reading import Limits
from pdf_reading.content.confidence import NEEDS_REVIEW
from pdf_reading.issue_text import Figure, IssueText, Paragraph
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import plain, stream
from tests.pdf_reading.printed import printed

A = "The gauge at the weir was read each morning of the winter by pupils of the mill school, and "
B = "the figures hang in the hall. Whoever wants a copy may ask at the door on Mondays."
TEXT = f"<p>{A * 3}{B}</p><p>{B} {A}{B}</p>"
HEAD = "<h1>The Weir Post</h1><p style='text-align:center'>No. 7 · 3 May 2026</p>"
STORY = f"<h3>Pupils read the gauge</h3>{TEXT}<h3>A bench at the weir</h3>{TEXT}"


def issue_of(html: str, folder: Path) -> IssueText:
    return read(printed(html, folder / "issue.pdf"), limits=Limits())


def outline(issue: IssueText) -> list[tuple[str, list[str]]]:
    return [(part.title, [article.title for article in part.articles]) for part in issue.sections]


def words(issue: IssueText, section: int, article: int) -> str:
    passages = issue.sections[section].articles[article].passages
    return " ".join(one.text for one in passages if isinstance(one, Paragraph))


def warnings(issue: IssueText) -> list[tuple[str, int]]:
    return [(one.code, one.page) for one in issue.warnings if one.code != NEEDS_REVIEW]


def test_a_letter_before_the_first_headline_is_kept(tmp_path: Path) -> None:
    letter = f"<p>Dear friends of the weir,</p>{TEXT}<p>Olive Marsh, for the board</p>"
    issue = issue_of(f"{HEAD}<div class=letter>{letter}</div>{STORY}", tmp_path)
    assert outline(issue) == [("", ["", "Pupils read the gauge", "A bench at the weir"])]
    assert words(issue, 0, 0).startswith("Dear friends of the weir, The gauge")
    assert words(issue, 0, 0).endswith("Olive Marsh, for the board")
    assert (issue.number, issue.date) == ("No. 7", "2026-05-03")
    assert warnings(issue) == [("article_without_headline", 1)]
    assert issue.warnings[-1].words == "Dear friends of the weir,"


def test_a_short_notice_before_the_first_headline_is_kept(tmp_path: Path) -> None:
    notice = "<p>The office is closed from the first to the ninth of May, and nobody answers.</p>"
    issue = issue_of(f"{HEAD}{notice}{STORY}", tmp_path)
    assert outline(issue)[0] == ("", ["", "Pupils read the gauge", "A bench at the weir"])


@pytest.mark.parametrize(
    "line",
    [
        "<p style='text-align:center'>River House · 4 Weir Lane · Sallow</p>",
        "<p style='text-align:center'>“Still waters run deep.”</p>",
        "<p>Editor: Olive Marsh. Address: 4 Weir Lane. Telephone: 555 0100.</p>",
        "<p style='text-align:center'>Newsletter for friends of the weir</p>",
    ],
    ids=["address", "motto", "imprint", "tagline"],
)
def test_a_line_of_the_masthead_is_no_article(line: str, tmp_path: Path) -> None:
    issue = issue_of(f"<h1>The Weir Post</h1>{line}<p>3 May 2026</p>{STORY}", tmp_path)
    assert outline(issue) == [("", ["Pupils read the gauge", "A bench at the weir"])]
    assert warnings(issue) == []


def test_a_section_that_holds_a_picture_alone_keeps_it_without_making_up_a_headline(
    tmp_path: Path,
) -> None:
    Image.effect_noise((300, 200), 90).convert("RGB").save(tmp_path / "map.png")
    source = f"data:image/png;base64,{_base64(tmp_path / 'map.png')}"
    figure = f"<img src='{source}' width=300 style='display:block'>"
    parts = f"<h2>Weir</h2>{STORY}<h2>Mill</h2>{STORY}<h2>Map</h2>{figure}<p>Figure 1. The weir</p>"
    issue = issue_of(f"{HEAD}{parts}", tmp_path)
    assert outline(issue)[-1] == ("Map", [""])
    (kept,) = issue.sections[-1].articles[0].passages
    assert isinstance(kept, Figure)
    assert kept.caption == "Figure 1. The weir"
    assert warnings(issue) == []


def test_text_below_the_name_of_a_section_opens_it(tmp_path: Path) -> None:
    parts = "".join(
        f"<h2>{name}</h2>{note}{STORY}"
        for name, note in (("Weir", ""), ("Mill", TEXT), ("Sea", ""))
    )
    issue = issue_of(f"{HEAD}{parts}", tmp_path)
    heads = ["Pupils read the gauge", "A bench at the weir"]
    assert outline(issue) == [("Weir", heads), ("Mill", ["", *heads]), ("Sea", heads)]
    assert words(issue, 1, 0).startswith("The gauge at the weir")
    assert [code for code, _ in warnings(issue)] == ["article_without_headline"]


@pytest.mark.parametrize("pages", [1, 3])
def test_an_issue_without_headlines_is_one_article(pages: int, tmp_path: Path) -> None:
    text = TEXT + f"<div style='break-before:page'>{TEXT}</div>" * (pages - 1)
    issue = issue_of(f"{HEAD}{text}", tmp_path)
    assert outline(issue) == [("", [""])]
    assert words(issue, 0, 0).count("The gauge at the weir") == pages * 4
    assert warnings(issue) == [("no_headlines", 0)]


def test_one_line_without_a_headline_is_read(tmp_path: Path) -> None:
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(b"BT /F1 11 Tf 72 700 Td (Closed on Monday) Tj ET")))
    issue = read(pdf, limits=Limits())
    assert words(issue, 0, 0) == "Closed on Monday"


def _base64(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def test_text_that_stands_above_the_masthead_alone_is_read(tmp_path: Path) -> None:
    text = b"".join(
        b"BT /F1 11 Tf 72 %d Td (A line that says nothing in particular.) Tj ET\n" % at
        for at in (644, 630, 616, 546)
    )
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(text + b"BT /F1 30 Tf 7 7 Td (Plain Notes) Tj ET")))
    issue = read(pdf, limits=Limits())
    assert words(issue, 0, 0).count("nothing in particular") == 4
    assert outline(issue) == [("", [""])]


def test_a_list_beside_the_masthead_is_left_over_and_not_part_of_it(tmp_path: Path) -> None:
    names = ("Ann", "Ben", "Cleo", "Dan", "Eva", "Fay", "Gus", "Hal", "Ida", "Jon", "Kit", "Lou")
    offices = "".join(f"<p>{name} Harper, keeper of gate {n}</p>" for n, name in enumerate(names))
    head = f"{HEAD}<div style='text-align:center;font-size:8pt'>{offices}</div>"
    issue = issue_of(f"{head}<h2>Pupils read the gauge</h2>{TEXT}{STORY}", tmp_path)
    kept = [piece.text for piece in issue.left_over] + [words(issue, 0, 0)]
    assert any("Harper, keeper of gate 7" in text for text in kept)
