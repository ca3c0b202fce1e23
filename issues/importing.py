"""Storing an `IssueText`: the sections and articles of an issue, their pictures, and the pieces of
text that are in none."""

from __future__ import annotations

import logging
import sys
from datetime import datetime

from django.db import transaction

from issues import pictures
from issues.editing.document import Block, Draft, DraftArticle, DraftSection, Facts, Remnant
from issues.models import Article, Issue, Piece, Section
from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    IssueText,
    Passage,
    SectionText,
    StoredFigure,
    StoredPassage,
)
from publications.models import Topic, key_of

logger = logging.getLogger(__name__)


class NotImported(Exception):
    """The issue is published, was edited or deleted: what was read of it came too late."""


def import_text(issue: Issue, text: IssueText, *, at: datetime) -> None:
    """Replace the sections and articles of an issue that is not published, and the text in none of
    them; it becomes a draft.

    All or nothing. Section titles that name a topic of the bulletin get it. Raises NotImported.
    """
    passages = {
        id(article): tuple(_stored(issue, passage) for passage in article.passages)
        for section in text.sections
        for article in section.articles
    }
    with transaction.atomic():
        _become_draft(issue, text, at=at)
        issue.sections.all().delete()
        issue.pieces.all().delete()
        Piece.objects.bulk_create(
            Piece(issue=issue, position=position, places=(one.place,), text=one.text)
            for position, one in enumerate(text.left_over, start=1)
        )
        topics = Topic.objects.by_key(issue.bulletin)
        for position, section in enumerate(text.sections, start=1):
            row = _section(issue, section, position=position, topics=topics)
            Article.objects.bulk_create(
                _article(row, article, position=n, passages=passages[id(article)])
                for n, article in enumerate(section.articles, start=1)
            )
    logger.info("issue %s read: %s sections", issue.pk, len(text.sections))


def draft_of(issue: Issue, text: IssueText) -> Draft:
    """Return what was read as a draft of its own, its pictures stored: nothing of it has a row, so
    that its keys are negative and its handles begin with "n"."""
    topics = Topic.objects.by_key(issue.bulletin)
    numbers = iter(range(1, sys.maxsize))

    def article(of: ArticleText) -> DraftArticle:
        return DraftArticle(
            key=-next(numbers),
            title=_fit(Article, "title", of.title),
            subtitle=_fit(Article, "subtitle", of.subtitle),
            source=_fit(Article, "source", of.source),
            byline=_fit(Article, "byline", of.byline),
            date=_fit(Article, "date", of.date),
            places=of.places,
            confidence=of.confidence,
            blocks=tuple(
                Block(f"n{next(numbers)}", _stored(issue, passage)) for passage in of.passages
            ),
        )

    return Draft(
        facts=Facts(*(_fit(Issue, name, getattr(text, name)) for name in Facts.__struct_fields__)),
        sections=tuple(
            DraftSection(
                key=-next(numbers),
                title=_fit(Section, "title", one.title),
                topic=topic.pk if (topic := topics.get(key_of(one.title))) else None,
                articles=tuple(map(article, one.articles)),
            )
            for one in text.sections
        ),
        remnants=tuple(Remnant(-next(numbers), (one.place,), one.text) for one in text.left_over),
    )


def _become_draft(issue: Issue, text: IssueText, *, at: datetime) -> None:
    unpublished = (Issue.Status.UPLOADED, Issue.Status.DRAFT, Issue.Status.UNREADABLE)
    changed = Issue.objects.filter(pk=issue.pk, status__in=unpublished, version=0).update(
        status=Issue.Status.DRAFT,
        unreadable_reason="",
        title=_fit(Issue, "title", text.title),
        number=_fit(Issue, "number", text.number),
        date=_fit(Issue, "date", text.date),
        publisher=_fit(Issue, "publisher", text.publisher),
        page_count=text.page_count,
        warnings=text.warnings,
        account=(text.account.whole,),
        read_at=at,
    )
    if not changed:
        raise NotImported


def _section(
    issue: Issue, section: SectionText, *, position: int, topics: dict[str, Topic]
) -> Section:
    return Section.objects.create(
        issue=issue,
        position=position,
        title=_fit(Section, "title", section.title),
        topic=topics.get(key_of(section.title)),
    )


def _article(
    section: Section,
    article: ArticleText,
    *,
    position: int,
    passages: tuple[StoredPassage, ...],
) -> Article:
    first, last = article.pages
    return Article(
        section=section,
        position=position,
        title=_fit(Article, "title", article.title),
        subtitle=_fit(Article, "subtitle", article.subtitle),
        source=_fit(Article, "source", article.source),
        byline=_fit(Article, "byline", article.byline),
        date=_fit(Article, "date", article.date),
        passages=passages,
        places=article.places,
        first_page=first,
        last_page=last,
        confidence=article.confidence,
    )


def _stored(issue: Issue, passage: Passage) -> StoredPassage:
    """Return the passage, its picture kept as a file."""
    if not isinstance(passage, Figure):
        return passage
    image = pictures.keep(issue, passage.png, kind="png")
    return StoredFigure(passage.caption, passage.page, image, passage.links, passage.marks)


def _fit(model: type[Issue | Section | Article], field: str, words: str) -> str:
    """Return as much of `words` as the field holds: what was read is hostile, and may be long."""
    column = model._meta.get_field(field)
    room = getattr(column, "max_length", None) or len(words)
    return words if len(words) <= room else words[: room - 1] + "…"
