"""The readers, with what they follow and followed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscribers import leaving
from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import Ending


class SubscriptionInline(admin.TabularInline[Subscription, Subscriber]):
    """The history of a reader; nobody rewrites it."""

    model = Subscription
    fields = ("topic", "started_at", "source", "ended_at", "ended_reason")
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
            ("unconfirmed", _("not confirmed")),
            ("left", _("left")),
        ]

    def queryset(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        here = Q(unsubscribed_at__isnull=True)
        paused = Q(paused_until__gt=timezone.now())
        chosen = {
            "active": here & Q(confirmed_at__isnull=False) & ~paused,
            "paused": here & Q(confirmed_at__isnull=False) & paused,
            "unconfirmed": here & Q(confirmed_at__isnull=True),
            "left": ~here,
        }
        return readers.filter(chosen.get(self.value() or "", Q()))


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    """Readers sign up themselves; an editor can correct a name or language, and let one go."""

    list_display = ("address", "state", "bulletin", "language")
    list_filter = (StateFilter, "bulletin", "language")
    list_select_related = ("bulletin",)
    search_fields = ("address", "name")
    date_hierarchy = "signed_up_at"
    fields = ("address", "bulletin", "state", "name", "language", "signed_up_at", "confirmed_at")
    readonly_fields = ("address", "bulletin", "state", "signed_up_at", "confirmed_at")
    inlines = (SubscriptionInline,)
    actions = ("unsubscribe",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("state"))
    def state(self, reader: Subscriber) -> str:
        if reader.unsubscribed_at:
            return _("left on %(day)s") % {"day": _day(reader.unsubscribed_at)}
        if not reader.confirmed_at:
            return _("not confirmed")
        if reader.paused_until and reader.paused_until > timezone.now():
            return _("paused until %(day)s") % {"day": _day(reader.paused_until)}
        return _("gets mail")

    @admin.action(
        description=gettext_lazy("Unsubscribe the chosen readers"), permissions=["change"]
    )
    def unsubscribe(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        left = [leaving.unsubscribe(reader.pk, at=now, ending=Ending.EDITOR) for reader in readers]
        count = sum(left)
        told = ngettext("%(count)d reader has left.", "%(count)d readers have left.", count)
        self.message_user(request, told % {"count": count})


def _day(when: Any) -> str:
    return date_format(timezone.localtime(when), "DATE_FORMAT")
