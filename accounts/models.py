"""Mails that wait for a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mail.outcomes import MAX_RESPONSE_LENGTH


class PasswordLinkRequest(models.Model):
    """A link to set a password that waits to be mailed; the row is deleted when it was."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due at"), db_index=True)

    class Meta:
        verbose_name = _("link to set a password")
        verbose_name_plural = _("links to set a password")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions to the invitations."""

    def due(self, *, at: datetime) -> Self:
        """Return those that are to be mailed."""
        return self.filter(due_at__lte=at, user__is_active=True)


class Invitation(models.Model):
    """The mail by which a new colleague sets their password: `due_at` is when it is to be sent,
    `mailed_at` when a mail server took it last, `response` what it said where it did not."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("user")
    )
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due at"), null=True, db_index=True)
    mailed_at = models.DateTimeField(null=True)
    response = models.CharField(max_length=MAX_RESPONSE_LENGTH, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"
