"""Articles that go on on a later page are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.content.continuations import with_continuations
from pdf_reading.issue_text import (
    ArticleText,
    IssueText,
    Link,
    Paragraph,
    ParseWarning,
    SectionText,
)
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

LEAD = "The gauge at the weir was read each morning of the"
REST = "winter by pupils of the school."
OTHER = ArticleText("Boats", passages=(Paragraph("Boats were counted.", 1),))


def joined(*articles: ArticleText) -> list[tuple[str, list[str]]]:
    issue = IssueText("", "", "", "", 3, (SectionText("", articles=articles),))
    [section] = with_continuations(issue).sections
    return [
        (one.title, [text for passage in one.passages for text in passage.texts])
        for one in section.articles
    ]


def article(title: str, *texts: str, page: int = 1) -> ArticleText:
    return ArticleText(title, passages=tuple(Paragraph(text, page) for text in texts))


@pytest.mark.parametrize(
    "rest",
    [
        article("The weir", "(continued from page 1)", REST, page=3),
        article("The weir (continued from page 1)", REST, page=3),
        article("The weir", f"Continued from p. 1 {REST}", page=3),
        article("", "Cont'd from page 1", REST, page=3),
    ],
    ids=["below the headline", "in the headline", "in the text", "without a headline"],
)
def test_text_that_was_continued_is_in_its_article(rest: ArticleText) -> None:
    first = article("The weir and its gauge", f"{LEAD} (continued on page 3, col. 1)")
    found = joined(first, OTHER, rest)
    assert found == [
        ("The weir and its gauge", [f"{LEAD} {REST}"]),
        ("Boats", ["Boats were counted."]),
    ]


def test_two_articles_that_go_on_in_one_are_taken_out_of_it() -> None:
    first = article("The Parallelism of Mills", LEAD, "(continued on page 3)")
    second = article(
        "News of the Weir",
        "One sentence.",
        "(continued on page 2)",
        "News of the Weir (cont. from front page)",
        "Another.",
        "Parallelism (cont. from front page)",
        REST,
    )
    assert joined(first, second) == [
        ("The Parallelism of Mills", [f"{LEAD} {REST}"]),
        ("News of the Weir", ["One sentence.", "Another."]),
    ]


def test_chinese_remarks_are_known() -> None:
    first = article("堤坝", "供水站的新水表每十五分钟", "（下转第2版）")
    assert joined(first, article("", "（上接第1版）", "上传一次流量。", page=2)) == [
        ("堤坝", ["供水站的新水表每十五分钟上传一次流量。"])
    ]


def test_text_behind_another_article_is_taken_from_there() -> None:
    first = article("The weir", "One sentence.", "Continued on page 2")
    host = article("Boats", "Boats were counted.", "(continued from page 1)", "Another.", page=2)
    assert joined(first, host) == [
        ("The weir", ["One sentence.", "Another."]),
        ("Boats", ["Boats were counted."]),
    ]


@pytest.mark.parametrize(
    "articles",
    [
        (article("The weir", f"{LEAD} (continued on page 3)"), OTHER),
        (OTHER, article("The weir", "(continued from page 1)", REST, page=3)),
        (article("The talks", "The talks continued on page one of his book."), OTHER),
    ],
    ids=["no end", "no beginning", "in a sentence"],
)
def test_what_has_no_other_half_stays(articles: tuple[ArticleText, ...]) -> None:
    assert [title for title, _ in joined(*articles)] == [one.title for one in articles]


def test_links_stay_at_their_words_when_paragraphs_are_joined() -> None:
    link = Link(0, 4, 9, "https://example.org/gauge")
    first = ArticleText("Weir", passages=(Paragraph(f"{LEAD} (continued on page 3)", 1, (link,)),))
    end = Link(0, 0, 6, "https://example.org/winter")
    rest = ArticleText(
        "Weir", passages=(Paragraph("(continued from page 1)", 3), Paragraph(REST, 3, (end,)))
    )
    issue = IssueText("", "", "", "", 3, (SectionText("", articles=(first, rest)),))
    [whole] = with_continuations(issue).sections[0].articles[0].passages
    words = [whole.texts[0][one.start : one.stop] for one in whole.links]
    assert words == ["gauge", "winter"]


def test_an_issue_is_read_with_its_articles_whole(tmp_path: Path) -> None:
    text = f"{LEAD} {REST} "
    first = f"<h3>The weir and its gauge</h3><p>{text * 5}</p><p>(continued on page 2)</p>"
    other = f"<h3>Boats on the weir</h3><p>{text * 4}</p>"
    rest = (
        "<h3 style='break-before:page'>The weir and its gauge</h3><p>(continued from page 1)</p>"
        f"<p>Whoever wants a copy may ask. {text * 4}</p>"
    )
    html = f"<h1>The Weir Post</h1><p>No. 7 · 3 May 2026</p>{first}{other}{rest}"
    issue = read(printed(html, tmp_path / "issue.pdf"), limits=Limits())
    articles = [one for section in issue.sections for one in section.articles]
    assert [one.title for one in articles] == ["The weir and its gauge", "Boats on the weir"]
    assert len(articles[0].passages) == 2


def test_what_was_said_about_the_second_half_is_said_no_more() -> None:
    first = article("The weir", f"{LEAD} (continued on page 3)")
    rest = article("", "(continued from page 1)", REST, page=3)
    warnings = (
        ParseWarning("article_without_headline", 3, "(continued from page 1)"),
        ParseWarning("article_without_text", 1, "Boats"),
    )
    issue = IssueText("", "", "", "", 3, (SectionText("", articles=(first, rest)),), warnings)
    assert with_continuations(issue).warnings == warnings[1:]
