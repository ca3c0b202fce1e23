"""The names of the articles in the mails of some deliveries, for pages that list mails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Prefetch, prefetch_related_objects

from digests.models import Delivery, Digest
from digests.models.digest import CORRECTION
from digests.rendering import composing
from digests.rendering.composing import Mailed
from issues.models import Article, Section


def article_names(deliveries: Iterable[Delivery]) -> dict[int, list[str]]:
    """Return what stood in the mail of each delivery, loaded with its digest and edition, in the
    order of the mail; of one that was excluded, nothing. Four queries, whatever their number."""
    mailed = [delivery for delivery in deliveries if delivery.edition is not None]
    digests = [delivery.digest for delivery in mailed]
    prefetch_related_objects(digests, "carried_issues", "left_out")
    sections = _sections({issue for digest in digests for issue in digest.held_issues})
    return {
        delivery.pk: [name for _pk, name in _contents(delivery, sections)] for delivery in mailed
    }


def article_ids(delivery: Delivery) -> list[int]:
    """Return the ids of the articles that stood in the mail of a delivery, in the order of the
    mail. Four queries."""
    sections = _sections(set(delivery.digest.held_issues))
    return [pk for pk, _name in _contents(delivery, sections)]


def _sections(issues: set[int]) -> dict[int, list[Section]]:
    articles = Article.objects.mailed().named().order_by("position", "pk")
    found: dict[int, list[Section]] = {}
    rows = Section.objects.filter(issue__in=issues).mailed().order_by("position", "pk")
    for section in rows.prefetch_related(Prefetch("articles", articles)):
        found.setdefault(section.issue_id, []).append(section)
    return found


def _contents(
    delivery: Delivery, sections: Mapping[int, Sequence[Section]]
) -> list[tuple[int, str]]:
    """Return the ids and names of the articles of a mail."""
    edition, digest = delivery.edition, delivery.digest
    if edition is None:
        return []
    titles: dict[int, str] = {}
    listed: dict[object, Mailed] = {}
    left_out = {
        one.article_id for one in digest.left_out.all() if one.concerns(delivery.settled_at)
    }
    for issue in digest.held_issues:
        for section in sections.get(issue, []):
            if section.topic_id not in digest.topics:
                continue
            articles = [
                one
                for one in section.articles.all()
                if one.pk not in left_out and _stands_in(digest, one)
            ]
            titles |= {one.pk: str(one) for one in articles}
            key = section.topic_id if len(digest.held_issues) > 1 else section.pk
            mailed = listed.setdefault(
                key, Mailed(str(section.pk), digest.topics.index(section.topic_id), ())
            )
            listed[key] = replace(
                mailed,
                articles=(*mailed.articles, *(one.pk for one in articles)),
                masks=(
                    *mailed.masks,
                    *(composing.mask_of(digest.bits_of(one.pk, issue)) for one in articles),
                ),
            )
    groups = composing.groups(
        listed.values(),
        topic_mask=edition.topic_mask,
        issue_mask=edition.issue_mask,
        alert_articles=[pk for pk in edition.alert_article_ids if pk in titles],
    )
    return [(pk, titles[pk]) for group in groups for pk in group.whole]


def _stands_in(digest: Digest, article: Article) -> bool:
    if digest.kind == CORRECTION:
        return article.pk in digest.corrected_articles
    return not (article.withdrawn_at and article.withdrawn_at <= digest.opened_at)
