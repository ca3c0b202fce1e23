"""A list as a file: all that its search and filters show, not page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from backoffice import exporting, history

Row = TypeVar("Row", bound=Model)

AT_ONCE = 2_000  # rows that are held in memory
_NOT_NARROWING = frozenset({"q", "o", "p", "all"})  # what is searched for may be an address


class ListExportMixin(admin.ModelAdmin[Row]):
    """A list that can be had as CSV or XLSX by who may see it; that they had it is logged as
    `export_act`. `export_route` is the name of the file, too."""

    change_list_template = "admin/exported_list.html"
    export_act = ""
    export_route = ""

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/<str:format>/", export, name=name), *super().get_urls()]

    def may_export(self, request: HttpRequest) -> bool:
        """Return whether this user may take all that the list shows with them."""
        return self.has_view_permission(request)

    def export_heads(self) -> Sequence[exporting.Cell]:
        """Return the heads of the columns."""
        raise NotImplementedError

    def export_rows(self, rows: Iterable[Row]) -> Iterable[Sequence[exporting.Cell]]:
        """Yield the cells of each row."""
        raise NotImplementedError

    def export_view(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """Return the file."""
        if not self.may_export(request):
            raise PermissionDenied
        if format not in set(exporting.Format):
            raise Http404
        changelist = cast("Any", self.get_changelist_instance(request))
        rows: QuerySet[Row] = changelist.get_queryset(request)
        narrowed = {k: v for k, v in request.GET.items() if k not in _NOT_NARROWING}
        history.record(request, self.export_act, after={"filters": narrowed} if narrowed else {})
        return exporting.download(
            self.export_heads(),
            self.export_rows(rows.iterator(AT_ONCE)),
            name=self.export_route,
            format=exporting.Format(format),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list, with the way to the files."""
        context = {"may_export": self.may_export(request), "formats": list(exporting.Format)}
        return super().changelist_view(request, context | (extra_context or {}))
