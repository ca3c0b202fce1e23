"""Users and groups, with what they may do in the words of our pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ACTIONS = {
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
    "view": gettext_lazy("view"),
}


def in_words(permission: Permission) -> str:
    """What a permission lets somebody do, in the language in force."""
    kind: Any = permission.content_type
    action = ACTIONS.get(permission.codename.partition("_")[0])
    model = kind.model_class()
    if model is None or permission.codename not in _usual(model):
        return f"{kind.app_labeled_name} | {_(permission.name)}"
    return f"{kind.app_labeled_name} | {action}"


def _usual(model: type[Model]) -> Iterator[str]:
    return (f"{action}_{model._meta.model_name}" for action in ACTIONS)


class _Permissions(forms.ModelMultipleChoiceField[Permission]):
    def label_from_instance(self, obj: Permission) -> str:
        return in_words(obj)


class _InWords(admin.ModelAdmin[Any]):
    """Lists the permissions as `in_words` has them."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Permission:
            kwargs["form_class"] = _Permissions
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(Group)
class BulletinGroupAdmin(_InWords, GroupAdmin):
    """Django's."""


@admin.register(User)
class BulletinUserAdmin(_InWords, UserAdmin[User]):
    """Django's."""
