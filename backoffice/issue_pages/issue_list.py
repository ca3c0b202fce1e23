"""The list of issues: how many articles each has, who was to get it, and who got it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backoffice.by_bulletin import BulletinFilter, ByBulletin
from backoffice.mailing_pages import figures
from digests.models import Digest
from issues.models import Article, Issue

LIST = "issues_issue_changelist"


class IssueListMixin(ByBulletin[Issue]):
    """Columns that cost two queries, whatever the number of issues."""

    list_display = (
        "__str__",
        "bulletin",
        "status",
        "articles",
        "readers",
        "sent",
        "uploaded",
        "published",
    )
    list_filter = ("status", ("bulletin", BulletinFilter))
    list_select_related = ("bulletin",)
    search_fields = ("title", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        issues = super().get_queryset(request)
        match = request.resolver_match
        if match is None or match.url_name != LIST:
            return issues
        here = Article.objects.filter(section__issue=OuterRef("pk")).order_by()
        counted = here.values("section__issue").annotate(number=Count("pk")).values("number")
        mailed = Digest.objects.without_corrections().defer("blocks", "texts")
        return issues.annotate(article_count=Coalesce(Subquery(counted), 0)).prefetch_related(
            Prefetch("digests", mailed, to_attr="mailed")
        )

    @admin.display(description=_("articles"), ordering="article_count")
    def articles(self, issue: Any) -> int:
        return int(issue.article_count)

    @admin.display(description=_("readers"))
    def readers(self, issue: Any) -> str:
        return figures.readers(issue.mailed[0]) if issue.mailed else ""

    @admin.display(description=_("sent"))
    def sent(self, issue: Any) -> str:
        return figures.sent(issue.mailed[0]) if issue.mailed else ""

    @admin.display(description=_("uploaded"), ordering="uploaded_at")
    def uploaded(self, issue: Issue) -> str:
        return _day(issue.uploaded_at)

    @admin.display(description=_("published"), ordering="published_at")
    def published(self, issue: Issue) -> str:
        return _day(issue.published_at) if issue.published_at else ""


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
