"""Users and groups, with their permissions in the words of our pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import single_sign_on
from audit_log.recording import record_act
from backoffice import roles
from backoffice.colleague_pages import making, views
from backoffice.history import HistoryMixin
from publications import rights
from publications.models import Membership, Role

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


class _GroupField(forms.ModelMultipleChoiceField[Group]):
    def label_from_instance(self, obj: Group) -> str:
        return roles.label(obj)


class _BoundByOwn(admin.ModelAdmin[Any]):
    """Nobody gives, or takes from others, more than they have in all bulletins."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _outranks(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _outranks(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """List the permissions by `permission_label`, and the roles by their names."""
        if db_field.related_model is Permission:
            kwargs |= {"form_class": _PermissionField, "queryset": _permissions_of(request)}
        if db_field.related_model is Group:
            kwargs |= {"form_class": _GroupField, "queryset": _groups_of(request)}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _outranks(request: HttpRequest, obj: Any) -> bool:
    return obj is None or rights.outranks(request.user, obj)


def _permissions_of(request: HttpRequest) -> QuerySet[Permission]:
    found = Permission.objects.select_related("content_type")
    if cast("User", request.user).is_superuser:
        return found
    own = cast("User", request.user).get_all_permissions()
    held = (one.pk for one in found if f"{one.content_type.app_label}.{one.codename}" in own)
    return found.filter(pk__in=list(held))


def _groups_of(request: HttpRequest) -> QuerySet[Group]:
    given = [one.pk for one in Group.objects.all() if rights.outranks(request.user, one)]
    return Group.objects.filter(pk__in=given)


class MembershipInline(admin.TabularInline[Membership, User]):
    """The roles that somebody has in single bulletins."""

    model = Membership
    extra = 1
    fields = ("bulletin", "group")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Group:
            kwargs |= {"form_class": _RoleField, "queryset": _groups_of(request)}
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.widget.attrs["aria-label"] = str(db_field.verbose_name)
        return field

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("auth.view_user") or request.user.has_perm("auth.change_user")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("auth.change_user") and _outranks(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


class _RoleField(forms.ModelChoiceField[Group]):
    def label_from_instance(self, obj: Group) -> str:
        return roles.label(obj)


admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(Group)
class BulletinGroupAdmin(HistoryMixin, _BoundByOwn, GroupAdmin):
    """Django's page of a group, with our labels. The roles stay: they are named in the code."""

    list_display = ("named",)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def named(self, group: Group) -> str:
        return roles.label(group)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_role = obj is not None and Role.objects.filter(group=obj).exists()
        return not is_role and super().has_delete_permission(request, obj)


@admin.register(User)
class BulletinUserAdmin(HistoryMixin, _BoundByOwn, UserAdmin[User]):
    """Django's page of a user, with our labels, and their roles in single bulletins."""

    list_display = ("username", "email", "named", "in_words", "is_active")

    @admin.display(description=pgettext_lazy("of a person", "Name"), ordering="first_name")
    def named(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=gettext_lazy("roles"))
    def in_words(self, user: User) -> str:
        """The roles, each with its bulletin where it holds in one alone."""
        if user.is_superuser:
            return _("everything")
        names = [roles.label(group) for group in user.groups.all()]
        memberships: Any = user.memberships.all()
        names += [f"{roles.label(one.group)} ({one.bulletin})" for one in memberships]
        return _(", ").join(names)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found = super().get_queryset(request)
        return found.prefetch_related(
            "groups__role", "memberships__group__role", "memberships__bulletin"
        )

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return [MembershipInline] if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only who may do everything makes others who may."""
        kept = super().get_readonly_fields(request, obj)
        return kept if cast("User", request.user).is_superuser else (*kept, "is_superuser")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("colleague/", guard(self.colleague_view), name="auth_user_colleague"),
            path("<int:pk>/welcome/", guard(self.welcome_view), name="auth_user_welcome"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the accounts at other sites by which a colleague can log in, too."""
        if user := context.get("original"):
            context["sign_ons"] = single_sign_on.joined_accounts(user)
        return super().render_change_form(request, context, *args, **kwargs)

    def colleague_view(self, request: HttpRequest) -> HttpResponse:
        """Make a colleague."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return views.colleague_view(request, context)

    def welcome_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mail the link to set a password again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user.email:
            views.mail_link(request, user)
        return redirect("admin:auth_user_change", user.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write into the log which roles in single bulletins there were, and which there are; what
        else the form changes is written down as on every page."""
        was = making.held(User.objects.get(pk=form.instance.pk))["in"]
        super().save_related(request, form, formsets, change)
        now = making.held(User.objects.get(pk=form.instance.pk))["in"]
        if was != now:
            record_act(
                "colleague.changed",
                by=request.user,
                at=timezone.now(),
                subject=form.instance.get_full_name() or form.instance.get_username(),
                before={"in": was},
                after={"in": now},
            )

    def act_of_form(self, obj: Model, message: Any) -> str:
        changes: Iterator[Any] = (entry.get("changed", {}) for entry in message)
        if any(change.get("fields") == ["password"] for change in changes):
            return "user.password_changed"
        return super().act_of_form(obj, message)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name both halves of a time for screen readers: each has a field, and one label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups" and field is not None:
            field.label = gettext_lazy("Roles in all bulletins")
            field.help_text = gettext_lazy(
                "What is chosen here holds in all bulletins, also in those that come later. A role "
                "in one bulletin alone is given below; then leave this empty."
            )
        halves = (gettext_lazy("%(name)s: date"), gettext_lazy("%(name)s: time of day"))
        if isinstance(field, forms.SplitDateTimeField):
            named = {"name": capfirst(db_field.verbose_name)}
            for half, widget in zip(halves, field.widget.widgets, strict=True):
                widget.attrs["aria-label"] = half % named
        return field
