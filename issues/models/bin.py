"""Things that an editor dropped from an issue, kept so that it can be taken back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue


class BinEntry(models.Model):
    """A section, an article, a block or a remnant: `content` is the JSON of an
    `issues.editing.document.Binned`."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="bin_entries")
    key = models.CharField(max_length=40)
    content = models.JSONField()
    dropped_at = models.DateTimeField(_("deleted"))

    class Meta:
        verbose_name = _("deleted part")
        verbose_name_plural = _("deleted parts")
        ordering = ["dropped_at", "pk"]
        constraints = [models.UniqueConstraint("issue", "key", name="bin_entry_once")]

    def __str__(self) -> str:
        return self.key
