"""That an article of a digest stands in none of its mails, or in none from some moment on."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest
from issues.models import Article, Issue


class LeftOutQuerySet(models.QuerySet["LeftOut"]):
    """Questions to what was left out."""

    def standing(self) -> Self:
        """Return those of articles that stand again, and of which readers may still be told."""
        return self.filter(
            article__withdrawn_at=None,
            article__section__issue__status=Issue.Status.PUBLISHED,
            made_up=False,
        )

    def from_the_start(self) -> Self:
        """Return those that stand in no mail of their digest."""
        return self.filter(since__lte=F("digest__opened_at"))


class LeftOut(models.Model):
    """An article that was withdrawn when its digest was rendered, or when the digest was resumed:
    what was settled `since` has it not, also when it is put back meanwhile. `made_up` says that it
    is written down who is still to be told of it."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="left_out")
    article = models.ForeignKey(Article, models.CASCADE, related_name="left_out_of")
    since = models.DateTimeField()
    made_up = models.BooleanField(default=False, db_default=False)

    objects = LeftOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("article left out of a digest")
        verbose_name_plural = _("articles left out of digests")
        ordering = ["digest", "article"]
        default_permissions = ()
        constraints = [models.UniqueConstraint("digest", "article", name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.digest_id} − {self.article_id}"

    def concerns(self, settled_at: datetime | None) -> bool:
        """Return whether the mail of a delivery that was settled then is without the article."""
        return settled_at is None or settled_at >= self.since
