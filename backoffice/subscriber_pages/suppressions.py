"""The suppressed addresses, and lifting a suppression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.address_search import AddressSearch
from backoffice.by_bulletin import ByBulletin
from backoffice.exporting import Cell
from backoffice.history import HistoryMixin
from backoffice.list_exports import Addresses, ExportedList
from backoffice.long_lists import BoundedPaginator
from backoffice.masking import MaskedAdmin
from publications import rights
from subscribers import addresses
from subscribers import suppressions as suppressing
from subscribers.forms import NOT_SUPPORTED
from subscribers.models import Suppression
from subscribers.models.suppression import SuppressionReason


class EnterForm(forms.ModelForm[Suppression]):
    """An address that an editor enters, as somebody typed or sent it; who cares for some
    `bulletins` enters those that read no other."""

    bulletins: frozenset[int] | None = None

    class Meta:
        model = Suppression
        fields = ("address_key", "evidence")

    def clean_address_key(self) -> str:
        try:
            key = addresses.parse(self.cleaned_data["address_key"]).key
        except addresses.NotSupported as error:
            raise ValidationError(NOT_SUPPORTED) from error
        except addresses.NotAnAddress as error:
            raise ValidationError(_("This is not an email address.")) from error
        if Suppression.objects.current().filter(address_key=key).exists():
            raise ValidationError(_("This address is suppressed already."))
        concerned = Suppression(address_key=key).bulletin_ids()
        if self.bulletins is not None and not (concerned and concerned <= self.bulletins):
            raise ValidationError(_("This address is not read in your bulletins alone."))
        return key


class LiftForm(forms.ModelForm[Suppression]):
    """The reason why an address may be mailed again."""

    class Meta:
        model = Suppression
        fields = ("lifted_because",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lifted_because" in self.fields:
            self.fields["lifted_because"].required = True
            self.fields["lifted_because"].label = _("Why it may be mailed again")
            self.fields["lifted_because"].help_text = _(
                "Saving lets every bulletin write to the address again."
            )


class HoldingFilter(admin.SimpleListFilter):
    """Suppressions by whether they hold or were lifted."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("holds", _("holds")), ("lifted", _("lifted"))]

    def queryset(
        self, request: HttpRequest, suppressions: QuerySet[Suppression]
    ) -> QuerySet[Suppression]:
        if not self.value():
            return suppressions
        return suppressions.filter(lifted_at__isnull=self.value() == "holds")


@admin.register(Suppression)
class SuppressionAdmin(
    HistoryMixin,
    ExportedList[Suppression],
    MaskedAdmin[Suppression],
    AddressSearch[Suppression],
    ByBulletin[Suppression],
):
    """The suppressions, entered by an editor or by the bounce policy; lifted with a reason, never
    changed or deleted."""

    list_display = ("shown_address", "reason", "suppressed_at", "evidence", "lifted_at")
    list_filter = (HoldingFilter, "reason")
    search_fields = ("address_key",)
    paginator = BoundedPaginator
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    export_heads = (
        gettext_lazy("address"),
        gettext_lazy("reason"),
        gettext_lazy("since"),
        gettext_lazy("evidence"),
        gettext_lazy("lifted"),
        gettext_lazy("why it was lifted"),
    )

    def export_row(self, row: Suppression, address: Addresses) -> Sequence[Cell]:
        return (
            address.shown(row.address_key),
            row.get_reason_display(),
            row.suppressed_at,
            address.in_words(row.evidence),
            row.lifted_at,
            row.lifted_because,
        )

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("address_key", "evidence")
        fields = ("shown_address", "reason", "suppressed_at", "evidence", "lifted_because")
        return (*fields, "lifted_at") if obj.lifted_at else fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Suppression | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return ()
        fields = self.get_fields(request, obj)
        return fields if obj.lifted_at else tuple(set(fields) - {"lifted_because"})

    @admin.display(description=gettext_lazy("address"), ordering="address_key")
    def shown_address(self, suppression: Suppression) -> str:
        return str(suppression)

    def get_form(
        self, request: HttpRequest, obj: Suppression | None = None, *args: Any, **options: Any
    ) -> Any:
        options["form"] = LiftForm if obj else EnterForm
        form: Any = super().get_form(request, obj, *args, **options)
        if not obj:
            form.bulletins = rights.where(request.user, "subscribers.add_suppression")
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: Any) -> None:
        if change:
            suppressing.lift(obj.pk, because=obj.lifted_because, at=timezone.now())
        else:
            self._enter(obj)

    def _enter(self, entered: Suppression) -> None:
        key = entered.address_key
        suppressing.suppress(
            key, reason=SuppressionReason.EDITOR, evidence=entered.evidence, at=timezone.now()
        )
        entered.pk = Suppression.objects.current().get(address_key=key).pk

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        held = obj is None or obj.lifted_at is None
        return held and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False
