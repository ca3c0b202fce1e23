"""The bulletins."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backoffice.by_bulletin import ByBulletin
from backoffice.history import HistoryMixin
from backoffice.merging import MergingForm
from backoffice.publication_pages import embedding, look
from foundation import time_zones
from foundation.absolute_urls import absolute_url
from foundation.response_headers import WITH_FRAME, allows
from publications import branding, slugs
from publications.models import Bulletin
from subscribers.models import Subscriber


class BulletinForm(MergingForm):
    """A bulletin, whose slug is made of its name where it is left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            slug = self.fields["slug"]
            slug.required, slug.label = False, _("Web address")
            slug.error_messages["invalid"] = _(
                "Use only the letters a to z, digits, hyphens and underscores."
            )
            slug.help_text = format_html(
                '{} <span class="proposed" data-propose="{}">{}</span>',
                _(
                    "The last part of the web address of its pages: letters a to z, digits, "
                    "hyphens. Left empty, it is made of the name (Chinese in pinyin). It is not "
                    "changed later, because it stands in mails."
                ),
                reverse("admin:publications_bulletin_propose"),
                address_of("…"),
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and not self.cleaned_data["slug"]:
            self.cleaned_data["slug"] = slugs.propose(self.cleaned_data.get("name", ""))
        return cleaned


MAX_NAME_LENGTH = Bulletin._meta.get_field("name").max_length or 0


def _masthead(bulletin: Bulletin) -> str:
    return reverse("issues:masthead", args=[bulletin.slug, branding.masthead_name(bulletin)])


class ImageWidget(forms.ClearableFileInput):
    """A file input that shows the stored picture and not the name of its file."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif"})
        field = given.render(name, None, attrs, renderer)
        if not (isinstance(value, FieldFile) and value):
            return field
        return format_html(
            '<div class="kept"><img src="{}" alt="{}"><label><input type="checkbox" name="{}"> {}'
            "</label>{}</div>",
            _masthead(cast("Bulletin", value.instance)),
            _("The image as it is now"),
            self.clear_checkbox_name(name),
            _("Without an image"),
            field,
        )


def address_of(slug: str) -> str:
    """Return where the pages of a bulletin stand on the web."""
    before, after = absolute_url("issues:bulletin", "-").rsplit("-", 1)
    return f"{before}{slug}{after}"


@admin.register(Bulletin)
class BulletinAdmin(HistoryMixin, ByBulletin[Bulletin]):
    """The bulletins: what readers see first, then who sends it, then the small print."""

    form = BulletinForm
    list_display = ("name", "address", "language", "readers")
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "language", "accent", "image")}),
        (_("Who sends it"), {"fields": ("sender_name", "sender_email", "reply_to")}),
        (
            _("When it is sent"),
            {
                "fields": (
                    "time_zone",
                    ("weekly_day", "monthly_day", "digest_hour"),
                    "rate_limit",
                )
            },
        ),
        (_("Before it is published"), {"fields": ("needs_sign_off",)}),
        (_("Imprint"), {"fields": ("publisher", "postal_address")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulletin]:
        # The same as the condition of the index of confirmed readers, which answers it alone.
        here = Subscriber.objects.confirmed().filter(bulletin=OuterRef("pk")).order_by()
        counted = here.values("bulletin").annotate(number=Count("pk")).values("number")
        bulletins: QuerySet[Bulletin] = super().get_queryset(request)
        return bulletins.annotate(readers=Coalesce(Subquery(counted), 0))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Bulletin | None = None
    ) -> tuple[str, ...]:
        return ("address",) if obj else ()  # it stands in mails that are out there

    def get_fieldsets(self, request: HttpRequest, obj: Bulletin | None = None) -> Any:
        if obj is None:
            return self.fieldsets
        (title, first), *others = self.fieldsets
        fields = tuple("address" if name == "slug" else name for name in first["fields"])
        return [(title, {"fields": fields}), *others]

    def get_urls(self) -> list[URLPattern]:
        propose = self.admin_site.admin_view(self.propose_view)
        shown = self.admin_site.admin_view(self.look_view)
        embedded = self.admin_site.admin_view(self.embed_view)
        return [
            path("propose/", propose, name="publications_bulletin_propose"),
            path("look/", shown, name="publications_bulletin_look"),
            path("<int:pk>/embed/", embedded, name="publications_bulletin_embed"),
            *super().get_urls(),
        ]

    def propose_view(self, request: HttpRequest) -> JsonResponse:
        """Return the slug that a bulletin of that name would get, and its web address."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        slug = slugs.propose(request.GET.get("name", "")[:MAX_NAME_LENGTH])
        return JsonResponse({"slug": slug, "address": address_of(slug)})

    @method_decorator(allows(WITH_FRAME))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form, with the look of the mails in a frame beside it."""
        return super().changeform_view(request, object_id, form_url, extra_context)

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """Show a mail of the bulletin of `?bulletin=…`, or of a new one, as the form has it."""
        pk = request.GET.get("bulletin", "")
        bulletin = get_object_or_404(Bulletin, pk=int(pk)) if pk.isdecimal() else None
        may = self.has_view_permission if bulletin else self.has_add_permission
        if not may(request, bulletin):
            raise PermissionDenied
        return look.look_view(request, bulletin)

    def embed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form to sign up, to be copied into other sites."""
        bulletin = get_object_or_404(Bulletin, pk=pk)
        if not self.has_view_permission(request, bulletin):
            raise PermissionDenied
        return embedding.embedding_view(request, bulletin)

    @admin.display(description=_("web address"))
    def address(self, bulletin: Bulletin) -> str:
        return format_html('<a href="{0}">{0}</a>', address_of(bulletin.slug))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kw: Any) -> Any:
        if db_field.name == "image":
            kw["widget"] = ImageWidget
        if db_field.name == "time_zone":
            zones = [(name, name.replace("_", " ")) for name in time_zones.places()]
            none = _("As the site: %(zone)s") % {"zone": settings.TIME_ZONE}
            kw["widget"] = forms.Select(choices=[("", none), *zones])
        if db_field.name == "accent":
            kw["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kw)

    def view_on_site(self, bulletin: Bulletin) -> str:
        return reverse("issues:bulletin", args=[bulletin.slug])

    @admin.display(description=_("readers"), ordering="readers")
    def readers(self, bulletin: Any) -> int:
        return int(bulletin.readers)
