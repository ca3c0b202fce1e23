"""Addresses of readers, for who may see them whole in the reader's bulletin, and masked for all
others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    JSONField,
    Model,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from backoffice import by_bulletin
from foundation.masking import masked_in
from publications import rights
from subscribers.models import Subscriber

Row = TypeVar("Row", bound=Model)
Readers = TypeVar("Readers", bound=Iterable[Subscriber])

PERMISSION = "subscribers.view_address"


def may_see(request: HttpRequest, row: Any) -> bool:
    """Return whether this user may see addresses whole in the bulletin of a row."""
    return by_bulletin.may(request, PERMISSION, row)


def bulletins(request: HttpRequest) -> frozenset[int] | None:
    """Return the bulletins in which this user sees addresses whole; None for all."""
    return rights.where(request.user, PERMISSION)


def mask(request: HttpRequest, readers: Readers) -> Readers:
    """Return these readers as this user may see them."""
    for reader in readers:
        reader.masked = not may_see(request, reader)
    return readers


def with_masked(rows: QuerySet[Row], pks: frozenset[int] | None) -> QuerySet[Row]:
    """Return rows with whether each is `masked` for who sees the addresses of these bulletins."""
    if pks is None:
        return rows
    here = rights.limit(rows.model._default_manager.order_by(), pks)
    path = None if hasattr(rows.model, "in_bulletins") else rights.bulletin_path(rows.model)
    theirs: dict[str, Any] = {"pk__in": here.values("pk")}
    if path:
        theirs = {"__".join([*path, "in"]): pks}
    shown = [When(**theirs, then=Value(value=False))] if pks else []
    masked: QuerySet[Row] = rows.annotate(
        masked=Case(*shown, default=Value(value=True), output_field=BooleanField())
    )
    return masked


def any_masked(request: HttpRequest, rows: QuerySet[Any]) -> bool:
    """Return whether of the rows of a list of MaskedAdmin one is masked. One query at most."""
    if bulletins(request) is None:
        return False
    return "masked" not in rows.query.annotations or rows.order_by().filter(masked=True).exists()


def shown_reader(row: Any) -> str:
    """Return the address of a row's reader, as the list of MaskedAdmin that it is of shows it; ""
    where the reader is forgotten."""
    reader: Subscriber | None = row.subscriber
    if reader is None:
        return ""
    reader.masked = getattr(row, "masked", False)
    return str(reader)


def shown_words(row: Any, text: str) -> str:
    """Return what somebody said of a row of MaskedAdmin, in which addresses may stand."""
    return masked_in(text) if getattr(row, "masked", False) else text


def _is_part(model: type[Model], lookup: str) -> bool:
    name, _sep, how = lookup.partition(LOOKUP_SEP)
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False  # a filter's own name
    words = isinstance(field, CharField | TextField | JSONField) and not field.choices
    return words and how not in {"", "exact"}


class MaskedAdmin(admin.ModelAdmin[Row]):
    """A list of readers, or of what is about them, whose rows know whether addresses are masked.
    Who does not see all that stand in it searches for a whole one, which they know already, or a
    name."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return with_masked(super().get_queryset(request), bulletins(request))

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        fields = tuple(super().get_search_fields(request))
        if self._sees_all(request):
            return fields
        return tuple(map(self.masked_search_field, fields))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Refuse to narrow a list by a part of words, which Django allows of every field of a row:
        `address__startswith=a` would find out, letter by letter, what is masked."""
        return not _is_part(self.model, lookup) and super().lookup_allowed(lookup, value, request)

    def masked_search_field(self, field: str) -> str:
        """Return what is searched in the place of a field: of addresses only whole ones."""
        return f"={field}" if "address" in field else field

    def _sees_all(self, request: HttpRequest) -> bool:
        """Return whether this user sees the addresses of all rows that the list shows them."""
        pks = bulletins(request)
        if pks is None:
            return True
        name = f"{self.opts.app_label}.{{}}_{self.opts.model_name}"
        theirs = rights.where(request.user, name.format("view"), name.format("change"))
        return theirs is not None and theirs <= pks
