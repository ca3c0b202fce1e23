"""The page of an article: its part of the block editor, beside the pages that it was read from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from backoffice.by_bulletin import ByBulletin
from backoffice.issue_pages import page_images, publishing
from backoffice.issue_pages.block_editor import answers, page
from issues import archive
from issues.models import Article, Issue


@admin.register(Article)
class ArticleAdmin(ByBulletin[Article]):
    """The page of an article: reached from its issue and from search."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: an article is added at the block editor of its issue."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Refuse: an article is dropped in the block editor, from where it comes back."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("section__issue__bulletin")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the article as its block editor does, and the ways to its neighbours."""
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        issue = article.section.issue
        may_edit = self.has_change_permission(request, article) and issue.status in {
            Issue.Status.DRAFT,
            Issue.Status.PUBLISHED,
        }
        context = answers.page_context(request, issue) | {
            **page.context_of_article(request, issue, article.pk, may_edit=may_edit),
            "opts": self.opts,
            "title": str(article),
            "original": article,
            "may_publish": publishing.may_publish(request, issue),
            "pages": page_images.of_article(article),
            "neighbours": archive.neighbours(article, issue=issue),
        }
        return TemplateResponse(request, "admin/issues/block_editor/article.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the history of its issue."""
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        return redirect("admin:issues_issue_history", article.section.issue_id)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:issues_issue_changelist")
