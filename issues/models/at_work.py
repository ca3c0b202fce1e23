"""Editors at work on an issue: where each is, and what they typed and did not save."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue


class Presence(models.Model):
    """An editor who has an issue open: `where` is the anchor of what is being edited, or ""."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="presences")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    where = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("editor at work")
        verbose_name_plural = _("editors at work")
        constraints = [models.UniqueConstraint("issue", "editor", name="presence_once")]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.editor_id}"


class KeptText(models.Model):
    """A text that an editor typed into a field and did not save yet. `field` is its anchor,
    `version` the revision that it was made from."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="kept_texts")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    field = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("text that is not saved")
        verbose_name_plural = _("texts that are not saved")
        constraints = [models.UniqueConstraint("issue", "editor", "field", name="kept_text_once")]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.field}"
