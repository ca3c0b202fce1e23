"""What the editor should look at: where headings, contents, boxes and shares leave a doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pdf_reading.content.articles import Part
from pdf_reading.content.untitled import reads_as_text
from pdf_reading.glyphs.normalisation import compact
from pdf_reading.glyphs.outline import Outline
from pdf_reading.issue_text import (
    ArticleText,
    Heading,
    Listing,
    Paragraph,
    ParseWarning,
    SectionText,
    Table,
)
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import is_boilerplate, is_contact
from pdf_reading.structure.classification import ClassifiedHeading
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.levels import Level
from pdf_reading.structure.titles import named_in

MANY = 4  # sub-headings of one article
SAME_SIZE = 0.6  # points
SHARE, HALF = 1 / 3, 1 / 2  # of an issue's text
FEW_PAGES = 2  # on which one article may well hold most of it
FIRST_WORDS = 40  # characters


def warnings_of(
    heads: Sequence[ClassifiedHeading],
    parts: Sequence[Part],
    *,
    contents: Contents,
    outline: Outline,
) -> tuple[ParseWarning, ...]:
    """One caution for each doubt, with the page and the words in question."""
    found = [one for one in heads if one.level is not Level.WITHIN]
    if not found:
        return (ParseWarning("no_headlines", 0),)
    return (
        *_unlisted(found),
        *_unfound(heads, contents),
        *_misled(found, outline),
        *_weak(parts, reason="no headline below", code="section_without_headlines"),
        *_weak(parts, reason="in a box of its own", code="article_from_box"),
        *_crowded(parts),
    )


def _crowded(parts: Sequence[Part]) -> list[ParseWarning]:
    """Articles with many sub-headings that are set as large as a headline."""
    drafts = [draft for part in parts for draft in part.drafts]
    sizes = [draft.head.headline.face.size for draft in drafts if draft.head.headline.text]
    smallest = min(sizes, default=float("inf"))
    return [
        ParseWarning("headings_like_headlines", draft.head.headline.page, draft.head.headline.text)
        for draft in drafts
        if sum(one.headline.face.size > smallest - SAME_SIZE for one in draft.inner) >= MANY
    ]


def _unlisted(found: Sequence[ClassifiedHeading]) -> list[ParseWarning]:
    return [
        ParseWarning("headline_not_in_contents", one.headline.page, one.headline.text)
        for one in found
        if "not in the contents" in one.reasons
    ]


def _unfound(heads: Sequence[ClassifiedHeading], contents: Contents) -> list[ParseWarning]:
    """Entries without a headline, where most have one: else the contents are but a teaser."""
    named = {id(entry) for _, entry in named_in([h.headline for h in heads], contents.entries)}
    missing = [entry for entry in contents.entries if id(entry) not in named]
    if len(missing) > len(contents.entries) / 2:
        return []
    return [ParseWarning("entry_without_headline", entry.page, entry.title) for entry in missing]


def _misled(found: Sequence[ClassifiedHeading], outline: Outline) -> list[ParseWarning]:
    """Headlines to which the outline leads from another page; not those that stand twice."""
    times = Counter(compact(one.headline.text) for one in found)
    return [
        ParseWarning("outline_elsewhere", head.page, head.text)
        for head in (one.headline for one in found)
        if times[compact(head.text)] == 1 and outline.leads_elsewhere(head.text, page=head.page)
    ]


def of_articles(sections: Sequence[SectionText], *, page_count: int) -> list[ParseWarning]:
    """Articles of which nothing but the headline was found, or that have none among others that
    do, or that hold more than their share of an issue of several pages."""
    articles = [article for section in sections for article in section.articles]
    whole = sum(map(_length, articles)) if page_count > FEW_PAGES else 0
    titled = any(article.title for article in articles)
    return [
        *(_said("article_without_text", one) for one in articles if not one.passages),
        *(_said("article_without_headline", one) for one in articles if titled and not one.title),
        *(_said("article_holds_much", one) for one in articles if titled and _is_much(one, whole)),
    ]


def _is_much(article: ArticleText, whole: int) -> bool:
    """Whether an article holds so much of the `whole` text of an issue (0 for a short one) that
    others may be hidden in it: half, or a third on several pages."""
    first, last = article.pages
    share = SHARE if last - first >= FEW_PAGES else HALF
    return _length(article) > share * whole > 0


def _said(code: str, article: ArticleText) -> ParseWarning:
    return ParseWarning(code, article.pages[0], article.title or _first_words(article))


def _first_words(article: ArticleText) -> str:
    text = next((one.text for one in article.passages if isinstance(one, Paragraph)), "")
    return text if len(text) <= FIRST_WORDS else text[:FIRST_WORDS].rstrip() + "…"


def _length(article: ArticleText) -> int:
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


def left_over(
    lines: Sequence[Line],
    heads: Sequence[ClassifiedHeading],
    sections: Sequence[SectionText],
    *,
    body: Face,
) -> list[ParseWarning]:
    """The pages of text on which no article stands. `lines` are those behind cover and contents;
    a page on which an imprint is headed is meant to be left out."""
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
        if page not in held and _is_meant(list(group), body=body)
    ]


def _is_meant(lines: Sequence[Line], *, body: Face) -> bool:
    """Whether the lines of a page are text, and not the address page of an issue."""
    return reads_as_text(lines, (), body=body) and not is_contact(" ".join(x.text for x in lines))


def _weak(parts: Sequence[Part], *, reason: str, code: str) -> list[ParseWarning]:
    return [
        ParseWarning(code, draft.head.headline.page, draft.head.headline.text)
        for part in parts
        for draft in part.drafts
        if reason in draft.head.reasons
    ]
