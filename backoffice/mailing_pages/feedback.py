"""The feedback, in a list of its own and with its delivery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice import masking
from backoffice.by_bulletin import ByBulletin, ByBulletinInline
from backoffice.exporting import Cell
from backoffice.list_exports import Addresses, ExportedList
from backoffice.long_lists import LongListAdmin
from backoffice.mailing_pages.mailing_filters import FeedbackBulletinFilter, FeedbackMailingFilter
from backoffice.masking import MaskedAdmin
from backoffice.read_only import ReadOnlyAdmin
from digests.models import Delivery, Feedback

_DETAIL = Feedback._meta.get_field("detail").verbose_name


class FeedbackInline(ByBulletinInline, admin.TabularInline[Feedback, Delivery]):
    """The feedback on one delivery."""

    model = Feedback
    fields = readonly_fields = ("received_at", "kind", "status", "said")
    template = "admin/rows.html"
    can_delete = False
    verbose_name_plural = _("What came back")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        return masking.with_masked(super().get_queryset(request), masking.bulletins(request))

    @admin.display(description=_DETAIL)
    def said(self, feedback: Feedback) -> str:
        return masking.shown_words(feedback, feedback.detail)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Feedback)
class FeedbackAdmin(
    ExportedList[Feedback],
    MaskedAdmin[Feedback],
    LongListAdmin[Feedback],
    ReadOnlyAdmin[Feedback],
    ByBulletin[Feedback],
):
    """The feedback, newest first; nobody rewrites it."""

    list_display = ("received_at", "kind", "reader", "delivery", "status", "said")
    list_filter = ("kind", FeedbackBulletinFilter, FeedbackMailingFilter)
    list_select_related = ("subscriber", "delivery")
    search_fields = ("subscriber__address", "subscriber__name")
    list_per_page = 50
    fields = (("received_at", "kind"), ("reader", "delivery"), "status", "said")

    export_heads = (
        _("received"),
        _("what came back"),
        _("reader"),
        _("delivery"),
        _("code"),
        _("what was said"),
    )

    def export_row(self, row: Feedback, address: Addresses) -> Sequence[Cell]:
        reader = row.subscriber
        return (
            row.received_at,
            row.get_kind_display(),
            address.shown(reader.address) if reader else "",
            row.delivery_id,
            row.status,
            address.in_words(row.detail),
        )

    @admin.display(description=_("reader"), ordering="subscriber__address")
    def reader(self, feedback: Feedback) -> str:
        return masking.shown_reader(feedback) or gettext("(forgotten)")

    @admin.display(description=_DETAIL)
    def said(self, feedback: Feedback) -> str:
        return masking.shown_words(feedback, feedback.detail)
