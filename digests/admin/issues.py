"""An issue: from its upload to what became of its digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from digests import correcting, wording
from digests.admin import corrections, pages, progress, proofs, publishing
from digests.admin.sections import SectionInline
from digests.admin.uploading import UploadForm, ring
from digests.models import Article, Issue, Section


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin[Issue]):
    """Uploading, correcting and publishing."""

    list_display = ("__str__", "bulletin", "status", "uploaded_at", "published_at")
    list_filter = ("status", "bulletin")
    list_select_related = ("bulletin",)
    search_fields = ("title", "number")
    fields = ("title", "number", "date", "publisher")
    inlines = (SectionInline,)
    change_form_template = "admin/digests/issue/change.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("bulletin")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/state/", guard(self.state_view), name="digests_issue_state"),
            path(
                "<int:pk>/pages/<int:number>.png", guard(self.page_view), name="digests_issue_page"
            ),
            path("<int:pk>/proof/", guard(self.proof_view), name="digests_issue_proof"),
            path("<int:pk>/correct/", guard(self.correct_view), name="digests_issue_correct"),
            path("<int:pk>/publish/", guard(self.publish_view), name="digests_issue_publish"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        published = obj is not None and obj.status == Issue.Status.PUBLISHED
        return not published and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Issue | None = None) -> Any:
        return self.fields if _was_read(obj) else ()

    def get_inlines(self, request: HttpRequest, obj: Issue | None) -> Any:
        return self.inlines if _was_read(obj) else ()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Upload a PDF."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
        if sent and form.is_valid() and (issue := form.uploaded()):
            self.log_addition(request, issue, [{"added": {}}])
            ring(request, issue)
            return redirect("admin:digests_issue_change", issue.pk)
        context = self._context(request, title=_("Upload an issue"), form=form)
        return TemplateResponse(request, "admin/digests/issue/upload.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        issue = self.get_object(request, object_id)
        if issue is None:
            return super().change_view(request, object_id, form_url, extra_context)
        context = {
            "title": str(issue),
            "subtitle": None,
            "issue": issue,
            "pages": pages.of_issue(issue),
            "unreadable": wording.unreadable(issue.unreadable_reason),
            "warnings": list(wording.warnings(issue.warnings)),
            "unknown": issue.sections.unknown().count() if _is_draft(issue) else 0,
            "progress": progress.of_issue(issue),
            "corrections": issue.digests.exclude(corrects=None).defer("blocks"),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def response_change(self, request: HttpRequest, obj: Issue) -> HttpResponse:
        """What was pressed besides saving is done now; the editor stays with the issue."""
        if "_publish" in request.POST:
            return redirect("admin:digests_issue_publish", obj.pk)
        if "_correct" in request.POST:
            return redirect("admin:digests_issue_correct", obj.pk)
        if "_proof" in request.POST:
            return redirect("admin:digests_issue_proof", obj.pk)
        here = reverse("admin:digests_issue_change", args=(obj.pk,))
        if not _is_draft(obj):
            anchor = ""
        elif "_make_topics" in request.POST:
            anchor = _make_topics(obj)
        elif "_add_section" in request.POST:
            anchor = f"#section-{correcting.add_section(obj).pk}"
        else:
            anchor = _move(obj, request.POST.get("_move", ""))
        messages.success(request, _("Saved."))
        return redirect(f"{here}{anchor}")

    def state_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far the reading is, for the page that waits for it."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        return JsonResponse({"status": issue.status})

    def proof_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a trial copy of the mails to one address."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return proofs.page(request, issue, self._context(request))

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a correction to those who got the mails."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return corrections.page(request, issue, self._context(request), log=self.log_change)

    def page_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """A page of the PDF as a picture."""
        return pages.page(request, self._issue(request, pk, may=self.has_view_permission), number)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish it, after asking once."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return publishing.page(request, issue, self._context(request), log=self.log_change)

    def _issue(self, request: HttpRequest, pk: int, *, may: Callable[..., bool]) -> Issue:
        issue = get_object_or_404(Issue.objects.select_related("bulletin"), pk=pk)
        if not may(request, issue):
            raise PermissionDenied
        return issue

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}


def _was_read(issue: Issue | None) -> bool:
    return issue is not None and issue.status in {Issue.Status.DRAFT, Issue.Status.PUBLISHED}


def _is_draft(issue: Issue) -> bool:
    return issue.status == Issue.Status.DRAFT


def _make_topics(issue: Issue) -> str:
    """Make topics of the sections that nobody said the topic of; where to look afterwards."""
    correcting.make_topics(issue)
    left = issue.sections.unknown().first()
    return f"#section-{left.pk}" if left else ""


def _move(issue: Issue, what: str) -> str:
    """Do as a button says, "section 12 up" or "article 7 down"; where to look afterwards."""
    kind, _space, rest = what.partition(" ")
    pk, _space, way = rest.partition(" ")
    by = {"up": -1, "down": 1}.get(way)
    if by is None or not pk.isdecimal():
        return ""
    if kind == "section" and (section := issue.sections.filter(pk=pk).first()):
        correcting.move(section, among=Section.objects.filter(issue=issue), by=by)
    elif kind == "article":
        article = get_object_or_404(Article, section__issue=issue, pk=pk)
        siblings = Article.objects.filter(section=article.section_id)
        correcting.move(article, among=siblings.defer("passages", "places"), by=by)
    return f"#{kind}-{pk}"
