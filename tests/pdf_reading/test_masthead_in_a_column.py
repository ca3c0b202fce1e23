"""A masthead over the right column is that of the issue, and heads nothing beside it."""

from __future__ import annotations

from pathlib import Path

from pdf_reading import Limits
from pdf_reading.issue_text import IssueText
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

A = "The council has counted the carts of the spring, and there were more of them than last year. "
CSS = """.page { position: relative; height: 250mm }
.left, .right { position: absolute; width: 80mm } .left { left: 0; top: 50mm }
.right { right: 0; top: 0 } .right .text { margin-top: 12mm }
h1 { font-size: 24pt; margin: 0 } .facts { font-size: 16pt; font-weight: bold }
h2 { font-size: 14pt; margin: 4mm 0 2mm }"""


def item(title: str) -> str:
    return f"<h2>{title}</h2><p>{A * 2}</p><p>{A}</p>"


def issue_of(masthead: str, folder: Path) -> IssueText:
    html = (
        f"<div class=page><div class=left>{item('A walk in May')}{item('The oak is felled')}</div>"
        f"<div class=right>{masthead}<div class=text>{item('Hill school')}</div></div></div>"
        f"<div>{item('New members')}{item('What is in flower')}</div>"
    )
    return read(printed(html, folder / "issue.pdf", css=CSS), limits=Limits())


def titles(issue: IssueText) -> list[str]:
    return [article.title for section in issue.sections for article in section.articles]


HEADS = ["A walk in May", "The oak is felled", "Hill school", "New members", "What is in flower"]


def test_a_masthead_over_a_later_column_gives_the_facts(tmp_path: Path) -> None:
    masthead = "<h1>Birch Ridge Care</h1><div class=facts>Newsletter June 2026</div>"
    issue = issue_of(masthead, tmp_path)
    assert (issue.title, issue.date) == ("Birch Ridge Care", "2026-06")
    assert titles(issue) == HEADS


def test_large_type_over_a_later_column_without_facts_is_a_headline(tmp_path: Path) -> None:
    issue = issue_of(f"<h1>The ridge is ours</h1><p>{A * 2}</p>", tmp_path)
    assert "The ridge is ours" in titles(issue)
