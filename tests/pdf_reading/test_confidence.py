"""How sure a reading is of itself, and what it asks the editor to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from msgspec.structs import replace

from pdf_reading import Limits
from pdf_reading.content.articles import ArticleDraft, SectionDraft
from pdf_reading.content.confidence import (
    NEEDS_REVIEW,
    weights,
    with_articles,
    with_confidence,
    with_issue,
)
from pdf_reading.content.contents_warnings import contents_warnings
from pdf_reading.content.evidence import Evidence
from pdf_reading.content.warnings import heading_warnings
from pdf_reading.glyphs.outline import Outline
from pdf_reading.issue_text import ParseWarning
from pdf_reading.layout.lines import Face
from pdf_reading.pipeline import read, read_with_evidence
from pdf_reading.structure.contents import Contents, Entry
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level
from tests.pdf_reading.printed import printed

TOP = Path(settings.BASE_DIR)
EXACT = sorted(
    expected.with_name(expected.name.replace(".expected.json", ".pdf"))
    for folder in ("samples", "tests/pdfs")
    for expected in (TOP / folder).glob("*.expected.json")
)
UNSURE = {
    of: {name: float(weight < 0) for name, weight in weights()[of].items()}
    for of in ("issue", "article")
}
FACE = Face(size=12, bold=True, family="serif")
TEXT = "<p>The harbour office has counted the boats of the spring again, with help.</p>" * 3


@pytest.mark.parametrize("pdf", EXACT, ids=lambda pdf: pdf.stem)
def test_an_exact_reading_is_sure_of_itself_and_has_no_warning(pdf: Path) -> None:
    issue = read(pdf, limits=Limits())
    assert issue.warnings == ()
    assert issue.confidence > weights()["review_below"]


def test_every_weight_is_that_of_something_that_is_found_in_a_reading() -> None:
    _, evidence = read_with_evidence(EXACT[0], limits=Limits())
    assert weights()["article"].keys() <= {"", *evidence.articles[0]}
    assert weights()["issue"].keys() <= {"", *with_articles(evidence.issue, [0.9])}
    assert weights()["both"].keys() == {"", *with_issue(0.9, 0.9)}


def test_an_issue_that_is_not_sure_of_its_headlines_says_so_first(tmp_path: Path) -> None:
    looks = ["color: #a00", "font: bold 11pt sans-serif", "font: italic 16pt serif"]
    items = "".join(
        f'<p style="{looks[at % 3]}">Notice number {at}</p>{TEXT * (1 + at % 4)}' for at in range(9)
    )
    pdf = printed(f"{TEXT * 9}{items}", tmp_path / "issue.pdf")
    issue = read(pdf, limits=Limits())
    assert issue.confidence < weights()["review_below"]
    assert issue.warnings[0] == ParseWarning(NEEDS_REVIEW, 0)


def test_what_is_only_unusual_is_asked_about_where_the_reading_is_not_sure() -> None:
    issue, evidence = read_with_evidence(EXACT[0], limits=Limits())
    title = issue.sections[0].articles[0].title
    unusual = (ParseWarning("article_from_box", 1, title), ParseWarning("vertical_text", 1))
    weak = Evidence(UNSURE["issue"], (UNSURE["article"],) * len(evidence.articles))
    assert with_confidence(replace(issue, warnings=unusual), evidence).warnings == ()
    assert set(unusual) < set(with_confidence(replace(issue, warnings=unusual), weak).warnings)


def test_a_headline_and_the_entry_that_is_printed_for_it_are_not_both_in_question() -> None:
    head = heading("Salt works", LevelReason.NOT_IN_CONTENTS)
    other = heading("The library van", LevelReason.NOT_IN_CONTENTS)
    listed = [heading(name) for name in ("The boats of the spring", "A roof for the boat house")]
    entries = [entry(one.headline.text) for one in listed]
    found = contents_warnings(
        [*listed, head, other],
        Contents((*entries, entry("Salt works: what the schools saw there"))),
    )
    assert found == (ParseWarning("headline_not_in_contents", 1, "The library van"),)


def test_an_entry_of_which_the_headline_stands_in_a_box_is_not_in_question() -> None:
    heads = [heading(name) for name in ("The boats of the spring", "A roof for the boat house")]
    boxed = heading("Salt works", LevelReason.IN_A_BOX)
    found = heading_warnings(
        heads,
        [SectionDraft(None, [ArticleDraft(one, start=0) for one in (*heads, boxed)])],
        contents=Contents(tuple(entry(one.headline.text) for one in (*heads, boxed))),
        outline=Outline([]),
    )
    assert found == (ParseWarning("article_from_box", 1, "Salt works"),)


def heading(text: str, *reasons: LevelReason) -> ClassifiedHeading:
    headline = Headline(text, 1, 0, 1, FACE, centred=False, tag=0, left=0, top=0)
    return ClassifiedHeading(headline, Level.ARTICLE, 0.6, reasons)


def entry(title: str) -> Entry:
    return Entry(title, folio=0, page=0, level=0, face=FACE, left=0)
