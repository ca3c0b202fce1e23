"""The deliveries: what became of one reader in a digest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice import masking
from backoffice.by_bulletin import ByBulletin
from backoffice.exporting import Cell
from backoffice.list_exports import Addresses, ExportedList
from backoffice.long_lists import LongListAdmin
from backoffice.mailing_pages import delivery_words, resending
from backoffice.mailing_pages.feedback import FeedbackInline
from backoffice.mailing_pages.mailing_filters import BulletinFilter, MailingFilter
from backoffice.masking import MaskedAdmin
from backoffice.read_only import ReadOnlyAdmin
from digests import rendering
from digests.models import Delivery
from digests.models.delivery import DeliveryQuerySet


@admin.register(Delivery)
class DeliveryAdmin(
    ExportedList[Delivery],
    MaskedAdmin[Delivery],
    LongListAdmin[Delivery],
    ReadOnlyAdmin[Delivery],
    ByBulletin[Delivery],
):
    """The deliveries, searched by the reader's address or name. The newest digest stands first: in
    the order of the index of digests and readers, in which PostgreSQL finds the first ones of all,
    and of one digest."""

    list_display = ("reader", "digest", "status", "what", "attempts", "settled_at")
    list_filter = ("status", "reason", BulletinFilter, MailingFilter)
    search_fields = ("subscriber__address", "subscriber__name")
    list_per_page = 50
    ordering = ("-digest_id", "-subscriber_id")
    sortable_by = ()
    inlines = (FeedbackInline,)
    change_form_template = "admin/digests/delivery/change.html"
    fields = (
        "reader_page",
        "digest",
        "articles",
        "status",
        "what",
        "attempts",
        "resends",
        "due_at",
        "settled_at",
        "said",
    )

    export_heads = (
        _("reader"),
        _("name"),
        _("bulletin"),
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
            row.digest.bulletin.name,
            str(row.digest),
            row.get_status_display(),
            delivery_words.outcome(row),
            row.attempts,
            row.settled_at,
            address.in_words(row.smtp_response),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows = cast("DeliveryQuerySet", super().get_queryset(request))
        return rows.with_titles().defer("digest__blocks", "digest__texts")

    def get_urls(self) -> list[URLPattern]:
        resend = self.admin_site.admin_view(self.resend_view)
        route = path("<int:pk>/resend/", resend, name="digests_delivery_resend")
        return [route, *super().get_urls()]

    @admin.display(description=_("reader"), ordering="subscriber__address")
    def reader(self, delivery: Delivery) -> str:
        return masking.shown_reader(delivery) or gettext("(forgotten)")

    @admin.display(description=_("what became of it"))
    def what(self, delivery: Delivery) -> str:
        return masking.shown_words(delivery, delivery_words.outcome(delivery))

    @admin.display(description=Delivery._meta.get_field("smtp_response").verbose_name)
    def said(self, delivery: Delivery) -> str:
        return masking.shown_words(delivery, delivery.smtp_response)

    @admin.display(description=_("articles"))
    def articles(self, delivery: Delivery) -> str:
        names = rendering.article_names([delivery]).get(delivery.pk, [])
        if not names:
            return "–"
        return format_html(
            '<ol class="articles">{}</ol>',
            format_html_join("", "<li>{}</li>", ((n,) for n in names)),
        )

    @admin.display(description=_("reader"))
    def reader_page(self, delivery: Delivery) -> str:
        """The reader, with a link to what they follow and followed."""
        if delivery.subscriber_id is None:
            return self.reader(delivery)
        address = reverse("admin:subscribers_subscriber_change", args=[delivery.subscriber_id])
        return format_html('<a href="{}">{}</a>', address, self.reader(delivery))

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the mail sent again."""
        rows = cast("DeliveryQuerySet", self.get_queryset(request))
        delivery = rows.with_skip_reason(at=timezone.now()).filter(pk=pk).first()
        if delivery is None:
            raise Http404
        may_see = self.has_view_permission(request, delivery)
        if not (may_see and resending.may_resend(request, delivery)):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return resending.resend_view(request, delivery, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if delivery:
            context["heading"] = f"{delivery.digest}: {self.reader(delivery)}"
            context["may_resend"] = resending.may_resend(request, delivery)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
