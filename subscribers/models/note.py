"""A note of the office about a reader."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from subscribers.models.subscriber import Subscriber


class Note(models.Model):
    """A note for colleagues, which goes with its reader. No reader sees it."""

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="notes", verbose_name=_("reader")
    )
    text = models.CharField(_("note"), max_length=1000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
