"""A table has rows and columns of like things: articles in frames, charts and bands are none."""

from __future__ import annotations

import re
from pathlib import Path

from pdf_reading import Limits
from pdf_reading.issue_text import IssueText, Paragraph, Table
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream
from tests.pdf_reading.printed import printed

MASTHEAD = "<h1>The Weir Post</h1><p>No. 7 · 3 May 2026</p>"
A = "The gauge at the weir was read each morning of the winter by pupils of the mill school, and "
B = "the figures hang in the hall. Whoever wants a copy may ask at the door on Mondays."
STORY = f"<h3>Pupils read the gauge</h3><p>{A * 2}{B}</p><p>{A}{B}</p>"
PICTURE = "<svg viewBox='0 0 100 60' width=130 height=90><rect width=100 height=60 fill='#d8c8a8'/>"
PICTURE += "<path d='M5 55 L50 8 L95 55 z' fill='#7a7a66'/></svg>"


def issue_of(html: str, folder: Path, *, css: str = "") -> IssueText:
    return read(printed(html, folder / "issue.pdf", css=css), limits=Limits())


def titles(issue: IssueText) -> list[str]:
    return [article.title for section in issue.sections for article in section.articles]


def tables(issue: IssueText) -> list[Table]:
    articles = [article for section in issue.sections for article in section.articles]
    return [part for one in articles for part in one.passages if isinstance(part, Table)]


def paragraphs(issue: IssueText) -> list[str]:
    articles = [article for section in issue.sections for article in section.articles]
    return [part.text for one in articles for part in one.passages if isinstance(part, Paragraph)]


def test_an_article_in_a_tinted_frame_above_a_band_is_an_article(tmp_path: Path) -> None:
    css = """
.frame { border: 1.5pt solid #246; background: #ec9; padding: 6pt; margin: 0 }
.band { border: 1.5pt solid #246; border-top: 0; padding: 6pt; display: flex;
        justify-content: space-between } .left { float: left } .right { float: right }
"""
    pictures = PICTURE.replace("<svg", "<svg class=left") + PICTURE.replace(
        "<svg", "<svg class=right"
    )
    inner = f"<h3>A bench at the weir</h3><p>{A}</p>{pictures}<p>{A * 3}{B}</p><p>{B}</p>"
    band = "<div class=band><b>Pass it on</b><b>by word of mouth</b><b>May</b></div>"
    html = f"{MASTHEAD}{STORY}<div class=frame>{inner}<br clear=all></div>{band}"
    issue = issue_of(html, tmp_path, css=css)
    assert tables(issue) == []
    assert "A bench at the weir" in titles(issue)
    assert f"{A * 3}{B}" in paragraphs(issue)


def test_a_grid_of_framed_items_is_items(tmp_path: Path) -> None:
    css = "table { border-collapse: collapse } td { border: 1pt solid; padding: 6pt; width: 50% }"
    names = ("Bench", "Boat", "Gauge", "Stage")
    cells = [f"<td><h3>{name} of the weir</h3><p>{A}{B}</p><p>{B}</p></td>" for name in names]
    grid = f"<tr>{''.join(cells[:2])}</tr><tr>{''.join(cells[2:])}</tr>"
    issue = issue_of(f"{MASTHEAD}{STORY}<table>{grid}</table>", tmp_path, css=css)
    assert tables(issue) == []
    assert titles(issue) == ["Pupils read the gauge", *(f"{name} of the weir" for name in names)]
    assert " ".join(paragraphs(issue)).count(A + B) == 6


def test_a_table_of_prose_beside_dates_is_one(tmp_path: Path) -> None:
    css = "table { border-collapse: collapse } td, th { border: 1pt solid; padding: 4pt }"
    rows = "".join(f"<tr><td>{day} May</td><td>{A}{B}</td></tr>" for day in (3, 10, 17))
    table = f"<table><tr><th>When</th><th>What</th></tr>{rows}</table>"
    found = tables(issue_of(f"{MASTHEAD}{STORY}{table}", tmp_path, css=css))
    assert [[row[0] for row in table.rows] for table in found] == [
        ["When", "3 May", "10 May", "17 May"]
    ]


