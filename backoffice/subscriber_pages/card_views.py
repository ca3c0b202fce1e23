"""The page of a reader as a file card, and the routes of what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from backoffice.subscriber_pages import card, care, erasing
from backoffice.subscriber_pages.choices_form import ChoicesForm
from subscribers import erased_addresses, preferences
from subscribers.models import Subscriber

CHOICES = ("topics", "shown_topics")
ROW_FIELDS = ("name", "language", "format", "length", "time_zone")


class CardMixin(admin.ModelAdmin[Subscriber]):
    """A reader's choices and their history, mails, notes, and who did what; what may be done by
    whom asks for the right to change that reader."""

    form = ChoicesForm
    change_form_template = "admin/subscribers/subscriber/card.html"

    def get_urls(self) -> list[URLPattern]:
        routes: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("link/", self.link_view, "link"),
            ("notes/", self.note_view, "note"),
            ("notes/<int:note_pk>/remove/", self.remove_note_view, "remove_note"),
            ("<slug:name>/now/", self.care_view, "care"),
        ]
        guard = self.admin_site.admin_view
        return [
            *(
                path(f"<int:pk>/{at}", guard(view), name=f"subscribers_subscriber_{name}")
                for at, view, name in routes
            ),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Subscriber | None = None) -> Any:
        """Return the fields: topics of who is a reader, for who may change them."""
        fields = tuple(super().get_fields(request, obj))
        if obj is None or not self.has_change_permission(request, obj):
            return fields
        choices = CHOICES if obj.is_reading else ()
        return (*fields, *choices, "because")

    def save_model(self, request: HttpRequest, obj: Subscriber, form: Any, change: Any) -> None:
        """Store what was changed in the form, and nothing beside it."""
        obj.save(update_fields=[name for name in ROW_FIELDS if name in form.changed_data])
        at = timezone.now()
        if "cadence" in form.changed_data:
            preferences.change_cadence(obj.pk, obj.cadence, at=at)
        if form.begun or form.ended:
            preferences.change_topics(obj.pk, begin=form.begun, end=form.ended, at=at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        reader = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if reader is not None and self.has_view_or_change_permission(request, reader):
            may_change = self.has_change_permission(request, reader)
            context = card.context(request, reader, may_change=may_change)
            context["may_erase"] = self.has_delete_permission(request, reader)
            context["show_delete"] = False  # which is the same page
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Erase the reader, in the place of Django's page."""
        reader = self.get_object(request, object_id)
        if reader is None or not self.has_delete_permission(request, reader):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return erasing.erase_view(request, reader, context | (extra_context or {}))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        """Erase readers who were chosen in the list."""
        for pk in list(queryset.values_list("pk", flat=True)):
            erased_addresses.erase(pk, at=timezone.now())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the card, where the history of a reader stands."""
        reader = self.get_object(request, object_id)
        if reader is None or not self.has_view_or_change_permission(request, reader):
            raise PermissionDenied
        return redirect("admin:subscribers_subscriber_change", object_id)

    def care_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Pause, resume, unsubscribe or suppress."""
        reader = self._reader(request, pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return care.care_view(request, reader, name, context)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mail the link to their choices."""
        return self._posted(request, pk, care.mail_link)

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a note."""
        return self._posted(request, pk, care.add_note)

    def remove_note_view(self, request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
        """Remove a note."""
        return self._posted(request, pk, partial(care.remove_note, note_pk=note_pk))

    def _posted(
        self, request: HttpRequest, pk: int, do: Callable[[HttpRequest, Subscriber], HttpResponse]
    ) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return do(request, self._reader(request, pk))

    def _reader(self, request: HttpRequest, pk: int) -> Subscriber:
        reader = self.get_object(request, str(pk))
        if reader is None:
            raise Http404
        if not self.has_change_permission(request, reader):
            raise PermissionDenied
        return reader
