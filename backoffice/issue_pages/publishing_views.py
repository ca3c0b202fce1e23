"""The routes around publication: how the mails would look, when an issue appears, and how that is
taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from backoffice.by_bulletin import may
from backoffice.issue_pages import (
    appearance,
    mail_previews,
    publishing,
    transferring,
    withdrawing,
)
from backoffice.issue_pages.issue_views import IssueViewsMixin
from digests import rendering
from issues.models import Article, Issue

Do = Callable[[HttpRequest, Issue], HttpResponse]


class PublishingViewsMixin(IssueViewsMixin):
    """The routes beside those of an issue: what changes anything for readers asks for the right
    to publish."""

    def get_urls(self) -> list[URLPattern]:
        article = "articles/<int:article_pk>/"
        routes: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("publish/", self.publish_view, "publish"),
            ("mail/<str:language>/<int:topic_mask>/", self.mail_view, "mail"),
            ("as-reader/", self.as_reader_view, "as_reader"),
            ("as-reader/<int:reader_pk>/", self.as_reader_view, "as_this_reader"),
            ("as-reader/<int:reader_pk>/mail/", self.reader_mail_view, "reader_mail"),
            ("unschedule/", self.unschedule_view, "unschedule"),
            ("take-back/", self.take_back_view, "take_back"),
            ("withdraw/", self.withdraw_view, "withdraw"),
            ("restore/", self.restore_view, "restore"),
            (f"{article}withdraw/", self.withdraw_view, "withdraw_article"),
            (f"{article}restore/", self.restore_view, "restore_article"),
            ("transfer/", self.transfer_view, "transfer"),
        ]
        guard = self.admin_site.admin_view
        return [
            *(
                path(f"<int:pk>/{at}", guard(view), name=f"issues_issue_{name}")
                for at, view, name in routes
            ),
            *super().get_urls(),
        ]

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish it, now or at a time, after asking once."""

        def do(request: HttpRequest, issue: Issue) -> HttpResponse:
            context = self.page_context(request)
            return publishing.publish_view(request, issue, context, log_change=self.log_change)

        return self._by_publisher(request, pk, do)

    def mail_view(
        self, request: HttpRequest, pk: int, language: str, topic_mask: int
    ) -> HttpResponse:
        """Return the mail of an edition as it would be."""
        if language not in rendering.LANGUAGES:
            raise Http404
        issue = self._issue(request, pk, may=self.has_view_permission)
        return mail_previews.edition_view(request, issue, language, topic_mask)

    def as_reader_view(
        self, request: HttpRequest, pk: int, reader_pk: int | None = None
    ) -> HttpResponse:
        """Search for a reader, and show the mail that they would get."""
        issue = self._issue_and_readers(request, pk)
        context = self.page_context(request)
        return mail_previews.as_reader_view(request, issue, context, reader_pk)

    def reader_mail_view(self, request: HttpRequest, pk: int, reader_pk: int) -> HttpResponse:
        """Return the mail of a reader as it would be."""
        issue = self._issue_and_readers(request, pk)
        return mail_previews.reader_mail_view(request, issue, reader_pk)

    def transfer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move a draft to another bulletin."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        issue = self._issue(request, pk, may=self.has_change_permission)
        return transferring.transfer_view(request, issue, log_change=self.log_change)

    def unschedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the time of a scheduled issue back."""

        def do(request: HttpRequest, issue: Issue) -> HttpResponse:
            return appearance.unschedule(request, issue, log_change=self.log_change)

        return self._posted_by_publisher(request, pk, do)

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make an issue that was just published a draft again."""

        def do(request: HttpRequest, issue: Issue) -> HttpResponse:
            return appearance.take_back(request, issue, log_change=self.log_change)

        return self._posted_by_publisher(request, pk, do)

    def withdraw_view(
        self, request: HttpRequest, pk: int, article_pk: int | None = None
    ) -> HttpResponse:
        """Withdraw the issue or an article of it, after asking once."""

        def do(request: HttpRequest, issue: Issue) -> HttpResponse:
            article, context = _article(issue, article_pk), self.page_context(request)
            return withdrawing.withdraw_view(
                request, issue, article, context, log_change=self.log_change
            )

        return self._by_publisher(request, pk, do)

    def restore_view(
        self, request: HttpRequest, pk: int, article_pk: int | None = None
    ) -> HttpResponse:
        """Put the issue or an article of it back on the web."""

        def do(request: HttpRequest, issue: Issue) -> HttpResponse:
            article = _article(issue, article_pk)
            return withdrawing.restore(request, issue, article, log_change=self.log_change)

        return self._posted_by_publisher(request, pk, do)

    def _issue_and_readers(self, request: HttpRequest, pk: int) -> Issue:
        """Return the issue for whoever may see readers, too."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        if not may(request, "subscribers.view_subscriber", issue):
            raise PermissionDenied
        return issue

    def _posted_by_publisher(self, request: HttpRequest, pk: int, do: Do) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return self._by_publisher(request, pk, do)

    def _by_publisher(self, request: HttpRequest, pk: int, do: Do) -> HttpResponse:
        issue = self._issue(request, pk, may=self.has_view_permission)
        if not publishing.may_publish(request, issue):
            return publishing.forbidden(request, issue, self.page_context(request))
        return do(request, issue)


def _article(issue: Issue, pk: int | None) -> Article | None:
    if pk is None:
        return None
    articles: Any = Article.objects.filter(section__issue=issue).select_related("section__issue")
    found: Article = get_object_or_404(articles, pk=pk)
    return found
