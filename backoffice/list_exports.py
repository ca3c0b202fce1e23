"""A list of the admin as a file: exactly the rows that it shows by its filters and its search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise

from audit_log.recording import record_act
from backoffice import exporting, masking
from backoffice.exporting import Cell, Format
from foundation.masking import masked, masked_in
from mail.messages.idn import readable
from publications import rights

Row = TypeVar("Row", bound=Model)

EXPORT_PERMISSION = "subscribers.export_subscriber"
AT_ONCE = 2_000  # rows that are loaded at once


class ExportedList(admin.ModelAdmin[Row]):
    """A list that who may export it can have as CSV and XLSX; that they had it is in the log.

    Addresses in it, and in what mail servers said, are masked for who may not see them.
    """

    export_heads: ClassVar[Sequence[str | Promise]] = ()
    export_act = "list.exported"
    export_permission = EXPORT_PERMISSION

    def may_export(self, request: HttpRequest) -> bool:
        """Return whether this user may have what the list shows as a file."""
        may = request.user.has_perm(self.export_permission)
        return may and self.has_view_or_change_permission(request)

    def export_row(self, row: Any, address: Addresses) -> Sequence[Cell]:
        """Return the cells of a row, in the order of `export_heads`."""
        raise NotImplementedError

    def export_rows(self, request: HttpRequest, rows: QuerySet[Row]) -> Iterator[Sequence[Cell]]:
        """Yield the cells of all rows."""
        hidden = masking.bulletins(request) is not None
        whole, masked_ones = Addresses(masked=False), Addresses(masked=True)
        for row in rows.iterator(AT_ONCE):
            is_masked = hidden and getattr(row, "masked", True)
            yield self.export_row(row, masked_ones if is_masked else whole)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<slug:format>/", view, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """Answer a POST with the file, and write that down."""
        if format not in list(Format):
            raise Http404
        if not self.may_export(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters as error:
            raise Http404 from error
        theirs = rights.limit(rows, rights.where(request.user, self.export_permission))
        return self.exported(request, theirs, Format(format))

    def exported(
        self, request: HttpRequest, rows: QuerySet[Row], format: Format
    ) -> HttpResponseBase:
        """Return rows as a file, and write down who had which and how many."""
        filters = {
            key: masked_in(str(value))
            for key, value in request.GET.items()
            if key not in ("q", "p", "o")
        }
        record_act(
            self.export_act,
            by=request.user,
            at=timezone.now(),
            subject=str(self.opts.label_lower),
            after={
                "rows": rows.order_by().count(),
                "format": format.value,
                "filters": filters,
                "searched": bool(request.GET.get("q")),
                "masked": masking.any_masked(request, rows),
            },
        )
        day = f"{timezone.localdate():%Y-%m-%d}"
        file_name = f"{self.opts.model_name}-{day}"
        return exporting.download(
            self.export_heads, self.export_rows(request, rows), name=file_name, format=format
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_export": self.may_export(request), "export_formats": list(Format)}
        return super().changelist_view(request, context | (extra_context or {}))


class Addresses:
    """Addresses, whole, or masked but for the first letter and the domain."""

    def __init__(self, *, masked: bool) -> None:
        self.masked = masked

    def shown(self, address: str) -> str:
        """Return one address."""
        return masked(readable(address)) if self.masked else readable(address)

    def in_words(self, text: str) -> str:
        """Return a text in which addresses may stand."""
        return masked_in(text) if self.masked else text
