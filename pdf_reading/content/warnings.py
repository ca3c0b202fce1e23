"""Warnings: what the editor should check of headings, contents, boxes, articles and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from pdf_reading.content.articles import SectionDraft
from pdf_reading.content.contents_warnings import contents_warnings
from pdf_reading.content.untitled import reads_as_text
from pdf_reading.glyphs.normalisation import compact
from pdf_reading.glyphs.outline import Outline
from pdf_reading.issue_text import (
    ArticleText,
    Heading,
    LeftOver,
    Listing,
    Paragraph,
    ParseWarning,
    SectionText,
    Table,
)
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import is_boilerplate, is_contact
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level

MIN_SUB_HEADINGS = 4  # sub-headings of one article
SAME_SIZE = 0.6  # points
MAX_SHARE_LONG, MAX_SHARE = 1 / 3, 1 / 2  # of an issue's text
SHORT_ISSUE = 2  # on which one article may well hold most of it
MAX_WORDS_LENGTH = 40  # characters


def heading_warnings(
    heads: Sequence[ClassifiedHeading],
    sections: Sequence[SectionDraft],
    *,
    contents: Contents,
    outline: Outline,
) -> tuple[ParseWarning, ...]:
    """Return the warnings about headings, each with the page and the words in question."""
    found = [one for one in heads if one.level is not Level.WITHIN]
    if not found:
        return (ParseWarning("no_headlines", 0),)
    return (
        *contents_warnings([*heads, *_boxed(sections)], contents),
        *_misled(found, outline),
        *_weak(sections, reason=LevelReason.NO_HEADLINE_BELOW, code="section_without_headlines"),
        *_weak(sections, reason=LevelReason.IN_A_BOX, code="article_from_box"),
        *_crowded(sections),
    )


def _boxed(sections: Sequence[SectionDraft]) -> list[ClassifiedHeading]:
    """The headlines of boxes, which no heading of the text is."""
    return [
        draft.head
        for section in sections
        for draft in section.articles
        if LevelReason.IN_A_BOX in draft.head.reasons
    ]


def _crowded(sections: Sequence[SectionDraft]) -> list[ParseWarning]:
    """Articles with many sub-headings that are set as large as a headline."""
    drafts = [draft for section in sections for draft in section.articles]
    sizes = [draft.head.headline.face.size for draft in drafts if draft.head.headline.text]
    smallest = min(sizes, default=float("inf"))
    return [
        ParseWarning("headings_like_headlines", draft.head.headline.page, draft.head.headline.text)
        for draft in drafts
        if sum(one.headline.face.size > smallest - SAME_SIZE for one in draft.inner)
        >= MIN_SUB_HEADINGS
    ]


def _misled(found: Sequence[ClassifiedHeading], outline: Outline) -> list[ParseWarning]:
    """Headlines to which the outline leads from another page; not those that stand twice."""
    times = Counter(compact(one.headline.text) for one in found)
    return [
        ParseWarning("outline_elsewhere", head.page, head.text)
        for head in (one.headline for one in found)
        if times[compact(head.text)] == 1 and outline.leads_elsewhere(head.text, page=head.page)
    ]


def article_warnings(sections: Sequence[SectionText], *, page_count: int) -> list[ParseWarning]:
    """Return the warnings about articles: without text, without a headline among others that have
    one, or with more than their share of the text of several pages."""
    articles = [article for section in sections for article in section.articles]
    whole = sum(map(text_length, articles)) if page_count > SHORT_ISSUE else 0
    titled = any(article.title for article in articles)
    return [
        *(_article_warning("article_without_text", one) for one in articles if not one.passages),
        *(
            _article_warning("article_without_headline", one)
            for one in articles
            if titled and not one.title and text_length(one)  # a picture needs none
        ),
        *(
            _article_warning("article_holds_much", one)
            for one in articles
            if titled and _is_much(one, whole)
        ),
    ]


def _is_much(article: ArticleText, whole: int) -> bool:
    """Whether an article holds so much of the `whole` text of an issue (0 for a short one) that
    others may be hidden in it: half, or a third on several pages."""
    first, last = article.pages
    share = MAX_SHARE_LONG if last - first >= SHORT_ISSUE else MAX_SHARE
    return text_length(article) > share * whole > 0


def _article_warning(code: str, article: ArticleText) -> ParseWarning:
    return ParseWarning(code, article.pages[0], article.title or _first_words(article))


def _first_words(article: ArticleText) -> str:
    text = next((one.text for one in article.passages if isinstance(one, Paragraph)), "")
    return _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_WORDS_LENGTH else text[:MAX_WORDS_LENGTH].rstrip() + "…"


def text_length(article: ArticleText) -> int:
    """The characters of an article's text."""
    length = 0
    for passage in article.passages:
        match passage:
            case Paragraph(text=text) | Heading(text=text):
                length += len(text)
            case Listing(entries=entries):
                length += sum(map(len, entries))
            case Table(rows=rows):
                length += sum(len(cell) for row in rows for cell in row)
    return length


def left_over_warnings(pieces: Iterable[LeftOver]) -> list[ParseWarning]:
    """Return a warning for each piece of text that is in no article."""
    return [
        ParseWarning("left_over", piece.place.page, _shortened(piece.text.split("\n")[0]))
        for piece in pieces
    ]


def page_warnings(
    lines: Sequence[Line],
    heads: Sequence[ClassifiedHeading],
    sections: Sequence[SectionText],
    *,
    body: Face,
) -> list[ParseWarning]:
    """Return the warnings about pages of text on which no article stands.

    `lines` are those behind cover and contents; a page with a headed imprint is left out on
    purpose.
    """
    held = {
        page
        for section in sections
        for article in section.articles
        for page in (
            *(place.page for place in article.places),
            *(passage.page for passage in article.passages),
        )
    }
    held |= {one.headline.page for one in heads if is_boilerplate(one.headline.text)}
    return [
        ParseWarning("page_without_article", page)
        for page, group in groupby(lines, key=lambda line: line.page)
        if page not in held and _is_article_text(list(group), body=body)
    ]


def _is_article_text(lines: Sequence[Line], *, body: Face) -> bool:
    """Whether the lines of a page are text, and not the address page of an issue."""
    return reads_as_text(lines, (), body=body) and not is_contact(" ".join(x.text for x in lines))


def _weak(
    sections: Sequence[SectionDraft], *, reason: LevelReason, code: str
) -> list[ParseWarning]:
    return [
        ParseWarning(code, draft.head.headline.page, draft.head.headline.text)
        for section in sections
        for draft in section.articles
        if reason in draft.head.reasons
    ]
