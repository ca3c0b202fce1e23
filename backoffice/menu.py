"""The menu that stands on every page of the admin: what this user may see, and where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit_log.models import Entry as LogEntry
from digests.models import Delivery, Digest
from issues.models import Article, Issue
from publications.models import Bulletin, Topic
from subscribers.models import ReaderImport, Subscriber, Suppression

# In the order of an editor's day; what is only reached from another list stands behind it.
LISTS: tuple[tuple[type[Model], ...], ...] = (
    (Issue, Article),
    (Bulletin,),
    (Topic,),
    (Subscriber, ReaderImport),
    (Digest,),
    (Delivery,),
    (Suppression,),
    (User,),
    (Group,),
    (LogEntry,),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A list, or the dashboard. `current` is the value of `aria-current`: "page" where it is what
    is shown, "true" where that belongs to it, else ""."""

    label: str
    address: str
    current: str


def entries(request: HttpRequest) -> Iterator[Entry]:
    """Yield what this user may see; nothing for who is not logged in as staff."""
    if not admin.site.has_permission(request):
        return
    home = reverse("admin:index")
    yield Entry(_("Home"), home, "page" if request.path == home else "")
    for models in LISTS:
        listed = models[0]
        if admin.site.get_model_admin(listed).has_view_or_change_permission(request):
            address = reverse(f"admin:{_route(listed)}_changelist")
            here = _current(request, models, address)
            yield Entry(str(capfirst(listed._meta.verbose_name_plural)), address, here)


def _current(request: HttpRequest, models: tuple[type[Model], ...], address: str) -> str:
    if request.path == address:
        return "page"
    name = (request.resolver_match.url_name or "") if request.resolver_match else ""
    return "true" if any(name.startswith(f"{_route(one)}_") for one in models) else ""


def _route(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"
