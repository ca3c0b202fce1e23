"""Deleting parts of a draft, and restoring them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db import transaction
from django.db.models import Model

from issues import drafts
from issues.models import Article, Removal, Section
from publications.models import Topic

logger = logging.getLogger(__name__)


def remove_section(section: Section, *, at: datetime) -> Removal | None:
    """Delete a section with its articles. Returns None if it is gone already. Raises NotADraft."""
    with transaction.atomic():
        drafts.lock(section.issue_id)
        kept = Section.objects.filter(pk=section.pk).first()
        if kept is None:
            return None
        articles = list(kept.articles.all())
        removal = _keep(kept, articles, title=str(kept), whole_section=True, at=at)
        kept.delete()
    logger.info("issue %s: section %s deleted", section.issue_id, section.pk)
    return removal


def remove_article(article: Article, *, at: datetime) -> Removal | None:
    """Delete an article. Returns None if it is gone already. Raises NotADraft."""
    with transaction.atomic():
        issue_id = article.section.issue_id
        drafts.lock(issue_id)
        kept = Article.objects.select_related("section").filter(pk=article.pk).first()
        if kept is None:
            return None
        removal = _keep(kept.section, [kept], title=str(kept), whole_section=False, at=at)
        kept.delete()
    logger.info("issue %s: article %s deleted", issue_id, article.pk)
    return removal


def restore(removal: Removal) -> Section | None:
    """Restore what was deleted, with ids, order, topic, pictures and links as they were.

    An article brings its section along where that was deleted after it. Returns the section, or
    None if somebody restored it before. Raises NotADraft.
    """
    with transaction.atomic():
        drafts.lock(removal.issue_id)
        deleted, _rows = Removal.objects.filter(pk=removal.pk).delete()
        if not deleted:
            return None
        section = _section(removal.section)
        present = set(
            Article.objects.filter(pk__in=[row["pk"] for row in removal.articles]).values_list(
                "pk", flat=True
            )
        )
        for row in removal.articles:
            if row["pk"] not in present:
                _write(row)
    logger.info("issue %s: restored in section %s", removal.issue_id, section.pk)
    return section


def _keep(
    section: Section,
    articles: Sequence[Article],
    *,
    title: str,
    whole_section: bool,
    at: datetime,
) -> Removal:
    (row,) = _rows([section])
    return Removal.objects.create(
        issue_id=section.issue_id,
        title=title,
        whole_section=whole_section,
        section=row,
        articles=_rows(articles),
        removed_at=at,
    )


def _rows(rows: Sequence[Model]) -> list[dict[str, Any]]:
    return list(serializers.serialize("python", rows))


def _section(row: dict[str, Any]) -> Section:
    """Return the section as it is now, or made anew; its topic may have been deleted meanwhile."""
    there = Section.objects.filter(pk=row["pk"]).first()
    if there is None:
        fields = dict(row["fields"])
        if not Topic.objects.filter(pk=fields["topic"]).exists():
            fields["topic"] = None
        _write(row | {"fields": fields})
        there = Section.objects.get(pk=row["pk"])
    return there


def _write(row: dict[str, Any]) -> None:
    for one in serializers.deserialize("python", [row], ignorenonexistent=True):
        one.save()
