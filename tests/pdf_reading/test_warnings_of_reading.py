"""How sure a reading is, and what it warns of: the numbers of docs/parsing.md, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pdf_reading.content.articles import ArticleDraft, SectionDraft, section_drafts_of, section_of
from pdf_reading.content.warnings import article_warnings, heading_warnings
from pdf_reading.glyphs.outline import Outline
from pdf_reading.glyphs.page import Bookmark
from pdf_reading.issue_text import ArticleText, Paragraph, Place, SectionText
from pdf_reading.layout.lines import Line
from pdf_reading.layout.paragraph_style import ParagraphStyle
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.heading_classification import ClassifiedHeading, classified
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.levels import Level
from tests.pdf_reading.test_thresholds import BODY, entry, headline, line

NETS, ROPES = "Nets by the harbour wall", "Ropes by the harbour wall"


def confidence(head: Headline, *, listed: str = "", marked: str = "") -> float:
    """How sure a headline is, with `listed` in the contents and `marked` in the outline."""
    contents = Contents((entry(listed),)) if listed else Contents()
    outline = Outline([Bookmark(marked, 1, 1)] if marked else [])
    heads = [head, headline(ROPES, start=10)]
    return classified(heads, contents=contents, outline=outline)[0].confidence


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        ({}, 0.6),
        ({"listed": NETS}, 0.85),
        ({"listed": ROPES}, 0.5),
        ({"marked": NETS}, 0.7),
        ({"marked": ROPES}, 0.55),
        ({"listed": NETS, "marked": NETS}, 0.95),
    ],
)
def test_contents_and_outline_add_to_the_confidence(sign: dict[str, str], expected: float) -> None:
    assert confidence(headline(NETS, start=0), **sign) == expected


def test_a_tag_adds_to_the_confidence_and_the_type_of_the_text_takes_from_it() -> None:
    head = headline(NETS, start=0)
    assert confidence(replace(head, tag=2)) == 0.7
    assert confidence(replace(head, plain=True)) == 0.5


def drafted(level: Level, *texts: str) -> SectionText:
    """The section of a headline of that level above lines of text."""
    lines: list[Line] = [line(text, y=100.0 + 14 * n) for n, text in enumerate((NETS, *texts))]
    heading = ClassifiedHeading(headline(NETS, start=0), level, 0.6, ())
    section, _claims = section_of(
        section_drafts_of(lines, [heading], body=BODY)[-1],
        lines,
        body=BODY,
        paragraph_style=ParagraphStyle(indents=False, justified=False, leading=1.4),
        crop=lambda *_: b"",
        labelled=False,
    )
    return section


TEXT = "They were mended on Monday."


def test_a_closing_source_line_adds_to_the_confidence() -> None:
    (plain,) = drafted(Level.ARTICLE, TEXT).articles
    (credited,) = drafted(Level.ARTICLE, TEXT, "(Source: The Harbour Office)").articles
    assert (plain.confidence, credited.confidence) == (0.6, 0.65)
    assert credited.source


def test_a_section_without_a_headline_below_counts_as_an_article_of_little_confidence() -> None:
    (only,) = drafted(Level.SECTION, TEXT).articles
    assert (only.title, only.confidence) == (NETS, 0.4)


def test_text_that_no_headline_heads_has_little_confidence() -> None:
    (untitled,) = section_drafts_of([line(TEXT, y=100.0)], [], body=BODY)[0].articles
    assert (untitled.head.headline.text, untitled.head.confidence) == ("", 0.4)


@pytest.mark.parametrize(
    ("lengths", "last_page", "page_count", "much"),
    [
        ((51, 49), 1, 3, True),
        ((50, 50), 1, 3, False),
        ((51, 49), 1, 2, False),
        ((34, 33, 33), 3, 3, True),
        ((34, 33, 33), 2, 3, False),
        ((33, 33, 33), 3, 3, False),
    ],
)
def test_an_article_holds_much_that_has_half_of_the_text_or_a_third_on_three_pages(
    lengths: tuple[int, ...], last_page: int, page_count: int, much: bool
) -> None:
    articles = tuple(
        ArticleText(
            f"Story {n}",
            places=tuple(Place(page, 50, 100, 250, 700) for page in (1, last_page)),
            passages=(Paragraph("x" * length, page=1),),
        )
        for n, length in enumerate(lengths)
    )
    found = article_warnings([SectionText("", articles=articles)], page_count=page_count)
    assert [(one.code, one.words) for one in found] == [("article_holds_much", "Story 0")] * much


@pytest.mark.parametrize(
    ("number", "size", "warned"), [(4, 14.0, True), (3, 14.0, False), (4, 13.0, False)]
)
def test_four_sub_headings_as_large_as_a_headline_are_a_warning(
    number: int, size: float, warned: bool
) -> None:
    head = ClassifiedHeading(headline(NETS, start=0), Level.ARTICLE, 0.6, ())
    inner = [
        ClassifiedHeading(headline(f"Knot {n}", start=n, size=size), Level.WITHIN, 0.6, ())
        for n in range(1, number + 1)
    ]
    draft = ArticleDraft(head, 1, inner=inner)
    found = heading_warnings(
        [head, *inner], [SectionDraft(None, [draft])], contents=Contents(), outline=Outline([])
    )
    assert [one.code for one in found] == ["headings_like_headlines"] * warned
