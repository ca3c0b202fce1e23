"""A part of a draft that an editor deleted, kept so that it can be taken back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue


class Removal(models.Model):
    """A section with its articles, or one article of it. `section` and `articles` are their rows
    as Django's serializer writes them: what was deleted stands in no table that a page, a mail
    or a count is made from."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="removals")
    title = models.CharField(_("title"), max_length=500, blank=True)
    whole_section = models.BooleanField(default=False)
    section = models.JSONField(default=dict)
    articles = models.JSONField(default=list)
    removed_at = models.DateTimeField(_("deleted"))

    class Meta:
        verbose_name = _("deleted part")
        verbose_name_plural = _("deleted parts")
        ordering = ["-removed_at", "-pk"]

    def __str__(self) -> str:
        return self.title or str(_("(without a title)"))
