"""Pages of rows that belong to bulletins: everybody sees and changes those of theirs alone."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from publications import rights

Row = TypeVar("Row", bound=Model)


def may(request: HttpRequest, perm: str, row: Any = None) -> bool:
    """Return whether who asks has a permission for a row; without one, in any bulletin."""
    return bool(request.user.has_perm(perm, row))


def seen(request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return those of the rows that who asks may look at."""
    return _limited(request, rows, "view", "change")


def _limited(request: HttpRequest, rows: QuerySet[Row], *actions: str) -> QuerySet[Row]:
    meta = rows.model._meta
    perms = (f"{meta.app_label}.{get_permission_codename(one, meta)}" for one in actions)
    return rights.limit(rows, rights.where(request.user, *perms))


class _Asks:
    """Django's questions, with the row that they are about."""

    opts: Any

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self._perm("add"), obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self._perm("change"), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self._perm("delete"), obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self._perm("view"), obj) or may(request, self._perm("change"), obj)

    def _perm(self, action: str) -> str:
        return f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}"


class ByBulletinInline(_Asks):
    """Rows below one that belongs to a bulletin: `obj` is that one."""


class ByBulletin(_Asks, admin.ModelAdmin[Row]):
    """A list and pages of rows that belong to bulletins."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return seen(request, super().get_queryset(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row | None:
        """Return the row, None for one of other bulletins; refuse who may look at none at all."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().get_object(request, object_id, from_field)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer what stands in the bulletins of who asks."""
        related = db_field.related_model
        if rights.bulletin_path(related) is not None and "queryset" not in kwargs:
            pks = rights.where(request.user, self._perm("add"), self._perm("change"))
            kwargs["queryset"] = rights.limit(related._default_manager.all(), pks)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Row]) -> HttpResponse | None:
        """Act on those of the chosen rows for which who asks has the right to."""
        chosen = self.get_actions(request).get(request.POST.get("action", ""))
        for action in getattr(chosen[0], "allowed_permissions", ()) if chosen else ():
            queryset = _limited(request, queryset, action)
        return super().response_action(request, queryset)


class BulletinFilter(admin.RelatedFieldListFilter):
    """The filter by bulletin, which names those of who asks alone."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Any:
        meta = model_admin.opts
        perms = (f"{meta.app_label}.{one}_{meta.model_name}" for one in ("view", "change"))
        found = rights.bulletins(request.user, *perms)
        return [(one.pk, str(one)) for one in found]
