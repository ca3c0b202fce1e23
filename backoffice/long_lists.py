"""Lists of so many rows that a page must not count or search them all."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from backoffice import masking
from backoffice.address_search import AddressSearch
from publications.models import Bulletin
from subscribers import addresses, reader_search
from subscribers.models import Subscriber

Row = TypeVar("Row", bound=Model)

MAX_ROWS = 5_000  # rows that can be paged through; others are found by search
# Readers that are named one by one in the question of a list. What more of them have in common the
# list comes upon at once, in its own order, and there is no need to count them all.
MAX_NAMED = MAX_ROWS + 1
_COMMON = "_common_readers"  # of a request: some of the many that its search finds


class BoundedPaginator(Paginator[Any]):
    """A paginator of the first MAX_ROWS rows, which counts no others. `more` is whether there
    are any. Where `some` of the rows are known, those are counted first: often they suffice."""

    some: QuerySet[Any] | None = None

    @cached_property
    def _found(self) -> int:
        if self.some is not None and (found := _bounded_count(self.some)) > MAX_ROWS:
            return found
        return _bounded_count(self.object_list)

    @cached_property
    def count(self) -> int:
        return min(self._found, MAX_ROWS)

    @property
    def more(self) -> bool:
        return self._found > MAX_ROWS


def _bounded_count(rows: Any) -> int:
    return int(rows.order_by()[: MAX_ROWS + 1].count())


class LongList(ChangeList):
    """A list whose search shows no total that was not counted."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        paginator: Any = self.paginator
        if paginator.more or not self.query:
            self.full_result_count = self.result_count


class LongListAdmin(AddressSearch[Row]):
    """A list that shows its first rows and does not count them all. It is searched by the address
    or name of a reader, whole or in part (`subscribers.reader_search`).

    `reader_field` leads from a row to its reader: "" or the name of a foreign key.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each is a count of all rows
    list_max_show_all = 0
    reader_field = "subscriber"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LongList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        readers = readers_at(search_term)
        seen = masking.bulletins(request)
        if not readers and search_term.strip():
            readers = reader_search.found(search_term, most=MAX_NAMED, addresses_of=seen)
        if search_term.strip() and (len(readers) < MAX_NAMED or seen):
            return queryset.filter(**self._of(readers)), False
        setattr(request, _COMMON, readers)
        return super().get_search_results(request, queryset, search_term)

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[Row],
        per_page: int,
        *args: Any,
        **kwargs: Any,
    ) -> Paginator[Any]:
        paginator: Any = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        if common := getattr(request, _COMMON, []):
            paginator.some = queryset.filter(**self._of(common[:MAX_NAMED]))
        found: Paginator[Any] = paginator
        return found

    def _of(self, readers: list[int]) -> dict[str, list[int]]:
        return {f"{self.reader_field}__in" if self.reader_field else "pk__in": readers}

    def response_action(self, request: HttpRequest, queryset: QuerySet[Row]) -> HttpResponse | None:
        """Refuse an action on more rows than the list can show."""
        everything = request.POST.get("select_across") == "1"
        if everything and BoundedPaginator(queryset, self.list_per_page).more:
            sentence = _("These are more than %(most)d. Narrow the list first.")
            messages.error(request, sentence % {"most": MAX_ROWS})
            return None
        return super().response_action(request, queryset)


def readers_at(term: str) -> list[int]:
    """Return the ids of the readers with that whole address, of any bulletin. Two queries at
    most; they name the bulletins, with which the index of addresses begins."""
    try:
        key = addresses.parse(term).key
    except addresses.NotAnAddress:
        return []
    bulletins = list(Bulletin.objects.order_by().values_list("pk", flat=True))
    found = Subscriber.objects.filter(bulletin__in=bulletins, address_key=key).order_by()
    return list(found.values_list("pk", flat=True))
