"""The log of who did what: searched by person, act, bulletin, issue, reader and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.models import Entry
from backoffice.by_bulletin import ByBulletin
from backoffice.exporting import Cell
from backoffice.list_exports import Addresses, ExportedList
from backoffice.log_pages import entry_words
from backoffice.long_lists import BoundedPaginator, LongList, readers_at
from backoffice.mailing_pages import mailing_filters
from backoffice.read_only import ReadOnlyAdmin
from issues.models import Issue

MAX_PEOPLE = 200  # in the filter
SERVICE = "service"


class PersonFilter(admin.SimpleListFilter):
    """Entries by who did it."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = get_user_model()._default_manager.filter(is_staff=True).order_by("username")
        named = [(str(user.pk), user.get_username()) for user in people[:MAX_PEOPLE]]
        return [*named, (SERVICE, _("the service"))]

    def queryset(self, request: HttpRequest, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        chosen = self.value() or ""
        if chosen == SERVICE:
            return entries.filter(by=None)
        return entries.filter(by=int(chosen)) if chosen.isdecimal() else entries


class ActFilter(admin.SimpleListFilter):
    """Entries by what was done: there are so many acts that they stand in a menu."""

    title = gettext_lazy("act")
    parameter_name = "act"
    template = "admin/audit_log/entry/acts.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(act, entry_words.act_name(act)) for act in entry_words.WORDS]

    def choices(self, changelist: Any) -> Any:
        """Yield the acts, and what else the list is narrowed by, for the form."""
        others = changelist.get_query_string(remove=[self.parameter_name])
        acts = [(act, name, act == self.value()) for act, name in self.lookup_choices]
        yield {"acts": acts, "others": list(_pairs(others))}

    def queryset(self, request: HttpRequest, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        return entries.filter(act=self.value()) if self.value() else entries


class BulletinFilter(mailing_filters.BulletinFilter):
    """Entries by the bulletin that they are about."""

    def queryset(self, request: HttpRequest, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        chosen = self.value() or ""
        return entries.filter(publication_id=int(chosen)) if chosen.isdecimal() else entries


class DaysFilter(admin.ListFilter):
    """Entries from one day to another, both included, as the clock of the site has them."""

    title = gettext_lazy("days")
    template = "admin/audit_log/entry/days.html"

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def expected_parameters(self) -> list[str | None]:
        return ["from", "to"]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Any:
        """Yield the two days, and what else the list is narrowed by, for the form."""
        others = changelist.get_query_string(remove=self.expected_parameters())
        yield {
            "since": self.used_parameters.get("from", ""),
            "until": self.used_parameters.get("to", ""),
            "others": list(_pairs(others)),
        }

    def queryset(self, request: HttpRequest, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        since, until = (_day(str(self.used_parameters.get(name, ""))) for name in ("from", "to"))
        if since:
            entries = entries.filter(at__gte=_moment(since, time.min))
        if until:
            entries = entries.filter(at__lte=_moment(until, time.max))
        return entries


@admin.register(Entry)
class EntryAdmin(ExportedList[Entry], ReadOnlyAdmin[Entry], ByBulletin[Entry]):
    """The entries, the newest first. Nobody writes or deletes one."""

    list_display = ("at", "who", "what", "about")
    list_display_links = ("at",)
    list_filter = (PersonFilter, ActFilter, BulletinFilter, DaysFilter)
    search_fields = ("subject", "by_name")
    ordering = ("-at", "-pk")
    sortable_by = ()
    list_per_page = 50
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = ("at", "who", "what", "about", "changed")
    readonly_fields = fields
    export_act = "log.exported"
    export_permission = "audit_log.view_entry"
    export_heads = (
        gettext_lazy("at"),
        gettext_lazy("who"),
        gettext_lazy("act"),
        gettext_lazy("what"),
        gettext_lazy("about"),
        gettext_lazy("issue"),
        gettext_lazy("reader"),
        gettext_lazy("before"),
        gettext_lazy("after"),
    )

    def export_row(self, row: Entry, address: Addresses) -> Sequence[Cell]:
        changed = list(entry_words.changes(row))
        return (
            row.at,
            entry_words.who(row),
            row.act,
            entry_words.sentence(row),
            row.subject,
            row.issue_id,
            row.reader_id,
            "; ".join(f"{one.name}: {one.before}" for one in changed if one.before),
            "; ".join(f"{one.name}: {one.after}" for one in changed if one.after),
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongList]:
        return LongList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        readers = readers_at(search_term)
        if readers:
            return queryset.filter(reader_id__in=readers), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("who"))
    def who(self, entry: Entry) -> str:
        return entry_words.who(entry)

    @admin.display(description=gettext_lazy("what"))
    def what(self, entry: Entry) -> str:
        return entry_words.sentence(entry)

    @admin.display(description=gettext_lazy("about"))
    def about(self, entry: Entry) -> str:
        """Name what it is about, with a link to its page where there is one."""
        if entry.issue_id:
            return _link("issues_issue", entry.issue_id, entry.subject)
        if entry.reader_id:
            named = _("reader #%(number)s") % {"number": entry.reader_id}
            return _link("subscribers_subscriber", entry.reader_id, named)
        return entry.subject

    @admin.display(description=gettext_lazy("what was changed"))
    def changed(self, entry: Entry) -> str:
        rows = list(entry_words.changes(entry))
        if not rows:
            return "–"
        heads = (_("field"), _("before"), _("after"))
        return format_html(
            '<table class="changes"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
            format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
            format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows),
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        context = {"heading": entry_words.sentence(entry)} if entry else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def of_issue(issue: Issue) -> str:
    """Return the address of the entries about an issue."""
    return f"{reverse('admin:audit_log_entry_changelist')}?issue_id={issue.pk}"


def of_reader(reader_id: int) -> str:
    """Return the address of the entries about a reader."""
    return f"{reverse('admin:audit_log_entry_changelist')}?reader_id={reader_id}"


def _link(model: str, pk: int, words: str) -> str:
    address = reverse(f"admin:{model}_change", args=[pk])
    return format_html('<a href="{}">{}</a>', address, words or f"#{pk}")


def _pairs(query: str) -> Any:
    return parse_qsl(query.removeprefix("?"))


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _moment(day: Any, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
