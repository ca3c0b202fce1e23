"""A headline, its paragraphs, figures and source line."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from issues import excerpts
from issues.models.content import PassagesField, PlacesField
from issues.models.issue import MAX_WITHDRAWAL
from issues.models.section import Section
from pdf_reading.issue_text import InvalidContent, StoredPassage, from_json

# The fields of which `search_text` is made.
SEARCHED = frozenset({"title", "subtitle", "source", "byline", "passages"})


class ArticleQuerySet(models.QuerySet["Article"]):
    """Queries by which lists ask for articles, and changes of many."""

    def update(self, **changes: Any) -> int:
        """Update the rows; `bulk_update` does it by this, too. What is searched in them is written
        down anew where it changed."""
        if not SEARCHED.isdisjoint(changes):
            changes = {"search_text": None, **changes}
        return super().update(**changes)

    def standing(self) -> Self:
        """Return those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def named(self) -> Self:
        """Return them without their passages, but for those of articles without a headline, which
        are called by their first words."""
        passages = Case(When(title="", then=F("passages")))
        return self.defer("passages", "places", "search_text").annotate(untitled=passages)

    def mailed(self) -> Self:
        """Return those that can stand in a digest, if their section can."""
        return self.filter(not_for_mailing=False)


class Article(models.Model):
    """An article; `title` is "" for one without a headline. `handles` name its passages, in their
    order, for editing; where they are not as many, nobody edited it yet.
    `withdrawal` is what readers of the page of a withdrawn one are told.

    `search_text` is what `issues.search` finds it by. Whoever changes the article sets it to None,
    which is "not written down yet": this costs nothing, and nobody can forget it.
    """

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="articles", verbose_name=_("section")
    )
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("headline"), max_length=500, blank=True)
    subtitle = models.CharField(_("sub-title"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    date = models.CharField(_("date"), max_length=40, blank=True)
    passages = PassagesField(_("text"))
    handles = models.JSONField(default=list, editable=False)
    places = PlacesField(editable=False)
    first_page = models.PositiveIntegerField(_("first page"), default=0, editable=False)
    last_page = models.PositiveIntegerField(_("last page"), default=0, editable=False)
    confidence = models.FloatField(_("confidence"), default=1.0, editable=False)
    not_for_mailing = models.BooleanField(_("not for mailing"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawal = models.CharField(
        _("why it was withdrawn"), max_length=MAX_WITHDRAWAL, blank=True, editable=False
    )
    search_text = models.TextField(null=True, editable=False)  # noqa: DJ001 - None and "" differ

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["section", "position", "pk"]
        indexes = [
            models.Index(
                fields=["id"], name="article_unsearched", condition=Q(search_text__isnull=True)
            )
        ]

    def __str__(self) -> str:
        """The headline, or the first words."""
        if self.title:
            return self.title
        return self._first_words() or str(_("(without a title)"))

    def save(self, **options: Any) -> None:
        """Save, and have what is searched written down anew where it may have changed."""
        fields = options.get("update_fields")
        if fields is None or not SEARCHED.isdisjoint(fields):
            self.search_text = None
            if fields is not None:
                options["update_fields"] = {*fields, "search_text"}
        super().save(**options)

    def _first_words(self) -> str:
        """Return "" also where the JSON is wrong: a list names all its articles."""
        try:
            loaded = self.__dict__.get("untitled")
            passages = from_json(loaded, tuple[StoredPassage, ...]) if loaded else self.passages
            return excerpts.first_words(passages)
        except InvalidContent:
            return ""
