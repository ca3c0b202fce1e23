"""The content of an issue: its articles, what is left over beside them, warnings and account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from pdf_reading.account import Destination
from pdf_reading.content.article_claims import Claims
from pdf_reading.content.articles import (
    SectionDraft,
    are_labelled,
    section_drafts_of,
    section_of,
)
from pdf_reading.content.box_articles import with_box_article
from pdf_reading.content.character_account import account_of
from pdf_reading.content.dehyphenation import dehyphenated
from pdf_reading.content.even_spacing import evenly_spaced
from pdf_reading.content.evidence import Evidence, evidence_of
from pdf_reading.content.left_over import as_one_article, pieces_of, with_left_over
from pdf_reading.content.passages import Crop
from pdf_reading.content.remainder import remainder_of
from pdf_reading.content.slashed_titles import with_sections_of_titles
from pdf_reading.content.warnings import (
    article_warnings,
    heading_warnings,
    left_over_warnings,
    page_warnings,
)
from pdf_reading.glyphs.vertical import with_places_rotated_back
from pdf_reading.issue_text import IssueText, LeftOver, ParseWarning, SectionText
from pdf_reading.layout.issue_layout import Layout
from pdf_reading.layout.lines import Face, Line
from pdf_reading.structure.apart import Apart
from pdf_reading.structure.issue_structure import Structure


@dataclass(frozen=True, slots=True)
class Articles:
    """The sections of an issue, with their drafts and what each article claims of the lines, behind
    which those of boxes stand."""

    sections: tuple[SectionText, ...]
    drafts: list[SectionDraft]
    lines: list[Line]
    claims: list[Claims]


def content_of(layout: Layout, structure: Structure, *, crop: Crop) -> tuple[IssueText, Evidence]:
    """Read the articles of an issue. Returns it with what speaks for and against the reading."""
    widths, page_count = layout.widths_of_rotated, len(layout.sheets)
    articles = _articles(structure, body=layout.body, widths=widths, crop=crop)
    apart = _apart(structure, articles)
    pieces = pieces_of(apart, paragraph_style=structure.paragraph_style, widths=widths)
    warnings = _warnings(layout, structure, articles)
    sections, claims, rest = _with_all_text(articles, pieces)
    left_over = tuple(piece for piece, _ in rest)
    imprint = structure.imprint
    evidence = evidence_of(
        articles.drafts,
        articles.sections,
        articles.lines,
        warnings,
        body=layout.body,
        page_count=page_count,
    )
    issue = IssueText(
        title=imprint.title,
        number=imprint.number,
        date=imprint.date,
        publisher=imprint.publisher,
        sections=sections,
        page_count=page_count,
        warnings=(*warnings, *left_over_warnings(left_over)),
        left_over=left_over,
    )
    issue = evenly_spaced(dehyphenated(issue))
    claims = [*claims, *(own for _, own in rest)]
    account = account_of(layout.sheets, issue, claims, apart)
    return structs.replace(issue, account=account), evidence


def _articles(
    structure: Structure, *, body: Face, widths: Mapping[int, float], crop: Crop
) -> Articles:
    """Cut the lines at the headings, and read what stands below them. `widths` are those of the
    rotated pages."""
    lines = structure.lines
    drafts = section_drafts_of(lines, structure.headings, body=body)
    for box in (box for box in structure.boxes if box.head):
        lines = with_box_article(drafts, lines, box)
    drafts = [draft for draft in with_sections_of_titles(drafts) if draft.articles]
    labelled = are_labelled(structure.headings)
    read = [
        section_of(
            draft,
            lines,
            body=body,
            paragraph_style=structure.paragraph_style,
            crop=crop,
            labelled=labelled,
        )
        for draft in drafts
    ]
    return Articles(
        sections=tuple(with_places_rotated_back(section, widths=widths) for section, _ in read),
        drafts=drafts,
        lines=lines,
        claims=[one for _, own in read for one in own],
    )


def _apart(structure: Structure, articles: Articles) -> list[Apart]:
    """What no article has: furniture, front and back matter, contents, and the text left over."""
    figures = (line for own in articles.claims for line in own.left_over)
    return with_left_over(
        [
            *structure.apart,
            *remainder_of(articles.lines, articles.drafts),
            *(Apart(Destination.FIGURE, (line,)) for line in figures),
        ]
    )


def _with_all_text(
    articles: Articles, pieces: Sequence[tuple[LeftOver, Claims]]
) -> tuple[tuple[SectionText, ...], Sequence[Claims], Sequence[tuple[LeftOver, Claims]]]:
    """The sections, what their articles claim, and the pieces left over; an issue without any
    article is one with all its text."""
    if any(section.articles for section in articles.sections):
        return articles.sections, articles.claims, pieces
    return as_one_article(pieces)


def _warnings(layout: Layout, structure: Structure, articles: Articles) -> tuple[ParseWarning, ...]:
    """What the editor should check, but for the text that is left over."""
    headings = structure.headings
    return (
        *layout.warnings,
        *(ParseWarning("order_uncertain", page) for page in structure.uncertain),
        *heading_warnings(
            headings, articles.drafts, contents=structure.contents, outline=structure.outline
        ),
        *article_warnings(articles.sections, page_count=len(layout.sheets)),
        *page_warnings(articles.lines, headings, articles.sections, body=layout.body),
    )
