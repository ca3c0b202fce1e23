"""An issue: from its upload to what became of its digest."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.issue_pages import appearance, publishing, top_story, transferring, uploading
from backoffice.issue_pages.block_editor import page, sent_forms
from backoffice.issue_pages.issue_list import IssueListMixin
from backoffice.issue_pages.publishing_views import PublishingViewsMixin
from backoffice.log_pages import entries
from backoffice.mailing_pages import progress
from backoffice.sign_off_pages import page as sign_off_page
from issues import binning, parse_messages
from issues.models import Issue
from publications import rights


@admin.register(Issue)
class IssueAdmin(IssueListMixin, PublishingViewsMixin):
    """The issues: uploading, editing and publishing."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        bin_route = path("bin/", guard(self.bin_view), name="issues_issue_bin")
        return [bin_route, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("bulletin")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list, without what is in the bin."""
        found = super().get_changelist_instance(request)
        found.queryset = found.queryset.exclude(status=Issue.Status.BINNED)
        found.get_results(request)
        return found

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        gone = {Issue.Status.PUBLISHED, Issue.Status.WITHDRAWN, Issue.Status.BINNED}
        return not (obj is not None and obj.status in gone) and super().has_delete_permission(
            request, obj
        )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name the issues alone: they go into the bin with all that they have."""
        names = [str(issue) for issue in objs]
        return names, {str(self.opts.verbose_name_plural): len(names)}, set(), []

    act_of_deleting = "binned"

    def delete_model(self, request: HttpRequest, obj: Issue) -> None:
        """Put the issue into the bin."""
        binning.bin_issue(obj, at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Issue]) -> None:
        """Put the issues into the bin that are not published."""
        for issue in queryset:
            binning.bin_issue(issue, at=timezone.now())

    def response_delete(
        self, request: HttpRequest, obj_display: str, obj_id: int
    ) -> HttpResponseRedirect:
        """Lead to the bin, where it can be taken back."""
        named = {"title": obj_display}
        messages.success(request, _("“%(title)s” is in the bin, for 30 days.") % named)
        return redirect("admin:issues_issue_bin")

    def bin_view(self, request: HttpRequest) -> HttpResponse:
        """List the issues in the bin; take back on POST what was pressed."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        binned = self._binned(request)
        if request.method == "POST":
            pk = sent_forms.number(request.POST.get("take_back", ""))
            issue = get_object_or_404(binned, pk=pk)
            if binning.take_back(issue):
                said = _("Taken back from the bin.")
                self.log_change(request, issue, said, act="issue.taken_from_the_bin")
            return redirect("admin:issues_issue_change", issue.pk)
        listed = binned.order_by("-binned_at")
        context = self.page_context(request, title=_("Bin"), issues=listed)
        return TemplateResponse(request, "admin/issues/issue/bin.html", context)

    def _binned(self, request: HttpRequest) -> QuerySet[Issue]:
        """Return what is in the bin of the bulletins where who asks may delete."""
        pks = rights.where(request.user, "issues.delete_issue")
        binned = Issue.objects.filter(status=Issue.Status.BINNED).select_related("bulletin")
        return rights.limit(binned, pks)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make an issue from files, of a text, or by hand."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = (
            uploading.UploadForm(request.user, request.POST, request.FILES)
            if sent
            else uploading.UploadForm(
                request.user, initial={"bulletin": request.GET.get("bulletin")}
            )
        )
        if sent and form.is_valid() and (issue := form.issue()):
            self.log_addition(request, issue, [{"added": {}}])
            uploading.enqueue_reading(request, issue)
            return redirect("admin:issues_issue_change", issue.pk)
        context = self.page_context(request, title=_("A new issue"), form=form)
        return TemplateResponse(request, "admin/issues/issue/upload.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the block editor: the issue as one document beside its pages."""
        issue = self.get_object(request, object_id)
        if issue is None:
            raise Http404
        if not self.has_view_or_change_permission(request, issue):
            raise PermissionDenied
        may_edit = _was_read(issue) and self.has_change_permission(request, issue)
        context = self.page_context(
            request,
            title=str(issue),
            original=issue,
            waiting_reason=uploading.waiting_reason(issue),
            waits_behind=uploading.waits_behind(issue),
            files=issue.originals,
            unreadable=parse_messages.unreadable(
                issue.unreadable_reason, file_name=issue.unreadable_file
            ),
            unknown=issue.sections.unknown().count() if _is_draft(issue) else 0,
            may_delete=self.has_delete_permission(request, issue),
            progress=progress.of_issue(issue),
            log=entries.of_issue(issue),
            corrections=issue.digests.exclude(corrects=None).defer("blocks", "texts"),
            **publishing.permission_context(request, issue),
            **appearance.context(issue),
            **sign_off_page.context_of(request, issue),
            **transferring.context(request, issue),
            **top_story.context_of(issue, may_edit=may_edit),
            **page.context_of(request, issue, may_edit=may_edit),
        )
        return TemplateResponse(request, "admin/issues/block_editor/issue.html", context)


def _was_read(issue: Issue) -> bool:
    return issue.status in {Issue.Status.DRAFT, Issue.Status.PUBLISHED}


def _is_draft(issue: Issue) -> bool:
    return issue.status == Issue.Status.DRAFT
