"""The deliveries: what became of one reader in a digest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backoffice.exporting import Cell
from backoffice.list_exports import Addresses, ExportedList
from backoffice.long_lists import LongListAdmin
from backoffice.mailing_pages.feedback import FeedbackInline
from backoffice.read_only import ReadOnlyAdmin
from digests.models import Delivery
from digests.models.delivery import DeliveryQuerySet


@admin.register(Delivery)
class DeliveryAdmin(ExportedList[Delivery], LongListAdmin[Delivery], ReadOnlyAdmin[Delivery]):
    """The deliveries, searched by the reader's address. The newest digest stands first: in the
    order of the index of digests and readers, in which PostgreSQL finds the first ones of all,
    and of one digest."""

    list_display = (
        "reader",
        "digest",
        "status",
        "reason",
        "attempts",
        "settled_at",
        "smtp_response",
    )
    list_filter = ("status", "reason")
    search_fields = ("subscriber__address",)
    list_per_page = 50
    ordering = ("-digest_id", "-subscriber_id")
    sortable_by = ()
    inlines = (FeedbackInline,)
    fields = (
        "reader_page",
        "digest",
        "status",
        "reason",
        "attempts",
        "due_at",
        "settled_at",
        "smtp_response",
    )

    export_heads = (
        _("reader"),
        _("name"),
        _("digest"),
        _("status"),
        _("reason"),
        _("attempts"),
        _("settled"),
        _("what the mail server said"),
    )

    def export_row(self, row: Delivery, address: Addresses) -> Sequence[Cell]:
        reader = row.subscriber
        return (
            address.shown(reader.address) if reader else "",
            reader.name if reader else "",
            str(row.digest),
            row.get_status_display(),
            row.get_reason_display(),
            row.attempts,
            row.settled_at,
            address.in_words(row.smtp_response),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows = cast("DeliveryQuerySet", super().get_queryset(request))
        return rows.with_titles().defer("digest__blocks")

    @admin.display(description=_("reader"), ordering="subscriber__address")
    def reader(self, delivery: Delivery) -> str:
        return str(delivery.subscriber or _("(forgotten)"))

    @admin.display(description=_("reader"))
    def reader_page(self, delivery: Delivery) -> str:
        """The reader, with a link to what they follow and followed."""
        if delivery.subscriber_id is None:
            return self.reader(delivery)
        address = reverse("admin:subscribers_subscriber_change", args=[delivery.subscriber_id])
        return format_html('<a href="{}">{}</a>', address, delivery.subscriber)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        context = {"heading": f"{delivery.digest}: {self.reader(delivery)}"} if delivery else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
