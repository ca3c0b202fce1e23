"""The names of the articles in the mails of some deliveries, for pages that list mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from digests.models import Delivery, Digest
from digests.models.digest import CORRECTION
from digests.rendering import composing
from digests.rendering.composing import Mailed
from issues.models import Article, Section


def article_names(deliveries: Iterable[Delivery]) -> dict[int, list[str]]:
    """Return what stood in the mail of each delivery, loaded with its digest and edition, in the
    order of the mail; of one that was excluded, nothing. Two queries, whatever their number."""
    mailed = [delivery for delivery in deliveries if delivery.edition is not None]
    sections = _sections({delivery.digest.issue_id for delivery in mailed})
    return {
        delivery.pk: _names(delivery, sections.get(delivery.digest.issue_id, []))
        for delivery in mailed
    }


def _sections(issues: set[int]) -> dict[int, list[Section]]:
    articles = Article.objects.mailed().named().order_by("position", "pk")
    found: dict[int, list[Section]] = {}
    rows = Section.objects.filter(issue__in=issues).mailed().order_by("position", "pk")
    for section in rows.prefetch_related(Prefetch("articles", articles)):
        found.setdefault(section.issue_id, []).append(section)
    return found


def _names(delivery: Delivery, sections: Sequence[Section]) -> list[str]:
    edition, digest = delivery.edition, delivery.digest
    if edition is None:
        return []
    articles = {
        section.pk: [one for one in section.articles.all() if _stands_in(digest, one)]
        for section in sections
        if section.topic_id in digest.topics
    }
    titles = {one.pk: str(one) for some in articles.values() for one in some}
    listed = [
        Mailed(
            str(section.pk),
            digest.topics.index(section.topic_id),
            tuple(one.pk for one in articles[section.pk]),
        )
        for section in sections
        if section.pk in articles
    ]
    groups = composing.groups(
        listed,
        topic_mask=edition.topic_mask,
        alert_articles=[pk for pk in edition.alert_article_ids if pk in titles],
    )
    return [titles[pk] for group in groups for pk in group.whole]


def _stands_in(digest: Digest, article: Article) -> bool:
    if digest.kind == CORRECTION:
        return article.pk in digest.corrected_articles
    return not (article.withdrawn_at and article.withdrawn_at <= digest.opened_at)
