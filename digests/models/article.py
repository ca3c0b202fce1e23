"""A headline, its paragraphs, figures and source line."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digests.models.section import Section


class Article(models.Model):
    """An article. `passages` and `places` are the JSON of the values in `digests.text`, figures
    with the name of their stored picture instead of its bytes."""

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="articles", verbose_name=_("section")
    )
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("headline"), max_length=500)
    subtitle = models.CharField(_("sub-title"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    date = models.CharField(_("date"), max_length=40, blank=True)
    passages = models.JSONField(_("text"), default=list)
    places = models.JSONField(default=list, editable=False)
    first_page = models.PositiveIntegerField(_("first page"), default=0, editable=False)
    last_page = models.PositiveIntegerField(_("last page"), default=0, editable=False)
    confidence = models.FloatField(_("confidence"), default=1.0, editable=False)
    reasons = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["section", "position", "pk"]

    def __str__(self) -> str:
        return self.title
