"""A headline, its paragraphs, figures and source line."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from issues import excerpts
from issues.models.section import Section


class ArticleQuerySet(models.QuerySet["Article"]):
    """How lists ask for articles."""

    def named(self) -> Self:
        """Without their texts, but for those by which articles without a headline are called."""
        text = Case(When(title="", then=F("passages")))
        return self.defer("passages", "places", "reasons").annotate(unnamed=text)


class Article(models.Model):
    """An article; `title` is "" for one without a headline. `passages` and `places` are the JSON of
    the values in `pdf_reading.issue_text`, figures with the name of their stored picture instead
    of its bytes."""

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="articles", verbose_name=_("section")
    )
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("headline"), max_length=500, blank=True)
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

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["section", "position", "pk"]

    def __str__(self) -> str:
        """The headline, or the first words."""
        if self.title:
            return self.title
        passages = self.__dict__.get("unnamed") or self.passages
        return excerpts.first_words(passages) or str(_("(without a title)"))
