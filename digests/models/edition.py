"""An edition: the language, topics, and articles that alerts matched, which some readers share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest


class Edition(models.Model):
    """The mail that readers share who follow the same of a digest's topics in one language.

    `topic_mask` has bit n set when the n-th of the digest's topics is in it
    (`digests.rendering.composing`), `issue_mask` when the n-th of its issues is.
    `alert_articles` are the ids of the articles that stand in front because they match the readers'
    keyword alerts, joined by commas; `alert_keywords` says for which phrases
    (`digests.models.alert_keywords`), "" where that is not shown.
    """

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="editions")
    language = models.CharField(_("language"), max_length=16)
    topic_mask = models.BigIntegerField()
    issue_mask = models.BigIntegerField(default=1, db_default=1)
    alert_articles = models.CharField(max_length=255, blank=True)
    alert_keywords = models.TextField(blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["digest", "pk"]
        constraints = [
            models.UniqueConstraint(
                "digest",
                "language",
                "topic_mask",
                "issue_mask",
                "alert_articles",
                "alert_keywords",
                name="edition_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.digest_id}/{self.language}/{self.topic_mask:b}/{self.alert_articles}"

    @property
    def alert_article_ids(self) -> tuple[int, ...]:
        """The ids of the articles that keyword alerts matched, in the order of the issue."""
        return alert_article_ids(self.alert_articles)


def alert_article_ids(alert_articles: str) -> tuple[int, ...]:
    """Return the ids in `Edition.alert_articles`."""
    return tuple(int(pk) for pk in alert_articles.split(",") if pk)
