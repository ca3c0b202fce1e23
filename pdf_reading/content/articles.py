"""Classified headings and the lines below them to sections and articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from pdf_reading.content.article_claims import Claims
from pdf_reading.content.passages import Crop, body_of
from pdf_reading.content.printed_links import with_printed
from pdf_reading.content.pull_quotes import without_quotes
from pdf_reading.content.reason_words import in_words
from pdf_reading.content.untitled import CONFIDENCE, are_pictures, reads_as_text, untitled
from pdf_reading.glyphs.geometry import around
from pdf_reading.issue_text import ArticleText, Place, SectionText
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle
from pdf_reading.lexicon import is_boilerplate, is_contact, is_source, label, without_label
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level


@dataclass(slots=True)
class ArticleDraft:
    """An article before its text is read: its heading, and the lines from `start` to `stop`. A
    box has a `paragraph_style` of its own."""

    head: ClassifiedHeading
    start: int
    stop: int = 0
    inner: list[ClassifiedHeading] = field(default_factory=list)
    paragraph_style: ParagraphStyle | None = None


@dataclass(slots=True)
class SectionDraft:
    """A section before its articles are read."""

    head: ClassifiedHeading | None
    articles: list[ArticleDraft] = field(default_factory=list)


def section_drafts_of(
    lines: Sequence[Line], heads: Sequence[ClassifiedHeading], *, body: Face
) -> list[SectionDraft]:
    """Cut an issue at its headings; the first section holds what stands before all others.

    Text under boilerplate headings is left out, to the next headline or the next page with a
    heading of any level. Text under no headline, at the beginning or
    below the name of a section, is an article without one. Where nothing but boilerplate stands
    in an issue, its one section has no article.
    """
    if not lines:
        return [SectionDraft(None)]
    sections = [SectionDraft(None, [ArticleDraft(untitled(lines, 0), 0)])]
    open_draft: ArticleDraft | None = sections[0].articles[0]
    closed_on = 0
    for found in heads:
        heading = found if open_draft else _resuming(found, closed_on)
        head = heading.headline
        if _closes(heading, lines, body=body):
            _close(open_draft, head.start)
            open_draft, closed_on = None, head.page
        elif heading.level is Level.SECTION:
            _close(open_draft, head.start)
            open_draft = ArticleDraft(untitled(lines, head.stop), head.stop)
            sections.append(SectionDraft(heading, [open_draft]))
        elif heading.level is Level.ARTICLE:
            _close(open_draft, head.start)
            open_draft = ArticleDraft(heading, head.stop)
            sections[-1].articles.append(open_draft)
        elif open_draft:
            open_draft.inner.append(heading)
    _close(open_draft, _end(lines, open_draft, body=body))
    if len(sections) == len(sections[0].articles) == 1:
        return sections  # no headline at all: whatever there is, is one article
    for section in sections:
        section.articles = _settled(section, lines, body=body)
    return sections


def _closes(heading: ClassifiedHeading, lines: Sequence[Line], *, body: Face) -> bool:
    """A copyright notice, an editorial box: no article, unless the contents list it."""
    head = heading.headline
    if not is_boilerplate(head.text) or LevelReason.IN_CONTENTS in heading.reasons:
        return False
    starts_page = head.start == 0 or lines[head.start - 1].page != head.page
    return starts_page or heading.level is not Level.WITHIN or head.face.size > body.size


def _resuming(heading: ClassifiedHeading, closed_on: int) -> ClassifiedHeading:
    """A sub-heading behind the page of an imprint is within no article: it heads one."""
    if heading.level is not Level.WITHIN or heading.headline.page == closed_on:
        return heading
    return replace(heading, level=Level.ARTICLE, confidence=CONFIDENCE)


def _close(draft: ArticleDraft | None, stop: int) -> None:
    if draft and not draft.stop:
        draft.stop = stop


def _end(lines: Sequence[Line], draft: ArticleDraft | None, *, body: Face) -> int:
    """Where the last article ends: an address page behind it is not its text."""
    if draft is None:
        return len(lines)
    stop = len(lines)
    for page, group in groupby(reversed(lines), key=lambda line: line.page):
        tail = list(group)
        first = stop - len(tail)
        closed = first > draft.start and is_source(lines[first - 1].text)
        small = all(line.face.size < 0.95 * body.size for line in tail)
        contact = is_contact(" ".join(line.text for line in tail))
        if (
            first <= draft.start
            or page == draft.head.headline.page
            or not contact
            or not (closed or small)
        ):
            break
        stop = first
    return stop


def _settled(section: SectionDraft, lines: Sequence[Line], *, body: Face) -> list[ArticleDraft]:
    """The articles of a section. The one before its first headline is kept where it holds text;
    in a section without headlines it has the title of the section, if it has text at all."""
    opening, *others = section.articles
    own = lines[opening.start : opening.stop]
    if not section.head or others:
        kept = reads_as_text(own, lines[opening.stop :], body=body)
        return section.articles if kept else others
    if not are_pictures(own):
        reasons = (*section.head.reasons, LevelReason.NO_HEADLINE_BELOW)
        opening.head = replace(section.head, confidence=0.4, reasons=reasons)
    return [opening] if own else []


def section_of(
    section: SectionDraft,
    lines: Sequence[Line],
    *,
    body: Face,
    paragraph_style: ParagraphStyle,
    crop: Crop,
    labelled: bool,
) -> tuple[SectionText, list[Claims]]:
    """Read the articles of a section. Returns it with what each of them claims of the lines."""
    read = [
        _article(
            draft, lines, body=body, paragraph_style=paragraph_style, crop=crop, labelled=labelled
        )
        for draft in section.articles
    ]
    articles, claims = tuple(article for article, _ in read), [claims for _, claims in read]
    if section.head is None:
        return SectionText("", 0.5, articles), claims
    title = _title(section.head, labelled=labelled)
    for one in claims:
        one.remove_section(title)
    return SectionText(title, section.head.confidence, articles), claims


def are_labelled(heads: Sequence[ClassifiedHeading]) -> bool:
    """Return whether the headlines carry running numbers that the typesetting program added."""
    numbers = [label(h.headline.text) for h in heads if h.level is Level.ARTICLE]
    counted = [tuple(map(int, number.split("."))) for number in numbers if number]
    alike = len({len(number) for number in counted}) == 1
    return len(numbers) == len(counted) > 1 and alike and counted == sorted(counted)


def _title(head: ClassifiedHeading, *, labelled: bool) -> str:
    return without_label(head.headline.text) if labelled else head.headline.text


def _article(
    draft: ArticleDraft,
    lines: Sequence[Line],
    *,
    body: Face,
    paragraph_style: ParagraphStyle,
    crop: Crop,
    labelled: bool,
) -> tuple[ArticleText, Claims]:
    own = lines[draft.start : draft.stop]
    inner = [heading.headline for heading in draft.inner]
    paragraph_style = draft.paragraph_style or paragraph_style
    text = body_of(
        own, inner, start=draft.start, face=body, paragraph_style=paragraph_style, crop=crop
    )
    head, reasons = draft.head.headline, draft.head.reasons
    if text.source:
        reasons = (*reasons, LevelReason.CLOSED_BY_SOURCE)
    text.claims.take_title(lines[head.start : head.stop])
    passages = without_quotes(text.passages, inner, face=body)
    kept = set(map(id, passages))
    text.claims.remove_quotes(one for one in text.passages if id(one) not in kept)
    article = ArticleText(
        title=_title(draft.head, labelled=labelled),
        passages=tuple(map(with_printed, passages)),
        subtitle=text.subtitle,
        source=text.source,
        byline=text.byline,
        date=text.date,
        places=_places([*lines[head.start : head.stop], *own]),
        confidence=_confidence(draft.head, text.source),
        reasons=in_words(reasons, head),
    )
    return article, text.claims


def _confidence(head: ClassifiedHeading, source: str) -> float:
    return min(1.0, round(head.confidence + (0.05 if source else 0.0), 2))


def _places(lines: Sequence[Line]) -> tuple[Place, ...]:
    """One rectangle for each column of a page that the lines take."""
    places = []
    for (page, _), group in groupby(lines, key=lambda line: (line.page, line.column)):
        box = around(line.box for line in group)
        places.append(Place(page, *(round(side, 1) for side in box)))
    return tuple(places)
