"""The digests: who was mailed, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from backoffice.by_bulletin import BulletinFilter, ByBulletin, may
from backoffice.history import HistoryMixin
from backoffice.issue_pages import publishing
from backoffice.mailing_pages import figures, lifecycle, progress, resending, uncertain
from backoffice.read_only import ReadOnlyAdmin
from digests import progress_sentences
from digests.models import Digest
from digests.models.digest import DigestQuerySet, Occasion

RESOLVE_PERMISSION = "digests.change_delivery"


def may_control(request: HttpRequest, digest: Digest) -> bool:
    """Return whether this user may pause, resume and cancel: whoever may start a mailing may, and
    so may an operator."""
    return publishing.may_publish(request, digest) or may(request, RESOLVE_PERMISSION, digest)


class OccasionFilter(admin.SimpleListFilter):
    """Digests by their occasion: at first those of many readers. First mails and those after a
    pause go to one reader or a few at any moment, and would bury the others."""

    title = gettext_lazy("occasion")
    parameter_name = "occasion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*Occasion.choices, ("all", gettext_lazy("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        chosen = list(super().choices(changelist))
        yield {**chosen[0], "display": gettext_lazy("of issues, weekly, monthly")}
        yield from chosen[1:]

    def queryset(self, request: HttpRequest, digests: QuerySet[Digest]) -> QuerySet[Digest]:
        match self.value():
            case None:
                return digests.exclude(occasion__in=[Occasion.WELCOME, Occasion.CATCH_UP])
            case "all":
                return digests
            case chosen:
                return digests.filter(occasion=chosen)


@admin.register(Digest)
class DigestAdmin(HistoryMixin, ReadOnlyAdmin[Digest], ByBulletin[Digest]):
    """The digests, one line each; the page of one refreshes by itself until it is finished."""

    list_display = (
        "__str__",
        "bulletin",
        "occasion",
        "state",
        "readers",
        "sent",
        "opened_at",
        "finished_at",
    )
    list_filter = (("bulletin", BulletinFilter), OccasionFilter)
    fields = ("occasion", "issue", "opened_at", "prepared_at", "finished_at")
    change_form_template = "admin/digests/digest/change.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = cast("DigestQuerySet", super().get_queryset(request))
        return rows.with_titles().defer("blocks", "texts")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", guard(self.progress_view), name="digests_digest_progress"),
            path(
                "<int:pk>/uncertain/", guard(self.uncertain_view), name="digests_digest_uncertain"
            ),
            path("<int:pk>/resend/", guard(self.resend_view), name="digests_digest_resend"),
            path(
                "<int:pk>/<slug:name>/now/",
                guard(self.lifecycle_view),
                name="digests_digest_lifecycle",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("state"))
    def state(self, digest: Digest) -> str:
        return progress_sentences.in_a_word(digest)

    @admin.display(description=gettext_lazy("readers"), ordering="candidates")
    def readers(self, digest: Digest) -> str:
        return figures.readers(digest)

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, digest: Digest) -> str:
        return figures.sent(digest) if digest.outcome else ""

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return the counts by state, as JSON."""
        digest = get_object_or_404(Digest.objects.defer("blocks", "texts"), pk=pk)
        if not self.has_view_permission(request, digest):
            raise PermissionDenied
        return JsonResponse(progress.counts(digest))

    def uncertain_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Resolve uncertain deliveries; for those who may change deliveries."""
        digest = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may(request, RESOLVE_PERMISSION, digest):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return uncertain.uncertain_view(request, digest, context, log_change=self.log_change)

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the mails sent again that failed."""
        digest = get_object_or_404(self.get_queryset(request), pk=pk)
        may_see = self.has_view_permission(request, digest)
        if not (may_see and resending.may_resend(request, digest)):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return resending.resend_failed_view(request, digest, context, log_change=self.log_change)

    def lifecycle_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Pause, resume or cancel."""
        digest = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may_control(request, digest):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return lifecycle.lifecycle_view(request, digest, name, context, log_change=self.log_change)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        digest = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if digest and self.has_view_permission(request, digest):
            context |= {"digest": digest, "progress": progress.of_digest(digest)}
            context["may_resolve"] = may(request, RESOLVE_PERMISSION, digest)
            failed = digest.outcome.get("counts", {}).get("failed", 0)
            context["may_resend"] = failed and resending.may_resend(request, digest)
            if may_control(request, digest):
                context["steps"] = lifecycle.possible_steps(digest)
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )
