"""An issue: from its upload to what became of its digest."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.issue_pages import (
    buttons,
    page_images,
    publishing,
    stale_forms,
    taking_in,
    uploading,
)
from backoffice.issue_pages.issue_views import IssueViewsMixin
from backoffice.issue_pages.one_at_a_time import OneAtATimeMixin
from backoffice.issue_pages.sections import SectionInline
from backoffice.mailing_pages import progress
from backoffice.merging import MergingForm
from issues import account_words, parse_messages
from issues.models import Article, Issue


@admin.register(Issue)
class IssueAdmin(IssueViewsMixin, OneAtATimeMixin):
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
        form = uploading.UploadForm(request.POST, request.FILES) if sent else uploading.UploadForm()
        if sent and form.is_valid() and (issue := form.uploaded()):
            self.log_addition(request, issue, [{"added": {}}])
            uploading.enqueue_reading(request, issue)
            return redirect("admin:issues_issue_change", issue.pk)
        context = self.page_context(request, title=_("Upload an issue"), form=form)
        return TemplateResponse(request, "admin/issues/issue/upload.html", context)

    def issues_of(self, pk: int) -> QuerySet[Issue]:
        return Issue.objects.filter(pk=pk)

    def locked_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        issue = self.get_object(request, object_id)
        if issue is None:
            return super().locked_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and stale_forms.is_of_a_draft(request.POST, issue):
            why = _(
                "This issue was published meanwhile, in another window or by somebody else: its "
                "sections stay as they are, and nothing of what was changed here was saved."
            )
            return stale_forms.conflict(request, self.page_context(request), issue=issue, why=why)
        context = {
            "title": str(issue),
            "subtitle": None,
            "issue": issue,
            "pages": page_images.of_issue(issue),
            "waiting_reason": uploading.waiting_reason(issue),
            "unreadable": parse_messages.unreadable(issue.unreadable_reason),
            "warnings": _warnings(issue),
            "account": _account(issue),
            **taking_in.pieces_context(issue),
            "unknown": issue.sections.unknown().count() if _is_draft(issue) else 0,
            "removals": issue.removals.defer("section", "articles") if _is_draft(issue) else (),
            **publishing.permission_context(request),
            "progress": progress.of_issue(issue),
            "corrections": issue.digests.exclude(corrects=None).defer("blocks"),
            **(extra_context or {}),
        }
        return super().locked_view(request, object_id, form_url, context)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Remember for the response what is to be deleted, and what was gone."""
        super().save_formset(request, form, formset, change)
        form.instance.ticked, form.instance.gone = formset.ticked, formset.gone

    def response_change(self, request: HttpRequest, obj: Issue) -> HttpResponse:
        """Do what was pressed besides saving; stay with the issue."""
        for sentence in getattr(obj, "gone", []):
            messages.warning(request, sentence)
        if question := buttons.remove_ticked(request, obj, log_change=self.log_change):
            return question
        for press in ("publish", "correct", "proof"):
            if f"_{press}" in request.POST and (
                press == "proof" or publishing.may_publish(request)
            ):
                return redirect(f"admin:issues_issue_{press}", obj.pk)
        here = reverse("admin:issues_issue_change", args=(obj.pk,))
        anchor = buttons.press(request, obj, log_change=self.log_change) if _is_draft(obj) else ""
        messages.success(request, _("Saved."))
        return redirect(f"{here}{anchor}")


def _warnings(issue: Issue) -> list[parse_messages.Hint]:
    if not issue.warnings:
        return []
    articles = Article.objects.filter(section__issue=issue).only("title", "first_page")
    return parse_messages.hints(issue.warnings, list(articles))


def _account(issue: Issue) -> str:
    return account_words.sentence(issue.account[0]) if issue.account else ""


def _was_read(issue: Issue | None) -> bool:
    return issue is not None and issue.status in {Issue.Status.DRAFT, Issue.Status.PUBLISHED}


def _is_draft(issue: Issue) -> bool:
    return issue.status == Issue.Status.DRAFT
