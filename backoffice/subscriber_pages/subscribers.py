"""The readers, with what they follow and followed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from backoffice.by_bulletin import BulletinFilter, ByBulletin, ByBulletinInline
from backoffice.history import HistoryMixin, record
from backoffice.long_lists import LongListAdmin
from backoffice.masking import MaskedAdmin
from backoffice.subscriber_pages.card_views import CardMixin
from subscribers import unsubscribing
from subscribers.models import NotMailable, Subscriber, Subscription
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


class StateFilter(admin.SimpleListFilter):
    """Readers by their state."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("active", _("gets mail")),
            ("paused", _("paused")),
            ("suppressed", _("must not be mailed")),
            ("unconfirmed", _("not confirmed")),
            ("left", _("left")),
        ]

    def queryset(self, request: HttpRequest, readers: Any) -> QuerySet[Subscriber]:
        now = timezone.now()
        skipped = readers.with_skip_reason(at=now)
        chosen: dict[str, QuerySet[Subscriber]] = {
            "active": readers.mailable(at=now),
            "paused": skipped.filter(skip_reason=NotMailable.PAUSED),
            "suppressed": skipped.filter(skip_reason=NotMailable.SUPPRESSED),
            "unconfirmed": readers.filter(unsubscribed_at__isnull=True, confirmed_at__isnull=True),
            "left": readers.filter(unsubscribed_at__isnull=False),
        }
        found: QuerySet[Subscriber] = chosen.get(self.value() or "", readers)
        return found


@admin.register(Subscriber)
class SubscriberAdmin(
    CardMixin,
    HistoryMixin,
    MaskedAdmin[Subscriber],
    LongListAdmin[Subscriber],
    ByBulletin[Subscriber],
):
    """The subscribers. They sign up themselves; the page of one is a file card."""

    list_display = ("shown_address", "state", "bulletin", "language")
    list_filter = (StateFilter, ("bulletin", BulletinFilter), "language")
    list_select_related = ("bulletin",)
    search_fields = ("address", "name")
    reader_field = ""
    fields = (
        "shown_address",
        "bulletin",
        "state",
        "name",
        "language",
        "format",
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
    actions = ("unsubscribe",)

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
        if reader.unsubscribed_at:
            return _("left on %(day)s") % {"day": _day(reader.unsubscribed_at)}
        if not reader.confirmed_at:
            return _("not confirmed")
        if reader.skip_reason == NotMailable.SUPPRESSED:
            return _("must not be mailed")
        if reader.skip_reason == NotMailable.PAUSED:
            return _("paused until %(day)s") % {"day": _day(reader.paused_until)}
        return _("gets mail")

    @admin.action(
        description=gettext_lazy("Unsubscribe the chosen readers"), permissions=["change"]
    )
    def unsubscribe(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        count = 0
        for reader in readers:
            with transaction.atomic():
                if unsubscribing.unsubscribe(reader.pk, at=now, reason=EndReason.EDITOR):
                    record(request, "reader.unsubscribed", reader)
                    count += 1
        sentence = ngettext("%(count)d reader has left.", "%(count)d readers have left.", count)
        self.message_user(request, sentence % {"count": count})


def _day(when: Any) -> str:
    return date_format(timezone.localtime(when), "DATE_FORMAT")
