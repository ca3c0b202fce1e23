"""Addresses of readers, for who may see them whole, and masked for all others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import BooleanField, Model, QuerySet, Value
from django.http import HttpRequest

from subscribers.models import Subscriber

Row = TypeVar("Row", bound=Model)
Readers = TypeVar("Readers", bound=Iterable[Subscriber])

_MASKED = Value(1, output_field=BooleanField())
PERMISSION = "subscribers.view_address"


def may_see(request: HttpRequest) -> bool:
    """Return whether this user may see addresses whole."""
    return bool(request.user.has_perm(PERMISSION))


def mask(request: HttpRequest, readers: Readers) -> Readers:
    """Return these readers as this user may see them."""
    if not may_see(request):
        for reader in readers:
            reader.masked = True
    return readers


def shown_reader(row: Any) -> str:
    """Return the address of a row's reader, as the list of MaskedAdmin that it is of shows it; ""
    where the reader is forgotten."""
    reader: Subscriber | None = row.subscriber
    if reader is None:
        return ""
    reader.masked = getattr(row, "masked", False)
    return str(reader)


class MaskedAdmin(admin.ModelAdmin[Row]):
    """A list of readers, or of what is about them, whose rows know whether addresses are masked.
    Who does not see addresses searches for a whole one, which they know already, or a name."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        rows: QuerySet[Row] = super().get_queryset(request)
        if may_see(request):
            return rows
        masked: QuerySet[Row] = rows.annotate(masked=_MASKED)
        return masked

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        fields = tuple(super().get_search_fields(request))
        return fields if may_see(request) else tuple(map(self.masked_search_field, fields))

    def masked_search_field(self, field: str) -> str:
        """Return what is searched in the place of a field: of addresses only whole ones."""
        return f"={field}" if "address" in field else field
