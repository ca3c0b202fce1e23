"""The imports: a list is uploaded, looked at, taken in and, where that is wanted, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.recording import record_act
from backoffice import exporting
from backoffice.by_bulletin import BulletinFilter
from backoffice.read_only import ReadOnlyAdmin
from backoffice.subscriber_pages import import_page, import_rights
from backoffice.subscriber_pages.import_forms import DecisionForm, LayoutForm, ListForm
from backoffice.subscriber_pages.import_words import FAILURES
from foundation.enqueue import enqueue_on_commit
from publications import rights
from subscribers.importing import reverting, staging, taking
from subscribers.importing.values import UnreadableFile
from subscribers.models import ImportStatus, ReaderImport
from subscribers.models.reader_import import AT_WORK
from subscribers.tasks import work_on_import

PROGRESS_SECONDS = 2


class _BulletinFilter(BulletinFilter):
    """The filter by bulletin, of those to which who asks may bring readers."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return [(one.pk, str(one)) for one in import_rights.allowed_bulletins(request)]


@admin.register(ReaderImport)
class ReaderImportAdmin(ReadOnlyAdmin[ReaderImport]):
    """The imports, newest first. One permission opens all that can be done with them, for the
    bulletin of each."""

    list_display = ("file_name", "bulletin", "status", "new", "by", "uploaded_at")
    list_filter = (("bulletin", _BulletinFilter), "status")
    list_select_related = ("bulletin", "by")
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=gettext_lazy("taken in"))
    def new(self, run: ReaderImport) -> int:
        counts = run.numbers.get("taken", {})
        return sum(counts.get(each.value, 0) for each in taking.UNDOABLE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReaderImport]:
        return rights.limit(
            super().get_queryset(request), rights.where(request.user, import_rights.PERMISSION)
        )

    def has_view_permission(self, request: HttpRequest, obj: ReaderImport | None = None) -> bool:
        return import_rights.may_import(request, obj.bulletin if obj else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return import_rights.may_import(request)

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "subscribers_readerimport"
        return [
            path("upload/", view(self.upload_view), name=f"{name}_upload"),
            path("<int:pk>/act/<slug:act>/", view(self.act_view), name=f"{name}_act"),
            *super().get_urls(),
        ]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file, and have it read."""
        if not import_rights.may_import(request):
            raise PermissionDenied
        bulletins = import_rights.allowed_bulletins(request)
        form = ListForm(request.POST or None, request.FILES or None, bulletins=bulletins)
        if request.method == "POST" and form.is_valid():
            run = _uploaded(request, form)
            return redirect("admin:subscribers_readerimport_change", run.pk)
        context = {"title": _("Import readers"), "form": form}
        return self._page(request, "upload", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show an import, and what can be done with it."""
        run = self._import(request, object_id)
        return self._shown(request, run, import_page.layout_form(run), DecisionForm(run))

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponseBase:
        """Do something with an import by POST; its bad rows are had by GET."""
        run = self._import(request, pk)
        if act in ("bad-csv", "bad-xlsx"):
            format = exporting.Format(act.removeprefix("bad-"))
            words = import_rights.words_for(request, run)
            return import_page.bad_rows(run, format, words=words)
        acts: dict[str, Callable[[HttpRequest, ReaderImport], HttpResponse]] = {
            "layout": self._read_again,
            "start": self._start,
            "undo": self._undo,
            "discard": self._discard,
        }
        if act not in acts:
            raise Http404
        if request.method != "POST":
            return redirect("admin:subscribers_readerimport_change", run.pk)
        return acts[act](request, run)

    def _import(self, request: HttpRequest, pk: int | str) -> ReaderImport:
        runs = ReaderImport.objects.select_related("bulletin", "by")
        run = get_object_or_404(runs, pk=pk)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        return run

    def _read_again(self, request: HttpRequest, run: ReaderImport) -> HttpResponse:
        form = import_page.layout_form(run, request.POST)
        if form is None or not form.is_valid():
            return self._shown(request, run, form, DecisionForm(run))
        try:
            layout = form.layout() or staging.place(run, form.chosen_sheet())
        except UnreadableFile as failure:
            form.add_error(None, str(FAILURES[failure.reason]))
            return self._shown(request, run, form, DecisionForm(run))
        with transaction.atomic():
            if staging.read_again(run.pk, layout):
                enqueue_on_commit(work_on_import, run.pk)
        return redirect("admin:subscribers_readerimport_change", run.pk)

    def _start(self, request: HttpRequest, run: ReaderImport) -> HttpResponse:
        form = DecisionForm(run, request.POST)
        if run.status == ImportStatus.READY and not form.is_valid():
            return self._shown(request, run, import_page.layout_form(run), form)
        if run.status == ImportStatus.READY:
            decision, now = form.decision(), timezone.now()
            with transaction.atomic():
                if taking.start(run.pk, decision, at=now):
                    _record(request, run, "readers.imported", **_facts(run, decision))
                    enqueue_on_commit(work_on_import, run.pk)
        return redirect("admin:subscribers_readerimport_change", run.pk)

    def _undo(self, request: HttpRequest, run: ReaderImport) -> HttpResponse:
        with transaction.atomic():
            undoing = reverting.start(run.pk, at=timezone.now())
            if undoing:
                taken = run.numbers.get("taken", {})
                _record(request, run, "readers.import_undone", taken=taken)
                enqueue_on_commit(work_on_import, run.pk)
        if not undoing:
            messages.warning(request, _("This import cannot be undone any more."))
        return redirect("admin:subscribers_readerimport_change", run.pk)

    def _discard(self, request: HttpRequest, run: ReaderImport) -> HttpResponse:
        if taking.discard(run.pk):
            messages.success(request, _("The list is forgotten; nobody of it was taken in."))
        return redirect("admin:subscribers_readerimport_changelist")

    def _shown(
        self,
        request: HttpRequest,
        run: ReaderImport,
        layout: LayoutForm | None,
        decision: DecisionForm,
    ) -> HttpResponse:
        context = {
            "title": run.file_name,
            "subtitle": str(run.bulletin),
            "run": run,
            "layout_form": layout,
            "decision_form": decision,
            **import_page.shown(run, words=import_rights.words_for(request, run)),
        }
        answer = self._page(request, "import", context)
        if run.status in AT_WORK:  # also without script; readers of screens hear no sooner
            answer["Refresh"] = str(PROGRESS_SECONDS)
        return answer

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        template = f"admin/subscribers/readerimport/{name}.html"
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, shared | context)


def _uploaded(request: HttpRequest, form: ListForm) -> ReaderImport:
    file = form.cleaned_data["file"]
    run = ReaderImport(
        bulletin=form.cleaned_data["bulletin"],
        by=request.user if request.user.is_authenticated else None,
        file_name=str(file.name)[-200:],
        uploaded_at=timezone.now(),
    )
    run.file.save("list", file, save=False)
    with transaction.atomic():
        run.save()
        enqueue_on_commit(work_on_import, run.pk)
    return run


def _facts(run: ReaderImport, decision: taking.Decision) -> dict[str, Any]:
    return {
        "file": run.file_name,
        "consent": decision.consent,
        "asked": decision.ask,
        "topics": list(decision.topics),
        "rows": run.numbers.get("rows", 0),
    }


def _record(request: HttpRequest, run: ReaderImport, act: str, **facts: Any) -> None:
    record_act(
        act,
        by=request.user,
        at=timezone.now(),
        publication=run.bulletin_id,
        subject=f"#{run.pk}",
        after=facts,
    )
