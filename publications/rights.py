"""Rights in single bulletins, and in all.

A permission that somebody has by themselves or by a group holds in all bulletins. One that they
have by a membership holds in its bulletin, for rows that belong to one. A row belongs to the
bulletin at the end of its shortest chain of foreign keys: `bulletin_path`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar, cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import ForeignKey, Model, Q, QuerySet

from publications.models import Bulletin, Membership

Row = TypeVar("Row", bound=Model)

ANYWHERE_ONLY = frozenset({"publications.add_bulletin"})  # what is in no bulletin yet
_KEPT = "_rights_in_bulletins"


class BulletinRights(BaseBackend):
    """Django's backend for permissions in single bulletins; nobody logs in by it.

    `has_perm(perm)` without a row answers whether there is any bulletin in which it holds, as the
    menu and lists ask; with a row, whether it holds there.
    """

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the permissions by memberships. One query, once for each user object."""
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        held = _memberships(user_obj)
        if obj is None:
            return set().union(*held.values()) if held else set()
        concerned = bulletins_of(obj)
        if concerned is None:
            return _everywhere(user_obj)
        if concerned and concerned <= held.keys():
            here: set[str] = set.intersection(*(set(held[pk]) for pk in concerned))
        else:
            here = set()
        return here | _everywhere(user_obj)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return user_obj.is_active and perm in self.get_group_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Return whether somebody may do anything in an app, in any bulletin."""
        allowed = self.get_group_permissions(user_obj) if user_obj.is_active else set()
        return any(perm.partition(".")[0] == app_label for perm in allowed)


@cache
def bulletin_path(model: Any) -> tuple[str, ...] | None:
    """Return the foreign keys that lead from a row to its bulletin, () of a bulletin itself, None
    where none does. Those that are never empty go first."""
    if model is Bulletin:
        return ()
    seen, paths = {model}, [((), model)]
    while paths:
        following = []
        for path, here in paths:
            for field in _keys(here):
                there: Any = field.related_model
                if there is Bulletin:
                    return (*path, field.name)
                if there not in seen:
                    seen.add(there)
                    following.append(((*path, field.name), there))
        paths = cast("Any", following)
    return None


def _keys(model: type[Model]) -> list[Any]:
    users = get_user_model()
    keys = [
        field
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and field.related_model is not users
    ]
    return sorted(keys, key=lambda field: bool(field.null))


def bulletins_of(row: Any) -> set[int] | None:
    """Return the keys of the bulletins that a row belongs to; None where its kind belongs to none.
    A model whose rows belong to several says so by a method `bulletin_ids`."""
    if hasattr(row, "bulletin_ids"):
        return set(row.bulletin_ids())
    kind: Any = type(row)
    path = bulletin_path(kind)
    if path is None:
        return None
    if not path:
        return {row.pk} if row.pk else set()
    for name in path[:-1]:
        row = getattr(row, name)
        if row is None:
            return set()
    found = getattr(row, row._meta.get_field(path[-1]).attname)
    return {found} if found else set()


def where(user: Any, *perms: str) -> frozenset[int] | None:
    """Return the keys of the bulletins in which any of `perms` holds; None means all of them."""
    if not user.is_active:
        return frozenset()
    if user.is_superuser or not _everywhere(user).isdisjoint(perms):
        return None
    held = _memberships(user)
    return frozenset(pk for pk, allowed in held.items() if not allowed.isdisjoint(perms))


def everywhere(user: Any, perm: str) -> bool:
    """Return whether a permission holds in all bulletins, and for what belongs to none."""
    return where(user, perm) is None


def bulletins(user: Any, *perms: str) -> QuerySet[Bulletin]:
    """Return the bulletins in which any of `perms` holds."""
    pks = where(user, *perms)
    found = Bulletin.objects.all()
    return found if pks is None else found.filter(pk__in=pks)


def limit(rows: QuerySet[Row], pks: frozenset[int] | None) -> QuerySet[Row]:
    """Return those of the rows that belong to these bulletins; all for None, and for rows of a
    kind that belongs to no bulletin none, but for None."""
    if pks is None:
        return rows
    model: Any = rows.model
    if hasattr(model, "in_bulletins"):
        return cast("QuerySet[Row]", model.in_bulletins(rows, pks))
    path = bulletin_path(model)
    if path is None:
        return rows.none()
    return rows.filter(**{"__".join([*path, "in"]) if path else "pk__in": pks})


def who_may(perm: str, bulletin: int | None) -> QuerySet[Any]:
    """Return the active staff for whom a permission holds in a bulletin, superusers too."""
    app, _dot, codename = perm.partition(".")
    wanted = Permission.objects.filter(content_type__app_label=app, codename=codename)
    members = Membership.objects.filter(bulletin=bulletin, group__permissions__in=wanted)
    users: QuerySet[Any] = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    holds = (
        Q(is_superuser=True)
        | Q(user_permissions__in=wanted)
        | Q(groups__permissions__in=wanted)
        | Q(pk__in=members.values("user"))
    )
    return users.filter(holds).distinct().order_by("pk")


def outranks(user: Any, other: Any) -> bool:
    """Return whether `other`, a user or a group, has only permissions that `user` has in all
    bulletins: nobody gives, or takes from others, more than they have."""
    if user.is_superuser:
        return True
    if getattr(other, "is_superuser", False):
        return False
    return _all_of(other) <= _everywhere(user)


def _all_of(other: Any) -> set[str]:
    if hasattr(other, "permissions"):
        return {_name(one) for one in other.permissions.select_related("content_type")}
    groups = set(Membership.objects.filter(user=other).values_list("group", flat=True))
    by_membership = Permission.objects.filter(group__in=groups).select_related("content_type")
    return _everywhere(other) | {_name(one) for one in by_membership}


def _name(permission: Permission) -> str:
    content_type: Any = permission.content_type
    return f"{content_type.app_label}.{permission.codename}"


def _everywhere(user: Any) -> set[str]:
    """Return what somebody may by themselves or by a group, as Django's own backend caches it."""
    return ModelBackend().get_all_permissions(user)


def _memberships(user: Any) -> dict[int, frozenset[str]]:
    if not hasattr(user, _KEPT):
        setattr(user, _KEPT, {pk: frozenset(held) for pk, held in _read(user)})
    found: dict[int, frozenset[str]] = getattr(user, _KEPT)
    return found


def _read(user: Any) -> Iterator[tuple[int, set[str]]]:
    held: dict[int, set[str]] = {}
    names = ("group__permissions__content_type__app_label", "group__permissions__codename")
    rows = Membership.objects.filter(user=user, group__permissions__isnull=False)
    model = "group__permissions__content_type__model"
    for pk, app, codename, name in rows.values_list("bulletin", *names, model):
        if in_a_bulletin(app, name) and f"{app}.{codename}" not in ANYWHERE_ONLY:
            held.setdefault(pk, set()).add(f"{app}.{codename}")
    yield from held.items()


def in_a_bulletin(app: str, model: str) -> bool:
    """Return whether rows of a model belong to bulletins, so that a permission on them can hold in
    one alone."""
    try:
        found: Any = apps.get_model(app, model)
    except LookupError:
        return False
    return hasattr(found, "bulletin_ids") or bulletin_path(found) is not None
