"""That somebody is still to be told that everything was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models import Bulletin


class ErasureNoticeQuerySet(models.QuerySet["ErasureNotice"]):
    """Questions to the notices."""

    def due(self, *, at: datetime) -> Self:
        """Return those that are due at `at`."""
        return self.filter(due_at__lte=at)


class ErasureNotice(models.Model):
    """The last mail to somebody who had everything erased that was kept of them: that it was done.

    The row is all that still names them, and is deleted when the mail has gone, or after a day.
    """

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="+")
    address = models.EmailField(max_length=320)
    language = models.CharField(max_length=16, choices=settings.LANGUAGES)
    held = models.BooleanField()  # the entry stays that says what must not be sent to it
    erased_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    objects = ErasureNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of what was erased")
        verbose_name_plural = _("notices of what was erased")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
