"""A titled part of an issue, about at most one topic."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue
from publications.models import Topic


class SectionQuerySet(models.QuerySet["Section"]):
    """Questions to the sections."""

    def unknown(self) -> Self:
        """Return those of which nobody said yet what they are about."""
        return self.filter(topic__isnull=True, not_for_mailing=False)

    def mailed(self) -> Self:
        """Return those that can stand in a digest, with an article that can."""
        articles: Any = apps.get_model("issues", "Article")._default_manager
        filled = Exists(articles.mailed().filter(section=OuterRef("pk")))
        return self.filter(filled, topic__isnull=False, not_for_mailing=False)

    def topic_ids(self) -> list[int]:
        """Return the ids of their topics, each once, in the order of the sections. One query."""
        ids = self.order_by("position", "pk").values_list("topic_id", flat=True)
        return list(dict.fromkeys(pk for pk in ids if pk is not None))


class Section(models.Model):
    """A titled part of an issue. Its order in the issue is `position`."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="sections")
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("topic"),
    )
    not_for_mailing = models.BooleanField(_("not for mailing"), default=False)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["issue", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=True) | Q(not_for_mailing=False),
                name="section_mailed_or_not",
                violation_error_message=_("A section has a topic or is not for mailing, not both."),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(_("(without a title)"))
