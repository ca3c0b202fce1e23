"""A new reading of an issue that was read before, until an editor takes it or not."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from issues.models.content import WarningsField
from issues.models.issue import Issue


class RereadingQuerySet(models.QuerySet["Rereading"]):
    """Questions and claims."""

    def unread(self, *, before: datetime) -> Self:
        """Return those that nobody began to read since `before`."""
        waiting = Q(reading_at__isnull=True) | Q(reading_at__lt=before)
        return self.filter(waiting, read_at__isnull=True)


class Rereading(models.Model):
    """A reading of files of an issue by the parser of today: `files` are their ids in order, those
    that it is made from or with one that is proposed. `draft` is the JSON of an
    `issues.editing.document.Draft`, None where nobody read them yet, or `failure` says why they
    could not be read."""

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="rereading")
    asked_at = models.DateTimeField()
    reading_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    files = models.JSONField(default=list)
    draft = models.JSONField(null=True)
    warnings = WarningsField(_("warnings"))
    failure = models.CharField(max_length=40, blank=True)

    objects = RereadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("new reading")
        verbose_name_plural = _("new readings")

    def __str__(self) -> str:
        return str(self.issue_id)
