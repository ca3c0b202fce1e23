"""A bulletin's issues as an Atom feed (RFC 4287), for those who would rather not have mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import Max, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.html import format_html, format_html_join

from foundation.absolute_urls import absolute_url
from issues import archive
from issues.models import Article, Issue, Section
from publications.models import Bulletin

MAX_ISSUES = 20


class IssuesFeed(Feed[Issue, Bulletin]):
    """The latest published issues, each with its sections and headlines."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> Bulletin:
        return get_object_or_404(Bulletin, slug=slug)

    def title(self, bulletin: Bulletin) -> str:
        return bulletin.name

    def subtitle(self, bulletin: Bulletin) -> str:
        return bulletin.description

    def link(self, bulletin: Bulletin) -> str:
        return absolute_url("issues:bulletin", bulletin.slug)

    def feed_guid(self, bulletin: Bulletin) -> str:
        return self.link(bulletin)

    def author_name(self, bulletin: Bulletin) -> str:
        return bulletin.publisher or bulletin.name

    def items(self, bulletin: Bulletin) -> QuerySet[Issue]:
        """Return them by three queries in all."""
        headlines = Article.objects.standing().named()
        correction = Q(digests__corrects__isnull=False)
        return (
            archive.issues()
            .filter(bulletin=bulletin)
            .annotate(corrected_at=Max("digests__opened_at", filter=correction))
            .prefetch_related("sections", Prefetch("sections__articles", headlines))[:MAX_ISSUES]
        )

    def item_title(self, item: Issue) -> str:
        return str(item)

    def item_link(self, item: Issue) -> str:
        return absolute_url("issues:issue", item.bulletin.slug, item.pk)

    def item_pubdate(self, item: Issue) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Any) -> datetime | None:
        """The time of the latest correction; of publishing, where there is none."""
        return max(filter(None, (item.published_at, item.corrected_at)), default=None)

    def item_description(self, item: Issue) -> str:
        """The contents as HTML; a summary in the words of RFC 4287, 4.2.13."""
        return format_html_join("", "{}", ((_section(item, section),) for section in _filled(item)))

    def get_feed(self, obj: Bulletin, request: HttpRequest) -> SyndicationFeed:
        with translation.override(obj.language):
            return super().get_feed(obj, request)


def _filled(issue: Issue) -> list[Section]:
    return [section for section in issue.sections.all() if section.articles.all()]


def _section(issue: Issue, section: Section) -> str:
    links = format_html_join(
        "",
        '<li><a href="{}">{}</a></li>',
        (
            (absolute_url("issues:article", issue.bulletin.slug, issue.pk, article.pk), article)
            for article in section.articles.all()
        ),
    )
    return format_html("<p><b>{}</b></p><ul>{}</ul>", section.title, links)
