"""Lines that are much alike: text stays text, and pull quotes are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.issue_text import ArticleText, Heading, IssueText, Paragraph
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

HEAD = "<h1>Jetty Notices</h1><p>No. 9, September 2026</p>"
A = "The council has bought a new pump for the lower lock, after two summers of asking for one."
B = "It will be fitted in May, when the boats can wait above the weir for a week without harm."


def articles(issue: IssueText) -> list[ArticleText]:
    return [article for section in issue.sections for article in section.articles]


def notice(n: int) -> str:
    return (
        f"<h3>Notice {n}: approval of a small jetty</h3><p>Application {4000 + n} was received on "
        f"day {n % 28 + 1} of the month and was approved on day {n % 27 + 2}. The fee of "
        f"{n * 3 + 50} crowns is due within 14 days.</p><p>The jetty may be {n % 9 + 4} metres "
        f"long. Objections may be lodged within 30 days at desk {n % 5 + 1}.</p>"
    )


@pytest.mark.parametrize("folios", [True, False])
@pytest.mark.parametrize("css", ["", "body { font-size: 10pt } h3 { font-size: 10pt }"])
def test_three_hundred_notices_that_differ_in_numbers_are_whole(
    css: str, folios: bool, tmp_path: Path
) -> None:
    parts = (
        f"<h2>Part {part}</h2>" + "".join(map(notice, range(part * 30, part * 30 + 30)))
        for part in range(10)
    )
    pdf = printed(HEAD + "".join(parts), tmp_path / "issue.pdf", css=css, folios=folios)
    found = articles(read(pdf, limits=Limits()))
    assert [one.title for one in found] == [
        f"Notice {n}: approval of a small jetty" for n in range(300)
    ]
    for n, one in enumerate(found):
        texts = [part.text for part in one.passages if isinstance(part, Paragraph)]
        assert [text.split()[:2] for text in texts] == [
            ["Application", str(4000 + n)],
            ["The", "jetty"],
        ]
        assert texts[0].endswith("14 days.")
        assert texts[1].endswith(f"desk {n % 5 + 1}.")


def test_a_notice_on_each_page_keeps_its_headline(tmp_path: Path) -> None:
    css = "h3 { break-before: page; font-size: 11pt }"
    pdf = printed(HEAD + "".join(map(notice, range(12))), tmp_path / "issue.pdf", css=css)
    found = articles(read(pdf, limits=Limits()))
    assert [one.title.split(":")[0] for one in found] == [f"Notice {n}" for n in range(12)]
    for n, one in enumerate(found):
        text = " ".join(part.text for part in one.passages if isinstance(part, Paragraph))
        assert text.startswith(f"Application {4000 + n}")
        assert text.endswith(f"desk {n % 5 + 1}.")


def headings(body: str, folder: Path) -> list[str]:
    rest = f"<h3>Lock keepers meet</h3><p>{B} {B}</p><h3>Otters seen</h3><p>{B} {B}</p>"
    issue = read(printed(HEAD + body + rest, folder / "issue.pdf"), limits=Limits())
    first = articles(issue)[0]
    return [part.text for part in first.passages if isinstance(part, Heading)]


SUB = "<p style='font-weight:bold'>{}</p>"
QUOTE = "<p style='font-size:16pt;text-align:center;margin:14pt 60pt'>{}</p>"


def test_a_sub_heading_whose_words_return_is_kept(tmp_path: Path) -> None:
    sub = "A new pump for the lower lock"
    body = f"<h3>From the council</h3><p>{B}</p>{SUB.format(sub)}<p>{A} {B}</p>"
    assert headings(body, tmp_path) == [sub]


def test_a_large_sub_heading_in_the_middle_whose_words_return_is_kept(tmp_path: Path) -> None:
    sub = "A new pump for the lower lock"
    style = "font-size:12pt;font-weight:bold;text-align:center"
    other = f"<p style='{style}'>What it means for boats</p><p>{B}</p>"
    body = f"<h3>From the council</h3><p>{B}</p><p style='{style}'>{sub}</p><p>{A} {B}</p>{other}"
    assert headings(body, tmp_path) == [sub, "What it means for boats"]


@pytest.mark.parametrize("quote", [f"“{A}”", A], ids=["quoted", "a_sentence"])
def test_a_pull_quote_is_left_out(quote: str, tmp_path: Path) -> None:
    body = f"<h3>From the council</h3><p>{A} {B}</p>{QUOTE.format(quote)}<p>{B} {B}</p>"
    assert headings(body, tmp_path) == []
