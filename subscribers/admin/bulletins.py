"""The bulletins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bulletin_site.merging import MergingForm
from subscribers.models import Bulletin, Subscriber


@admin.register(Bulletin)
class BulletinAdmin(admin.ModelAdmin[Bulletin]):
    """What readers see first, then who sends it, then the small print."""

    form = MergingForm
    list_display = ("name", "slug", "language", "readers")
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "language", "accent", "image")}),
        (_("Who sends it"), {"fields": ("sender_name", "sender_email", "reply_to", "pace")}),
        (_("Imprint"), {"fields": ("publisher", "postal_address")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulletin]:
        # The same as the condition of the index of confirmed readers, which answers it alone.
        here = Subscriber.objects.confirmed().filter(bulletin=OuterRef("pk")).order_by()
        counted = here.values("bulletin").annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(readers=Coalesce(Subquery(counted), 0))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Bulletin | None = None
    ) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # it stands in mails that are out there

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kw: Any) -> Any:
        if db_field.name == "accent":
            kw["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kw)

    def view_on_site(self, bulletin: Bulletin) -> str:
        return reverse("digests:bulletin", args=[bulletin.slug])

    @admin.display(description=_("readers"), ordering="readers")
    def readers(self, bulletin: Any) -> int:
        return int(bulletin.readers)
