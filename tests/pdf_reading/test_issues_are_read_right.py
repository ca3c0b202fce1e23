"""The shipped issues and the zoo are read as they were written."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pdfplumber
import pytest
from django.conf import settings

from pdf_reading import Limits, ParseFailure, UnreadablePdf, parse
from pdf_reading.issue_text import ArticleText, Figure, Heading, Listing, Paragraph, Table

Kind = TypeVar("Kind", Paragraph, Heading, Listing, Figure, Table)

SAMPLES = Path(settings.BASE_DIR, "samples")
ZOO = sorted(
    readings.with_name(readings.name.replace(".expected.json", ".pdf"))
    for readings in Path(settings.BASE_DIR, "tests", "pdfs").glob("*.expected.json")
)


def plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


def passages(article: ArticleText, kind: type[Kind]) -> list[Kind]:
    return [passage for passage in article.passages if isinstance(passage, kind)]


def cells(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in rows]


def every_passage_is_right(pdf: Path) -> None:
    expected = json.loads(pdf.with_suffix(".expected.json").read_text(encoding="utf-8"))
    read = parse(pdf)
    facts = (read.title, read.number, read.date, read.publisher)
    assert facts == tuple(expected[key] for key in ("title", "number", "date", "publisher"))
    headlines_are_right(pdf)
    articles = [article for section in read.sections for article in section.articles]
    wanted = [article for section in expected["sections"] for article in section["articles"]]
    for got, want in zip(articles, wanted, strict=True):
        passages_are_right(got, want)


def passages_are_right(got: ArticleText, want: dict[str, Any]) -> None:
    of = partial(passages, got)
    assert [plain(one.text) for one in of(Paragraph)] == [*map(plain, want["paragraphs"])]
    assert [plain(one.text) for one in of(Heading)] == [*map(plain, want["subheadings"])]
    entries = [plain(entry) for one in of(Listing) for entry in one.entries]
    assert entries == [plain(entry) for entries in want["lists"] for entry in entries]
    assert [cells(table.rows) for table in of(Table)] == [*map(cells, want["tables"])]
    assert [plain(one.caption) for one in of(Figure)] == [*map(plain, want["figures"])]
    assert [plain(one.caption) for one in of(Table)] == [*map(plain, want["table_captions"])]
    assert plain(got.subtitle) == plain(want["subtitle"])
    assert (got.byline, got.date) == (want.get("byline", ""), want.get("date", ""))
    links = {link["url"] for link in want["links"]}
    assert {link.url for link in got.links} == links


def headlines_are_right(pdf: Path) -> None:
    expected = json.loads(pdf.with_suffix(".expected.json").read_text(encoding="utf-8"))
    read = parse(pdf)
    assert [plain(section.title) for section in read.sections] == [
        plain(section["title"]) for section in expected["sections"]
    ]
    for got, wanted in zip(read.sections, expected["sections"], strict=True):
        assert [(plain(a.title), a.source) for a in got.articles] == [
            (plain(a["title"]), a["source"] or "") for a in wanted["articles"]
        ]


@pytest.mark.parametrize("name", ["yunze-2026-09.pdf", "ostermere-2026-09.pdf"])
def test_a_shipped_issue_has_its_sections_headlines_and_sources(name: str) -> None:
    headlines_are_right(SAMPLES / name)


@pytest.mark.parametrize("name", ["yunze-2026-09.pdf", "ostermere-2026-09.pdf"])
def test_every_passage_of_a_shipped_issue_is_read_as_it_was_written(name: str) -> None:
    every_passage_is_right(SAMPLES / name)


@pytest.mark.parametrize("pdf", ZOO, ids=lambda pdf: pdf.stem)
def test_every_passage_of_a_small_issue_is_read_whatever_set_it(pdf: Path) -> None:
    every_passage_is_right(pdf)


def test_a_volume_and_a_month_in_one_line_are_no_day() -> None:
    read = parse(SAMPLES / "ostermere-2026-09.pdf")  # "Vol. 12, No. 9   September 2026"
    assert (read.number, read.date) == ("Vol. 12, No. 9", "2026-09")


def test_the_cover_has_title_number_date_and_publisher() -> None:
    read = parse(SAMPLES / "yunze-2026-09.pdf")
    assert (read.title, read.number, read.date, read.publisher) == (
        "云泽科技信息",
        "2026年第9期（总第132期）",
        "2026-09-15",
        "云泽湖区科技信息所",
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ParseFailure.EMPTY),
        (b"MZ this is a program", ParseFailure.NOT_A_PDF),
        (b"%PDF-1.7\nnothing follows", ParseFailure.DAMAGED),
    ],
)
def test_what_is_no_whole_pdf_is_refused_by_name(
    content: bytes, reason: ParseFailure, tmp_path: Path
) -> None:
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(content)
    with pytest.raises(UnreadablePdf) as error:
        parse(pdf)
    assert error.value.reason == reason


def test_a_truncated_issue_is_refused_as_damaged(tmp_path: Path) -> None:
    whole = (SAMPLES / "yunze-2026-09.pdf").read_bytes()
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(UnreadablePdf) as error:
        parse(pdf)
    assert error.value.reason == ParseFailure.DAMAGED


def test_more_pages_than_allowed_are_refused() -> None:
    with pytest.raises(UnreadablePdf) as error:
        parse(SAMPLES / "yunze-2026-09.pdf", limits=Limits(pages=3))
    assert error.value.reason == ParseFailure.TOO_MANY_PAGES


def test_a_running_head_is_no_label_of_the_figure_below_it() -> None:
    pdf = SAMPLES / "ostermere-2026-09.pdf"
    sections = parse(pdf).sections
    articles = [article for section in sections for article in section.articles]
    places = [figure.place for article in articles for figure in passages(article, Figure)]
    with pdfplumber.open(pdf) as pages:
        for place in places:
            box = (place.x0, place.top, place.x1, place.bottom)
            assert "Vol. 12" not in pages.pages[place.page - 1].crop(box).extract_text()
    assert len(places) == 3
