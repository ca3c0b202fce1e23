"""Text of an issue that the reading found in no article."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.content import PlacesField
from issues.models.issue import Issue
from pdf_reading.issue_text import Place


class Piece(models.Model):
    """A piece of text with its place on a page, until somebody takes it into an article. Empty
    lines part its paragraphs."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    places = PlacesField()
    text = models.TextField()

    class Meta:
        verbose_name = _("text in no article")
        verbose_name_plural = _("texts in no article")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def place(self) -> Place:
        """The place on its page."""
        return self.places[0]

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of its text."""
        return self.text.split("\n\n")
