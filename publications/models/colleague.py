"""The roles of the people of an office, in all bulletins or in one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models.bulletin import Bulletin


class Role(models.Model):
    """A group that is one of the roles in the table of `backoffice.roles`, by its `key` there.

    `granted` are the permissions that the table gave it last, so that one that is taken out of the
    table is taken from the group, and one that an office added is not.
    """

    group = models.OneToOneField(Group, models.CASCADE, related_name="role")
    key = models.CharField(max_length=20, unique=True)
    granted = models.JSONField(default=list)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class Membership(models.Model):
    """A role that somebody has in one bulletin. The groups of a user are roles in all of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    bulletin = models.ForeignKey(
        Bulletin, models.CASCADE, related_name="memberships", verbose_name=_("bulletin")
    )
    group = models.ForeignKey(
        Group, models.CASCADE, related_name="memberships", verbose_name=_("role")
    )

    class Meta:
        verbose_name = _("role in a bulletin")
        verbose_name_plural = _("roles in single bulletins")
        default_permissions = ()
        constraints = [models.UniqueConstraint("user", "bulletin", "group", name="one_role_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id}.{self.group_id}"
