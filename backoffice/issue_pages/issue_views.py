"""The pages that lead on from an issue: its state, its pages, a proof, a correction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from backoffice import history
from backoffice.issue_pages import (
    appearance,
    corrections,
    page_images,
    pasting,
    pictures,
    proofs,
    publishing,
    top_story,
    uploading,
)
from backoffice.issue_pages.block_editor import acting, history_pages, parts, reading_again
from backoffice.issue_pages.block_editor.unsaved import returning_words
from backoffice.sign_off_pages import page as sign_off_page
from issues.models import Issue
from issues.page_images import Width


class IssueViewsMixin(history.HistoryMixin):
    """The routes beside those of Django's admin: each asks who may, and hands on."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/state/", guard(self.state_view), name="issues_issue_state"),
            path(
                "<int:pk>/pages/<int:number>.png",
                guard(self.page_image_view, cacheable=True),
                name="issues_issue_page",
            ),
            path("<int:pk>/act/", returning_words(guard(self.act_view)), name="issues_issue_act"),
            path(
                "<int:pk>/keep/", returning_words(guard(self.keep_view)), name="issues_issue_keep"
            ),
            path("<int:pk>/here/", guard(self.here_view), name="issues_issue_here"),
            path("<int:pk>/part/<str:anchor>/", guard(self.part_view), name="issues_issue_part"),
            path(
                "<int:pk>/versions/<int:number>/",
                guard(self.version_view),
                name="issues_issue_version",
            ),
            path(
                "<int:pk>/thumbs/<int:number>.png",
                guard(self.thumb_view, cacheable=True),
                name="issues_issue_thumb",
            ),
            path("<int:pk>/pictures/", guard(self.picture_view), name="issues_issue_picture"),
            path("<int:pk>/pasted/", guard(self.pasted_view), name="issues_issue_pasted"),
            path(
                "<int:pk>/files/<int:position>/",
                guard(self.original_view),
                name="issues_issue_original",
            ),
            path("<int:pk>/again/", guard(self.again_view), name="issues_issue_again"),
            path("<int:pk>/sign-off/", guard(self.sign_off_view), name="issues_issue_sign_off"),
            path("<int:pk>/top-story/", guard(self.top_story_view), name="issues_issue_top_story"),
            path("<int:pk>/proof/", guard(self.proof_view), name="issues_issue_proof"),
            path("<int:pk>/correct/", guard(self.correction_view), name="issues_issue_correct"),
            *super().get_urls(),
        ]

    def state_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return how far the reading is, or how long it is to publication, for pages that wait."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        return JsonResponse(
            {
                "status": issue.status,
                "sentence": uploading.waiting_reason(issue),
                "countdown": appearance.countdown(issue) if issue.publish_at else "",
            }
        )

    @method_decorator(require_POST)
    def act_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what was pressed on the block editor."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return acting.act_view(request, issue)

    @method_decorator(require_POST)
    def keep_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what was typed and is not saved."""
        return parts.keep_view(request, self._issue(request, pk, may=self.has_change_permission))

    @method_decorator(require_POST)
    def here_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return who else is at the block editor, and what they changed."""
        return parts.here_view(request, self._issue(request, pk, may=self.has_change_permission))

    def part_view(self, request: HttpRequest, pk: int, anchor: str) -> HttpResponse:
        """Return a part of the block editor, opened."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return parts.part_view(request, issue, anchor)

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show an earlier state, and what differs from it."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        may_edit = self.has_change_permission(request, issue)
        return history_pages.state_view(request, issue, number, may_edit=may_edit)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List who changed what."""
        if not object_id.isdecimal():
            raise Http404
        issue = self._issue(request, int(object_id), may=self.has_view_permission)
        return history_pages.history_view(request, issue)

    def proof_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a proof of the mails to one address."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return proofs.proof_view(request, issue, self.page_context(request))

    @method_decorator(require_POST)
    def top_story_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the mails begin with the article that was chosen."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return top_story.choose(request, issue, log_change=self.log_change)

    def sign_off_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Submit it for release; see what changed, release or return it."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        return sign_off_page.sign_off_view(request, issue, self.page_context(request))

    def correction_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a correction to those who got the mails."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        context = self.page_context(request)
        if not publishing.may_publish(request, issue):
            return publishing.forbidden(request, issue, context)
        return corrections.correction_view(request, issue, context, log_change=self.log_change)

    def page_image_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Return a page as a picture."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        return page_images.page_image_view(request, issue, number)

    def thumb_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Return a page as a small picture."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        return page_images.page_image_view(request, issue, number, Width.SMALL)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read the files of the issue again, and compare."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return reading_again.again_view(request, issue)

    def picture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a picture to the issue."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return pictures.picture_view(request, issue)

    def pasted_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return what was copied from another program in the markup of articles."""
        self._issue(request, pk, may=self.has_change_permission)
        return pasting.pasted_view(request)

    def original_view(self, request: HttpRequest, pk: int, position: int) -> FileResponse:
        """Return a file as it was uploaded, to be saved: a browser never opens it here."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        file = get_object_or_404(issue.files.in_use(), position=position)
        return FileResponse(
            file.original.open(),
            as_attachment=True,
            filename=file.name_with_suffix,
            content_type="application/octet-stream",
        )

    def _issue(self, request: HttpRequest, pk: int, *, may: Callable[..., bool]) -> Issue:
        issue = get_object_or_404(Issue.objects.select_related("bulletin"), pk=pk)
        if not may(request, issue):
            raise PermissionDenied
        return issue

    def page_context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        """Return what each page of the admin needs, and `more`."""
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}
