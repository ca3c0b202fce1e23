"""An issue: from its upload to what became of its digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backoffice import history
from backoffice.issue_pages import (
    corrections,
    moving,
    page_images,
    proofs,
    publishing,
    removing,
    stale_forms,
)
from backoffice.issue_pages.sections import SectionInline
from backoffice.issue_pages.uploading import UploadForm, enqueue_reading
from backoffice.mailing_pages import progress
from backoffice.merging import MergingForm
from digests import alarms, monitoring
from issues import editing, parse_messages
from issues.models import Article, Issue, Section


@admin.register(Issue)
class IssueAdmin(history.HistoryMixin):
    """The issues: uploading, editing and publishing."""

    form = MergingForm

    list_display = ("__str__", "bulletin", "status", "uploaded_at", "published_at")
    list_filter = ("status", "bulletin")
    list_select_related = ("bulletin",)
    search_fields = ("title", "number")
    fields = ("title", "number", "date", "publisher")
    inlines = (SectionInline,)
    change_form_template = "admin/issues/issue/change.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("bulletin")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/state/", guard(self.state_view), name="issues_issue_state"),
            path(
                "<int:pk>/pages/<int:number>.png",
                guard(self.page_image_view, cacheable=True),
                name="issues_issue_page",
            ),
            path("<int:pk>/remove/", guard(self.remove_view), name="issues_issue_remove"),
            path("<int:pk>/proof/", guard(self.proof_view), name="issues_issue_proof"),
            path("<int:pk>/correct/", guard(self.correction_view), name="issues_issue_correct"),
            path("<int:pk>/publish/", guard(self.publish_view), name="issues_issue_publish"),
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
            enqueue_reading(request, issue)
            return redirect("admin:issues_issue_change", issue.pk)
        context = self._context(request, title=_("Upload an issue"), form=form)
        return TemplateResponse(request, "admin/issues/issue/upload.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take one form after the other, and none beside publishing."""
        if request.method != "POST":
            return self._change_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            Issue.objects.select_for_update().filter(pk=_pk(object_id)).first()
            return self._change_view(request, object_id, form_url, extra_context)

    def _change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        issue = self.get_object(request, object_id)
        if issue is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and stale_forms.is_of_a_draft(request.POST, issue):
            why = _(
                "This issue was published meanwhile, in another window or by somebody else: its "
                "sections stay as they are, and nothing of what was changed here was saved."
            )
            return stale_forms.conflict(request, self._context(request), issue=issue, why=why)
        context = {
            "title": str(issue),
            "subtitle": None,
            "issue": issue,
            "pages": page_images.of_issue(issue),
            "waiting_reason": _waiting_reason(issue),
            "unreadable": parse_messages.unreadable(issue.unreadable_reason),
            "warnings": _warnings(issue),
            "unknown": issue.sections.unknown().count() if _is_draft(issue) else 0,
            "removals": issue.removals.defer("section", "articles") if _is_draft(issue) else (),
            **publishing.permission_context(request),
            "progress": progress.of_issue(issue),
            "corrections": issue.digests.exclude(corrects=None).defer("blocks"),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Remember for the response what is to be deleted, and what was gone."""
        super().save_formset(request, form, formset, change)
        form.instance.ticked, form.instance.gone = formset.ticked, formset.gone

    def response_change(self, request: HttpRequest, obj: Issue) -> HttpResponse:
        """Do what was pressed besides saving; stay with the issue."""
        for sentence in getattr(obj, "gone", []):
            messages.warning(request, sentence)
        if question := self._remove(request, obj):
            return question
        for press in ("publish", "correct", "proof"):
            if f"_{press}" in request.POST and (
                press == "proof" or publishing.may_publish(request)
            ):
                return redirect(f"admin:issues_issue_{press}", obj.pk)
        here = reverse("admin:issues_issue_change", args=(obj.pk,))
        anchor = self._press(request, obj) if _is_draft(obj) else ""
        messages.success(request, _("Saved."))
        return redirect(f"{here}{anchor}")

    def _remove(self, request: HttpRequest, issue: Issue) -> HttpResponse | None:
        """Delete empty sections. Returns the page that asks whether to delete the others."""
        ticked: list[Section] = getattr(issue, "ticked", [])
        filled = {one.pk for one in ticked if one.articles.exists()}
        empty = [one for one in ticked if one.pk not in filled]
        removing.remove(request, issue, empty, log_change=self.log_change)
        if not filled:
            return None
        here = reverse("admin:issues_issue_remove", args=(issue.pk,))
        return redirect(f"{here}?{urlencode({'section': sorted(filled)}, doseq=True)}")

    def _press(self, request: HttpRequest, issue: Issue) -> str:
        """Do what was pressed, and log it. Returns the anchor of where to look afterwards."""
        if "_restore" in request.POST:
            pk = request.POST["_restore"]
            return removing.restore(request, issue, pk, log_change=self.log_change)
        if "_make_topics" in request.POST:
            made = editing.make_topics(issue)
            if made:
                names = {"topics": parse_messages.listed([str(topic) for topic in made])}
                self.log_change(request, issue, _("Made topics: %(topics)s.") % names)
            left = issue.sections.unknown().first()
            return f"#section-{left.pk}" if left else ""
        if "_add_section" in request.POST:
            self.log_change(request, issue, _("Added a section."))
            return f"#section-{editing.add_section(issue).pk}"
        return self._move(request, issue)

    def _move(self, request: HttpRequest, issue: Issue) -> str:
        try:
            anchor, sentence = moving.move(issue, request.POST.get("_move", ""))
        except moving.RowDeleted:
            messages.warning(request, _("What was to be moved was deleted meanwhile."))
            return ""
        self.log_change(request, issue, sentence)
        return anchor

    def state_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return how far the reading is, for the page that waits for it."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        return JsonResponse({"status": issue.status, "sentence": _waiting_reason(issue)})

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete sections, after asking once."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        if not request.user.has_perm("issues.delete_section"):
            raise PermissionDenied
        return removing.remove_view(
            request, issue, self._context(request), log_change=self.log_change
        )

    def proof_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a proof of the mails to one address."""
        issue = self._issue(request, pk, may=self.has_change_permission)
        return proofs.proof_view(request, issue, self._context(request))

    def correction_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a correction to those who got the mails."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        context = self._context(request)
        if not publishing.may_publish(request):
            return publishing.forbidden(request, issue, context)
        return corrections.correction_view(request, issue, context, log_change=self.log_change)

    def page_image_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Return a page of the PDF as a picture."""
        return page_images.page_image_view(
            self._issue(request, pk, may=self.has_view_permission), number
        )

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish it, after asking once."""
        issue = self._issue(request, pk, may=self.has_view_permission)
        context = self._context(request)
        if not publishing.may_publish(request):
            return publishing.forbidden(request, issue, context)
        return publishing.publish_view(request, issue, context, log_change=self.log_change)

    def _issue(self, request: HttpRequest, pk: int, *, may: Callable[..., bool]) -> Issue:
        issue = get_object_or_404(Issue.objects.select_related("bulletin"), pk=pk)
        if not may(request, issue):
            raise PermissionDenied
        return issue

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}


def _pk(object_id: str) -> int:
    return int(object_id) if object_id.isdecimal() else 0


def _warnings(issue: Issue) -> list[parse_messages.Hint]:
    if not issue.warnings:
        return []
    articles = Article.objects.filter(section__issue=issue).only("title", "first_page")
    return parse_messages.hints(issue.warnings, list(articles))


def _was_read(issue: Issue | None) -> bool:
    return issue is not None and issue.status in {Issue.Status.DRAFT, Issue.Status.PUBLISHED}


def _waiting_reason(issue: Issue) -> str:
    """Return why an uploaded issue is not being read; empty where it is."""
    if issue.status != Issue.Status.UPLOADED:
        return ""
    return " ".join(alarms.sentences(monitoring.reading_stands_still(at=timezone.now())))


def _is_draft(issue: Issue) -> bool:
    return issue.status == Issue.Status.DRAFT
