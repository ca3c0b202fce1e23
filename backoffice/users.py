"""Users and groups, with their permissions in the words of our pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.history import HistoryMixin

ACTIONS = {
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
    "view": gettext_lazy("view"),
}


def permission_label(permission: Permission) -> str:
    """Return what a permission allows, in the language in force."""
    content_type: Any = permission.content_type
    action = ACTIONS.get(permission.codename.partition("_")[0])
    model = content_type.model_class()
    if model is None or permission.codename not in _standard_codenames(model):
        return f"{content_type.app_labeled_name} | {_(permission.name)}"
    return f"{content_type.app_labeled_name} | {action}"


def _standard_codenames(model: type[Model]) -> Iterator[str]:
    return (f"{action}_{model._meta.model_name}" for action in ACTIONS)


class _PermissionField(forms.ModelMultipleChoiceField[Permission]):
    def label_from_instance(self, obj: Permission) -> str:
        return permission_label(obj)


class _LabelledPermissions(admin.ModelAdmin[Any]):
    """List the permissions by `permission_label`."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Permission:
            kwargs["form_class"] = _PermissionField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(Group)
class BulletinGroupAdmin(HistoryMixin, _LabelledPermissions, GroupAdmin):
    """Django's page of a group, with our labels."""


@admin.register(User)
class BulletinUserAdmin(HistoryMixin, _LabelledPermissions, UserAdmin[User]):
    """Django's page of a user, with our labels."""

    def act_of_form(self, obj: Model, message: Any) -> str:
        changes: Iterator[Any] = (entry.get("changed", {}) for entry in message)
        if any(change.get("fields") == ["password"] for change in changes):
            return "user.password_changed"
        return super().act_of_form(obj, message)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name both halves of a time for screen readers: each has a field, and one label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        halves = (gettext_lazy("%(name)s: date"), gettext_lazy("%(name)s: time of day"))
        if isinstance(field, forms.SplitDateTimeField):
            named = {"name": capfirst(db_field.verbose_name)}
            for half, widget in zip(halves, field.widget.widgets, strict=True):
                widget.attrs["aria-label"] = half % named
        return field
