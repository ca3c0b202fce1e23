"""Lines of neighbouring columns are not read across, however narrow the columns are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.glyphs.page import Font, Glyph
from pdf_reading.issue_text import IssueText, Paragraph
from pdf_reading.layout.lines import lines_of
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream
from tests.pdf_reading.printed import printed

CSS = """
body { font: 8.5pt/1.35 "DejaVu Serif", serif; text-align: justify }
h3 { font-size: 15pt; margin: 8pt 0 } p { margin: 0 0 4pt }
.four { column-count: 4; column-gap: 3mm } .two { column-count: 2; column-gap: 3mm }
.lead { display: grid; grid-template-columns: 5fr 6fr; gap: 3mm }
"""
PARAGRAPHS = [
    f"The {place} was painted in the week before the fair by pupils of the mill school, who had "
    f"asked for {colour} and were given what the chandler had left over. Whoever wants to help "
    f"with the other {things} may ask at the door on Mondays, and is thanked beforehand with tea."
    for place, colour, things in (
        ("boat house", "green", "sheds"),
        ("weir", "a light grey", "sluices"),
        ("reading room", "yellow", "rooms"),
        ("signal box", "red and white", "huts"),
        ("old pump", "blue", "pumps"),
        ("ferry stage", "the old brown", "stages"),
        ("tithe barn", "black", "gates"),
        ("toll house", "cream", "porches"),
    )
]
PICTURE = (
    "<svg viewBox='0 0 100 60' width=100% {}><rect width=100 height=60 fill='#d8c8a8'/>"
    "<path d='M5 55 L50 8 L95 55 z' fill='#7a7a66'/></svg>"
)
LEAD = PICTURE.format("height=120")
SMALL = PICTURE.format("height=50")


def text(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def issue_of(html: str, folder: Path, *, css: str = "") -> IssueText:
    return read(printed(html, folder / "issue.pdf", css=CSS + css), limits=Limits())


def paragraphs_of(issue: IssueText) -> list[str]:
    articles = [article for section in issue.sections for article in section.articles]
    return [part.text for one in articles for part in one.passages if isinstance(part, Paragraph)]


MASTHEAD = "<h1>The Weir Post</h1><p>No. 7 · 3 May 2026</p>"
HEADS = ("<h3>The harbour is painted in all its colours</h3>", "<h3>And painted again</h3>")


def test_columns_of_four_words_beside_a_picture_are_read_one_by_one(tmp_path: Path) -> None:
    lead = f"<div class=lead><div>{LEAD}</div><div class=two>{text(PARAGRAPHS[:4])}</div></div>"
    html = (
        f"{MASTHEAD}{HEADS[0]}{lead}<div class=four>{text(PARAGRAPHS[4:])}</div>"
        f"{HEADS[1]}<div class=four>{text(PARAGRAPHS[:3])}{SMALL}{text(PARAGRAPHS[3:])}</div>"
    )
    assert paragraphs_of(issue_of(html, tmp_path)) == PARAGRAPHS * 2


@pytest.mark.parametrize("columns", [2, 3, 4, 5])
def test_columns_with_a_narrow_gutter_are_read_one_by_one(columns: int, tmp_path: Path) -> None:
    css = f".some {{ column-count: {columns}; column-gap: 2.6mm }}"
    parts = "".join(f"{head}<div class=some>{text(PARAGRAPHS)}</div>" for head in HEADS)
    html = f"{MASTHEAD}{parts}"
    assert paragraphs_of(issue_of(html, tmp_path, css=css)) == PARAGRAPHS * 2


def test_two_pages_on_a_sheet_are_read_one_by_one(tmp_path: Path) -> None:
    css = (
        "@page { size: A4 landscape } .sheet { display: flex; gap: 24mm } .sheet > div { flex: 1 }"
    )
    html = (
        f"<div class=sheet><div>{MASTHEAD}{HEADS[0]}{text(PARAGRAPHS[:4])}</div>"
        f"<div>{HEADS[1]}{text(PARAGRAPHS[4:])}</div></div>"
    )
    issue = issue_of(html, tmp_path, css=css)
    titles = [article.title for article in issue.sections[0].articles]
    assert titles == ["The harbour is painted in all its colours", "And painted again"]
    assert paragraphs_of(issue) == PARAGRAPHS


def test_lines_that_stand_across_each_other_are_doubted_aloud(tmp_path: Path) -> None:
    across = TEXT.replace(b"Tf 72", b"Tf 230").replace(b"Line", b"Verse")
    for at in range(546, 701, 14):
        across = across.replace(b"230 %d Td" % at, b"230 %d Td" % (at - 7))
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(HEAD + TEXT + across)))
    warnings = read(pdf, limits=Limits()).warnings
    assert [(one.code, one.page) for one in warnings if one.page] == [("order_uncertain", 1)]
    pdf.write_bytes(plain(content=stream(HEAD + TEXT)))
    assert not any(one.page for one in read(pdf, limits=Limits()).warnings)


TYPE = Font("Serif", bold=False)


def row(text: str, *, y: float, word: float) -> list[Glyph]:
    """Words of letters 5 points wide, the gap between two of which is `word` points."""
    glyphs, x = [], 50.0
    for character in text:
        if character == " ":
            x += word
            continue
        glyphs.append(Glyph(character, x, y - 10, x + 5, y, y, 10, TYPE))
        x += 5
    return glyphs


def lines(first: str) -> set[str]:
    others = ["one and two and ten", "two and one and six", "ten and one and two"]
    full = 50.0 + 5 * 15 + 4 * 4
    spare = full - 50.0 - 5 * len(first.replace(" ", ""))
    loose = row(first, y=100, word=spare / first.count(" "))
    rows = [loose, *(row(text, y=115 + 15 * n, word=4) for n, text in enumerate(others))]
    return {line.text for line in lines_of(1, [glyph for one in rows for glyph in one], ())}


def test_the_words_of_a_loose_justified_line_are_one_line() -> None:
    assert "on an and" in lines("on an and")


def test_a_row_of_figures_is_no_loose_line() -> None:
    assert {"12", "345", "67"} <= lines("12 345 67")