def drawn(content: bytes, folder: Path) -> IssueText:
    pdf = folder / "issue.pdf"
    pdf.write_bytes(plain(content=stream(content + b"0 g " + HEAD + TEXT)))
    return read(pdf, limits=Limits())


def test_a_chart_whose_grid_goes_through_its_words_is_no_table(tmp_path: Path) -> None:
    grid = b"".join(b"%d 300 m %d 420 l S " % (x, x) for x in range(90, 391, 60))
    grid += b"".join(b"90 %d m 390 %d l S " % (y, y) for y in range(300, 421, 30))
    values = b"".join(
        b"BT /F1 9 Tf %d %d Td (%d,%d50) Tj ET " % (78 + 60 * n, 310 + 30 * (n % 4), 40 + n, n)
        for n in range(1, 6)
    )
    assert tables(drawn(grid + values, tmp_path)) == []


def test_a_band_of_colour_with_a_title_is_no_table(tmp_path: Path) -> None:
    band = b"0.8 g 60 360 480 70 re f 0 g "
    words = b"".join(
        b"BT /F1 18 Tf %d %d Td (%b) Tj ET " % place
        for place in ((80, 388, b"The weir"), (250, 400, b"How"), (310, 400, b"is"))
    )
    more = b"BT /F1 18 Tf 250 376 Td (it) Tj ET BT /F1 18 Tf 310 376 Td (read?) Tj ET "
    assert tables(drawn(band + words + more, tmp_path)) == []


def test_two_frames_side_by_side_are_no_table(tmp_path: Path) -> None:
    """As Word sets them: one border runs above both, each has walls of its own, and the next frame
    begins close below."""
    walls = b"".join(b"%d 200 m %d 330 l S " % (x, x) for x in (60, 285, 305, 540))
    level = b"60 330 m 540 330 l S 60 200 m 285 200 l S 305 200 m 540 200 l S 60 190 m 540 190 l S "
    words = b"".join(
        b"BT /F1 11 Tf %d %d Td (%b %d) Tj ET " % (x, 315 - leading * n, name, n)
        for x, name, leading in (
            (70, b"Worship at ten", 13),
            (320, b"Collect of the day", 14),
        )
        for n in range(8)
    )
    issue = drawn(walls + level + words, tmp_path)
    assert tables(issue) == []
    text = " ".join(paragraphs(issue))
    assert text.index("ten 7") < text.index("Collect of the day 0")


def test_a_ground_across_the_page_that_begins_in_a_paragraph_is_no_box(tmp_path: Path) -> None:
    large = TEXT.replace(b"/F1 11", b"/F1 13").replace(b"particular.", b"particular")
    small = re.sub(rb"72 (\d+) Td", lambda at: b"72 %d Td" % (int(at[1]) - 210), TEXT)
    second = b" BT /F1 16 Tf 72 515 Td (Another headline) Tj ET " + b" ".join(
        small.split(b"\n")[:3]
    )
    ground = b"0.9 g 0 300 595 278 re f 0 g "  # from one of the last lines of the first article on
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(ground + HEAD + large + second)))
    issue = read(pdf, limits=Limits())
    assert titles(issue) == ["A plain headline", "Another headline"]
    assert "Line 11" in paragraphs(issue)[0]


def test_a_frame_right_below_a_heading_holds_what_that_heads(tmp_path: Path) -> None:
    rows = b"".join(
        b"BT /F1 11 Tf 90 %d Td (Row %d of what is printed in the frame.) Tj ET "
        % (400 - 14 * n, n)
        for n in range(4)
    )
    head = b"BT /F1 16 Tf 240 448 Td (In the frame below) Tj ET "
    deck = b"BT /F1 13 Tf 250 422 Td (Third Sunday of May) Tj ET "
    issue = drawn(b"80 340 470 102 re S " + head + deck + rows, tmp_path)
    assert titles(issue) == ["A plain headline", "In the frame below"]
    assert paragraphs(issue)[-1].startswith("Row 0")
