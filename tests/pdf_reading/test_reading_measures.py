"""What `make bench-reading` counts of an issue whose headings are known."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks.reading.dates import is_same
from benchmarks.reading.headings import found_headlines, found_sections
from benchmarks.reading.lost_text import remaining_text
from benchmarks.reading.repairs import repairs
from benchmarks.reading.truth import digest, truth_of
from pdf_reading.account import Account, Destination, PageAccount
from pdf_reading.issue_text import ArticleText, Heading, IssueText, Paragraph, SectionText
from tests.pdf_reading.typed import typed

TEXT = Paragraph("The boats go out at six.", 1)


def issue_of(**sections: list[ArticleText]) -> IssueText:
    parts = tuple(SectionText(name.strip("_"), 1, tuple(own)) for name, own in sections.items())
    return IssueText("", "", "", "", page_count=1, sections=parts)


def article(title: str, *passages: Paragraph | Heading) -> ArticleText:
    return ArticleText(title, passages=passages or (TEXT,))


def truth(**sections: list[str]) -> dict[str, object]:
    return {
        "sections": [
            {"title": name.strip("_"), "articles": [{"title": title} for title in titles]}
            for name, titles in sections.items()
        ]
    }


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (issue_of(News=[article("Boats")]), "write"),
        (issue_of(News=[article("Boats", TEXT, Heading("Locks", 1), TEXT)]), "split"),
        (issue_of(News=[article("Boats"), article("Locks"), article("Tea")]), "merge"),
        (issue_of(News=[article("Boats"), article("Locks"), article("")]), "merge"),
        (issue_of(News=[article("Boats")], Locks=[]), "level"),
        (issue_of(_=[article("News"), article("Boats"), article("Locks")]), "level"),
        (issue_of(News=[article("Boats"), article("Locks"), ArticleText("7")]), "delete"),
        (issue_of(News=[article("Boats"), article("Locks")], Tea=[]), "delete"),
    ],
)
def test_each_heading_that_is_wrong_is_one_repair(read: IssueText, kind: str) -> None:
    wanted = truth_of(truth(News=["Boats", "Locks"]))
    assert +repairs(read, wanted) == {kind: 1}


def test_a_reading_as_it_should_be_needs_no_repair() -> None:
    wanted = truth_of(truth(_=[""], News=["Boats", "Locks"]))
    read = issue_of(_=[article("")], News=[article("BOATS!"), article("Locks")])
    assert not repairs(read, wanted).total()


def test_headings_are_found_by_beginning_length_and_hash_alone() -> None:
    record = {
        "sections": [
            {
                "title": None,
                "headlines": [
                    {"begins": "boatsa", "letters": 13, "sha256": digest("boatsandlocks")},
                    {"begins": "tea", "letters": 3, "sha256": digest("tea")},
                ],
            }
        ],
        "either_way": [{"begins": "rope", "letters": 4, "sha256": digest("rope")}],
    }
    wanted = truth_of(record)
    read = issue_of(Rope=[article("Boats and ‘locks’"), article("Rope"), article("Ten")])
    score = found_headlines(read, wanted).score
    assert (score.hits, score.read, score.expected) == (1, 2, 2)
    assert found_sections(read, wanted).score.f1() == 1


@pytest.mark.parametrize(
    ("read", "wanted", "same"),
    [
        ("2025-04/2025-06", "2025-04/06", True),
        ("2023/2024", "2023-24", True),
        ("2000-21", "2000 (Spring)", True),
        ("2014-10", "2014-10", True),
        ("2014", "2014-10", False),
        ("", "", True),
        ("", "2014-10", False),
    ],
)
def test_dates_are_right_however_they_are_written(read: str, wanted: str, *, same: bool) -> None:
    assert is_same(read, wanted) is same


def test_a_paragraph_that_no_article_holds_is_lost_text(tmp_path: Path) -> None:
    kept, gone = "图书馆延长开放时间" * 8, "河流观察志愿者招募活动" * 8
    pdf = typed(f"{kept}\n{gone}", tmp_path / "issue.pdf")
    both = issue_of(_=[article("", Paragraph(kept, 1), Paragraph(gone, 1))])
    one = issue_of(_=[article("", Paragraph(kept, 1))])
    assert remaining_text(pdf, both).lost.mean() == 1
    assert remaining_text(pdf, one).lost.mean() == pytest.approx(
        len(kept) / len(kept + gone), abs=0.01
    )


def test_what_the_account_calls_invisible_is_set_apart_and_no_more_than_that(
    tmp_path: Path,
) -> None:
    kept, hidden, gone = (
        "图书馆延长开放时间" * 8,
        "内部参考不得外传请勿转发" * 8,
        "河流观察志愿者招募活动" * 8,
    )
    pdf = typed(f"{kept}\n{hidden}\n{kept}\n{gone}", tmp_path / "issue.pdf")
    unseen = PageAccount(1, 400, {Destination.INVISIBLE: len(hidden)})
    read = replace(issue_of(_=[article("", Paragraph(kept, 1))]), account=Account((unseen,)))
    shown = 1 - len(gone) / len(2 * kept + hidden + gone)
    text = remaining_text(pdf, read)
    assert text.lost.mean() == pytest.approx(shown, abs=0.01)
    assert text.apart.mean() == pytest.approx(
        1 - len(hidden + gone) / len(2 * kept + hidden + gone), abs=0.01
    )
