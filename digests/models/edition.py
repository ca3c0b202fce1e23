"""The selection of articles that some readers share in a digest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest


class Edition(models.Model):
    """A selection of sections in one language. `selection` has bit n set when the n-th of the
    digest's topics is in it (`digests.rendering.composing`). `watched` are the ids of the articles
    that stand in front because of the readers' keyword alerts, joined by commas."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="editions")
    language = models.CharField(_("language"), max_length=16)
    selection = models.BigIntegerField(_("selection"))
    watched = models.CharField(_("watched articles"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["digest", "pk"]
        constraints = [
            models.UniqueConstraint(
                "digest", "language", "selection", "watched", name="edition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.digest_id}/{self.language}/{self.selection:b}/{self.watched}"

    @property
    def articles(self) -> tuple[int, ...]:
        """The ids of the watched articles, in the order of the issue."""
        return watched_articles(self.watched)


def watched_articles(watched: str) -> tuple[int, ...]:
    """The ids in `Edition.watched`."""
    return tuple(int(pk) for pk in watched.split(",") if pk)
