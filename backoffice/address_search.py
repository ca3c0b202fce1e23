"""Finding rows by an address as it is shown."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from mail.messages.headers import ascii_domain

Row = TypeVar("Row", bound=Model)


class AddressSearch(admin.ModelAdmin[Row]):
    """Search by a domain in its own script, too: the tables have domains in ASCII."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        words = [ascii_domain(word) if "@" in word else word for word in search_term.split()]
        return super().get_search_results(request, queryset, " ".join(words))
