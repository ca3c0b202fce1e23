"""Printed contents: in columns, broken where a column is narrow, and ended where they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.issue_text import IssueText
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

HEADS = (
    "Pupils read the gauge at the weir",
    "A bench for those who wait",
    "The mill is open again",
    "New rules for small boats",
    "Who feeds the geese in winter",
    "Old maps found in a barn",
    "Choir asks for more voices",
    "The ferry runs until nine",
)
SAME = "The gauge at the weir was read each morning of the winter by pupils of the mill school. "
STORY = f"<p>{SAME * 4}</p>" * 2
FORMS = {
    "dots": "<div>{head} ..... {page}</div>",
    "page first": "<div>{page} {head}</div>",
    "page last": "<div>{head} {page}</div>",
    "no page": "<div>{head}</div>",
}


def issue_of(folder: Path, *, form: str, columns: int, gap: int) -> IssueText:
    """An issue in which each article says the same, two on a page."""
    entries = [(head, 2 + n // 2) for n, head in enumerate(HEADS)]
    listed = "".join(FORMS[form].format(head=head, page=page) for head, page in entries)
    look = f"columns:{columns};column-gap:{gap}px;font-size:{14 if columns < 3 else 10}px"
    break_ = "<div style='break-before:page'></div>"
    body = "".join(
        f"{break_ if n % 2 == 0 else ''}<h2>{head}</h2>{STORY}" for n, head in enumerate(HEADS)
    )
    masthead = "<h1>The Weir Post</h1><p style='text-align:center'>No. 7 · 3 May 2026</p>"
    html = f"{masthead}<h3>In this issue</h3><div style='{look}'>{listed}</div>{body}"
    return read(printed(html, folder / "issue.pdf"), limits=Limits())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("columns", "gap"), [(1, 0), (2, 8), (2, 30), (3, 30)])
def test_contents_in_columns_list_the_articles_and_are_none(
    form: str, columns: int, gap: int, tmp_path: Path
) -> None:
    issue = issue_of(tmp_path, form=form, columns=columns, gap=gap)
    assert [[one.title for one in section.articles] for section in issue.sections] == [[*HEADS]]
    assert [article.pages[0] for article in issue.sections[0].articles] == [2, 2, 3, 3, 4, 4, 5, 5]
    assert issue.warnings == ()
    texts = {len(article.passages) for article in issue.sections[0].articles}
    assert texts == {2}  # text that stands in all articles alike is no entry of the contents


@pytest.mark.parametrize("form", ["{head}({page}-9) ……………… 岳桂", "{head} ------------ Ada Moss"])
def test_leaders_may_lead_to_who_wrote_it(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMS, "credit", f"<div>• {form}</div>")
    issue = issue_of(tmp_path, form="credit", columns=1, gap=0)
    assert [[one.title for one in section.articles] for section in issue.sections] == [[*HEADS]]
    assert issue.warnings == ()
