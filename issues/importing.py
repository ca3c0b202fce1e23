"""Writing down what was read from a PDF: sections and articles of an issue, and their pictures."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from issues.models import Article, Issue, Section
from issues.models.issue import figure_path
from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    Heading,
    IssueText,
    Listing,
    Paragraph,
    Passage,
    SectionText,
    Table,
)
from pdf_reading.linking import to_json
from publications.models import Topic, key_of

logger = logging.getLogger(__name__)


class NotImported(Exception):
    """The issue is published, or was removed: what was read of it came too late."""


def import_text(issue: Issue, text: IssueText, *, at: datetime) -> None:
    """Replace the sections and articles of an issue that is not published; it becomes a draft.

    All or nothing. Section titles that name a topic of the bulletin get it. Raises NotImported.
    """
    pictures = {
        id(figure): _store(issue, figure)
        for section in text.sections
        for article in section.articles
        for figure in article.passages
        if isinstance(figure, Figure)
    }
    with transaction.atomic():
        _become_draft(issue, text, at=at)
        issue.sections.all().delete()
        topics = Topic.objects.by_key(issue.bulletin)
        for position, section in enumerate(text.sections, start=1):
            row = _section(issue, section, position=position, topics=topics)
            Article.objects.bulk_create(
                _article(row, article, position=n, pictures=pictures)
                for n, article in enumerate(section.articles, start=1)
            )
    logger.info("issue %s read: %s sections", issue.pk, len(text.sections))


def _become_draft(issue: Issue, text: IssueText, *, at: datetime) -> None:
    warnings = [
        {"code": warning.code, "page": warning.page, "words": warning.words}
        for warning in text.warnings
    ]
    unpublished = (Issue.Status.UPLOADED, Issue.Status.DRAFT, Issue.Status.UNREADABLE)
    changed = Issue.objects.filter(pk=issue.pk, status__in=unpublished).update(
        status=Issue.Status.DRAFT,
        unreadable_reason="",
        title=_fit(Issue, "title", text.title),
        number=_fit(Issue, "number", text.number),
        date=_fit(Issue, "date", text.date),
        publisher=_fit(Issue, "publisher", text.publisher),
        page_count=text.page_count,
        warnings=warnings,
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
        confidence=section.confidence,
    )


def _article(
    section: Section, article: ArticleText, *, position: int, pictures: dict[int, str]
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
        passages=[_passage(passage, pictures=pictures) for passage in article.passages],
        places=[[p.page, p.x0, p.top, p.x1, p.bottom] for p in article.places],
        first_page=first,
        last_page=last,
        confidence=article.confidence,
        reasons=list(article.reasons),
    )


def _passage(passage: Passage, *, pictures: dict[int, str]) -> dict[str, object]:
    """The JSON of one passage, as `Article.passages` keeps it."""
    always = {"page": passage.page} | ({"links": to_json(passage.links)} if passage.links else {})
    match passage:
        case Paragraph():
            return {"kind": "paragraph", "text": passage.text, **always}
        case Heading():
            return {"kind": "heading", "text": passage.text, **always}
        case Listing():
            return {"kind": "list", "entries": list(passage.entries), **always}
        case Figure():
            image = pictures[id(passage)]
            return {"kind": "figure", "text": passage.caption, "image": image, **always}
        case Table():
            return {
                "kind": "table",
                "text": passage.caption,
                "rows": _rows(passage.rows),
                "header": passage.header,
                **always,
            }


def _rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(row) for row in rows]


def _store(issue: Issue, figure: Figure) -> str:
    """Keep a picture under a name made from its content; return that name."""
    name = f"{hashlib.sha256(figure.png).hexdigest()[:24]}.png"
    path = figure_path(issue, name)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(figure.png))
    return name


def _fit(model: type[Issue | Section | Article], field: str, words: str) -> str:
    """As much of `words` as the field holds: what was read is hostile, and may be long."""
    column = model._meta.get_field(field)
    room = getattr(column, "max_length", None) or len(words)
    return words if len(words) <= room else words[: room - 1] + "…"
