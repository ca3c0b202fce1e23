"""The deliveries: what became of one reader in a digest."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.long_lists import LongListAdmin
from backoffice.mailing_pages.feedback import FeedbackInline
from backoffice.read_only import ReadOnlyAdmin
from digests.models import Delivery
from digests.models.delivery import DeliveryQuerySet


@admin.register(Delivery)
class DeliveryAdmin(LongListAdmin[Delivery], ReadOnlyAdmin[Delivery]):
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
        ("reader", "digest"),
        ("status", "reason"),
        ("attempts", "due_at", "settled_at"),
        "smtp_response",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows = cast("DeliveryQuerySet", super().get_queryset(request))
        return rows.with_titles().defer("digest__blocks")

    @admin.display(description=_("reader"), ordering="subscriber__address")
    def reader(self, delivery: Delivery) -> str:
        return str(delivery.subscriber or _("(forgotten)"))
