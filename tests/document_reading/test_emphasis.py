"""The bold and italic words of a document stand in the reading of its PDF, and nowhere else."""

from __future__ import annotations

import pytest

from document_reading import with_emphasis
from pdf_reading.issue_text import (
    ArticleText,
    Emphasis,
    Heading,
    IssueText,
    Listing,
    Mark,
    Paragraph,
    Passage,
    SectionText,
    Table,
)

BOLD, ITALIC = Emphasis.BOLD, Emphasis.ITALIC


def an_issue_of(*passages: Passage) -> IssueText:
    article = ArticleText("Much rain", passages=passages)
    return IssueText("", "", "", "", 1, (SectionText("Rain", articles=(article,)),))


def marked(passages: list[Passage], document: list[Passage]) -> list[list[tuple[str, str]]]:
    """The words of each passage that are marked after those of the document were carried."""
    issue = with_emphasis(an_issue_of(*passages), an_issue_of(*document))
    (section,) = issue.sections
    found = section.articles[0].passages
    assert [one.texts for one in found] == [one.texts for one in passages]
    return [
        [(mark.kind.value, one.texts[mark.part][mark.start : mark.stop]) for mark in one.marks]
        for one in found
    ]


def test_words_are_found_whatever_their_lines_and_hyphens() -> None:
    printed = Paragraph("It rains very much. 全市绿化覆盖率 is long.", 2)
    written = Paragraph("It rains very  much.全市绿化覆盖率is long.", 0)
    written = Paragraph(written.text, 0, marks=(Mark(0, 9, 19, BOLD), Mark(0, 20, 24, ITALIC)))
    assert marked([printed], [written]) == [[("bold", "very much"), ("italic", "全市绿化")]]


def test_a_text_may_be_parted_or_joined_otherwise() -> None:
    first = Paragraph("Much rain fell. ", 0, marks=(Mark(0, 0, 9, BOLD),))
    second = Paragraph("Nobody knew why it did.", 0, marks=(Mark(0, 0, 23, ITALIC),))
    joined = Paragraph("Much rain fell. Nobody knew why it did.", 3)
    assert marked([joined], [first, second]) == [
        [("bold", "Much rain"), ("italic", "Nobody knew why it did.")]
    ]
    parts: list[Passage] = [Paragraph("Much", 1), Paragraph("rain fell. Nobody knew", 1)]
    assert marked(parts, [first, second]) == [
        [("bold", "Much")],
        [("bold", "rain"), ("italic", "Nobody knew")],
    ]


def test_entries_of_lists_and_cells_have_theirs() -> None:
    passages: list[Passage] = [
        Listing(1, ("• an umbrella", "2. two boots", "（三）a coat")),
        Table("", 1, (("City", "mm"), ("Here", "12")), header=True),
    ]
    document: list[Passage] = [
        Listing(0, ("an umbrella", "two boots", "a coat"), marks=(Mark(1, 0, 3, BOLD),)),
        Table(
            "", 0, (("City", "mm"), ("Here", "12")), header=True,
            marks=(Mark(1, 0, 4, BOLD), Mark(2, 0, 2, BOLD), Mark(4, 0, 2, ITALIC)),
        ),
    ]  # fmt: skip
    assert marked(passages, document) == [[("bold", "two")], [("italic", "12")]]


def test_a_sub_heading_in_bold_is_a_sub_heading() -> None:
    passages: list[Passage] = [Heading("What to wear", 1), Heading("Once more", 1)]
    document: list[Passage] = [
        Paragraph("What to wear", 0, marks=(Mark(0, 0, 12, BOLD),)),
        Paragraph("Once more", 0, marks=(Mark(0, 5, 9, ITALIC),)),
    ]
    assert marked(passages, document) == [[], [("italic", "more")]]


@pytest.mark.parametrize("words", ["Rain", "It is not in the document at all."])
def test_words_that_are_not_there_or_in_several_places_stay_as_they_are(words: str) -> None:
    far = Paragraph("x" * 3_000, 0)
    document: list[Passage] = [
        far,
        Paragraph("Rain", 0, marks=(Mark(0, 0, 4, BOLD),)),
        far,
        Paragraph("Rain", 0),
    ]
    issue = an_issue_of(Paragraph(words, 1))
    assert with_emphasis(issue, an_issue_of(*document)).sections == issue.sections


def test_of_a_document_without_emphasis_the_reading_is_the_same() -> None:
    issue = an_issue_of(Paragraph("Rain", 1))
    assert with_emphasis(issue, an_issue_of(Paragraph("Rain", 0))) is issue
