"""The readers, with what they follow and followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from audit_log.recording import record_act
from backoffice.by_bulletin import BulletinFilter, ByBulletin, ByBulletinInline
from backoffice.exporting import Cell, Format
from backoffice.history import HistoryMixin
from backoffice.list_exports import Addresses, ExportedList
from backoffice.long_lists import LongListAdmin
from backoffice.masking import MaskedAdmin
from backoffice.subscriber_pages import adding, bulk, look_after, reader_states
from backoffice.subscriber_pages.card_views import CardMixin
from backoffice.subscriber_pages.import_rights import allowed_bulletins, may_import
from publications import rights
from subscribers import unsubscribe_reasons, unsubscribing
from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import EndReason


class SubscriptionInline(ByBulletinInline, admin.TabularInline[Subscription, Subscriber]):
    """The history of a reader; nobody rewrites it."""

    model = Subscription
    fields = ("topic", "started_at", "source", "ended_at", "ended_reason")
    template = "admin/rows.html"
    can_delete = False
    verbose_name_plural = gettext_lazy("what they follow and followed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        return super().get_queryset(request).select_related("topic")

    def has_add_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscriber)
class SubscriberAdmin(
    CardMixin,
    HistoryMixin,
    ExportedList[Subscriber],
    MaskedAdmin[Subscriber],
    LongListAdmin[Subscriber],
    ByBulletin[Subscriber],
):
    """The subscribers. They sign up themselves, or are added or imported with the source of their
    consent; the page of one is a file card, and many are changed at once."""

    list_display = ("shown_address", "state", "bulletin", "language")
    list_filter = (reader_states.StateFilter, ("bulletin", BulletinFilter), "language")
    list_select_related = ("bulletin",)
    search_fields = ("address", "name", "unit")
    reader_field = ""
    fields = (
        "shown_address",
        "bulletin",
        "state",
        "name",
        "unit",
        "language",
        "format",
        "length",
        "cadence",
        "time_zone",
        "signed_up_at",
        "confirmed_at",
        "paused_until",
        "unsubscribed_at",
        "mails",
    )
    readonly_fields = (
        "shown_address",
        "bulletin",
        "state",
        "signed_up_at",
        "confirmed_at",
        "paused_until",
        "unsubscribed_at",
        "mails",
    )
    inlines = (SubscriptionInline,)
    act_of_deleting = "erased"
    actions = ("change_chosen", "export_xlsx", "export_csv", "unsubscribe")
    change_list_template = "admin/subscribers/subscriber/change_list.html"
    export_heads = (
        gettext_lazy("address"),
        pgettext_lazy("of a person", "Name"),
        gettext_lazy("unit"),
        gettext_lazy("bulletin"),
        gettext_lazy("state"),
        gettext_lazy("language"),
        gettext_lazy("format"),
        gettext_lazy("topics"),
        gettext_lazy("signed up"),
        gettext_lazy("confirmed"),
        gettext_lazy("left"),
        gettext_lazy("paused until"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("enter/", view(self.enter_view), name="subscribers_subscriber_enter"),
            path("bulk/", view(self.bulk_view), name="subscribers_subscriber_bulk"),
            path(
                "look-after/", view(self.look_after_view), name="subscribers_subscriber_look_after"
            ),
            *super().get_urls(),
        ]

    def enter_view(self, request: HttpRequest) -> HttpResponse:
        """Add a reader."""
        return adding.add_view(request, self._context(request))

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Change the chosen readers."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        theirs = rights.where(request.user, "subscribers.change_subscriber")
        readers = rights.limit(self.get_queryset(request), theirs)
        return bulk.apply_view(request, readers, self._context(request))

    def look_after_view(self, request: HttpRequest) -> HttpResponse:
        """Show the readers to look after."""
        return look_after.look_after_view(request, self._context(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = {"may_import": may_import(request)}
        if context["may_import"]:
            context["add_form"] = adding.AddForm(bulletins=allowed_bulletins(request))
        if request.method == "GET":
            context["why"] = self._why_they_left(request)
        return super().changelist_view(request, context | (extra_context or {}))

    def _why_they_left(self, request: HttpRequest) -> unsubscribe_reasons.Summary:
        """Return the reasons that readers gave lately, of the bulletin that is filtered for."""
        chosen = request.GET.get("bulletin__id__exact", "")
        return unsubscribe_reasons.summary(
            at=timezone.now(),
            within=rights.where(request.user, "subscribers.view_subscriber"),
            bulletin=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None,
        )

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether the actions that export are offered."""
        return self.may_export(request)

    def export_rows(
        self, request: HttpRequest, rows: QuerySet[Subscriber]
    ) -> Iterator[Sequence[Cell]]:
        current = Subscription.objects.current().select_related("topic")
        followed = Prefetch("subscriptions", queryset=current, to_attr="followed")
        return super().export_rows(request, rows.prefetch_related(followed))

    def export_row(self, row: Any, address: Addresses) -> Sequence[Cell]:
        return (
            address.shown(row.address),
            row.name,
            row.unit,
            str(row.bulletin),
            self.state(row),
            row.get_language_display(),
            row.get_format_display(),
            "; ".join(str(subscription.topic) for subscription in row.followed),
            row.signed_up_at,
            row.confirmed_at,
            row.unsubscribed_at,
            row.paused_until,
        )

    @admin.action(description=gettext_lazy("Change the chosen readers …"), permissions=["change"])
    def change_chosen(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> HttpResponse:
        return bulk.ask(request, readers, self._context(request))

    @admin.action(
        description=gettext_lazy("Have the chosen readers as XLSX"), permissions=["export"]
    )
    def export_xlsx(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> HttpResponseBase:
        return self.exported(request, readers, Format.XLSX)

    @admin.action(
        description=gettext_lazy("Have the chosen readers as CSV"), permissions=["export"]
    )
    def export_csv(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> HttpResponseBase:
        return self.exported(request, readers, Format.CSV)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        readers: Any = super().get_queryset(request)
        found: QuerySet[Subscriber] = readers.with_skip_reason(at=timezone.now())
        return found

    def has_add_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "name":
            kwargs["label"] = pgettext_lazy("of a person", "Name")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("address"), ordering="address")
    def shown_address(self, reader: Subscriber) -> str:
        return str(reader)

    @admin.display(description=gettext_lazy("mails"))
    def mails(self, reader: Subscriber) -> str:
        """A link to what was sent to this reader, and what became of it."""
        query = urlencode({"subscriber__id__exact": reader.pk})
        address = f"{reverse('admin:digests_delivery_changelist')}?{query}"
        return format_html('<a href="{}">{}</a>', address, _("What was sent to this reader"))

    @admin.display(description=gettext_lazy("state"))
    def state(self, reader: Any) -> str:
        return reader_states.words_of(reader)

    @admin.action(
        description=gettext_lazy("Unsubscribe the chosen readers"), permissions=["change"]
    )
    def unsubscribe(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        count = 0
        for reader in readers:
            with transaction.atomic():
                if unsubscribing.unsubscribe(reader.pk, at=now, reason=EndReason.EDITOR):
                    record_act("reader.unsubscribed", by=request.user, at=now, **reader.log_keys)
                    count += 1
        sentence = ngettext("%(count)d reader has left.", "%(count)d readers have left.", count)
        self.message_user(request, sentence % {"count": count})
