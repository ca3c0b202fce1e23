"""The filters of lists of deliveries and of what came back: by bulletin, and by mailing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from backoffice.by_bulletin import seen
from digests.models import Digest
from publications.models import Bulletin

MAX_MAILINGS = 30  # the latest ones
BULLETIN, MAILING = "bulletin", "digest__id__exact"


class BulletinFilter(admin.SimpleListFilter):
    """Rows of the digests of a bulletin. The digests are named one by one: in their order the index
    of the list begins with them."""

    title = _("bulletin")
    parameter_name = BULLETIN
    digest_field = "digest"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(one.pk), one.name) for one in seen(request, Bulletin.objects.all())]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if not chosen.isdecimal():
            return rows
        digests = Digest.objects.filter(bulletin=int(chosen)).order_by()
        return rows.filter(
            **{f"{self.digest_field}__in": list(digests.values_list("pk", flat=True))}
        )


class MailingFilter(admin.SimpleListFilter):
    """Rows of one digest: the latest ones are listed, of the bulletin that was chosen."""

    title = _("mailing")
    parameter_name = MAILING
    digest_field = "digest"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        digests: Any = seen(request, Digest.objects.with_titles().defer("blocks", "texts"))
        bulletin = request.GET.get(BULLETIN, "")
        if bulletin.isdecimal():
            digests = digests.filter(bulletin=int(bulletin))
        return [(str(one.pk), _named(one)) for one in digests[:MAX_MAILINGS]]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        return rows.filter(**{self.digest_field: int(chosen)}) if chosen.isdecimal() else rows


class FeedbackBulletinFilter(BulletinFilter):
    """Feedback on the digests of a bulletin."""

    digest_field = "delivery__digest"


class FeedbackMailingFilter(MailingFilter):
    """Feedback on one digest."""

    digest_field = "delivery__digest"


def _named(digest: Digest) -> str:
    return f"{digest} · {date_format(localtime(digest.opened_at), 'SHORT_DATE_FORMAT')}"
