"""The states of readers: in words, and as a filter of the list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscribers.models import NotMailable, Subscriber


def words_of(reader: Any) -> str:
    """Return the state of a reader, loaded by `with_skip_reason`."""
    if reader.unsubscribed_at:
        return _("left on %(day)s") % {"day": _day(reader.unsubscribed_at)}
    if not reader.confirmed_at:
        return _("not confirmed")
    if reader.skip_reason == NotMailable.SUPPRESSED:
        return _("must not be mailed")
    if reader.skip_reason == NotMailable.PAUSED:
        return _("paused until %(day)s") % {"day": _day(reader.paused_until)}
    return _("gets mail")


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


def _day(when: Any) -> str:
    return date_format(timezone.localtime(when), "DATE_FORMAT")
