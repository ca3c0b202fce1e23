"""The selection of articles that some readers share in a digest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest


class Edition(models.Model):
    """A selection of sections in one language. `selection` has bit n set when the n-th of the
    digest's topics is in it (`digests.composing.Selection`)."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="editions")
    language = models.CharField(_("language"), max_length=16)
    selection = models.BigIntegerField(_("selection"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["digest", "pk"]
        constraints = [
            models.UniqueConstraint("digest", "language", "selection", name="edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.digest_id}/{self.language}/{self.selection:b}"
