"""One mailing of an issue."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from digests.models.issue import Issue


class DigestQuerySet(models.QuerySet["Digest"]):
    """Questions to the digests."""

    def unfinished(self) -> Self:
        """Those that still have something to do, oldest first."""
        return self.filter(finished_at__isnull=True).order_by("opened_at", "pk")


class Digest(models.Model):
    """One mailing of an issue: who gets what was written down between `opened_at` and
    `prepared_at`; `prepared_to` is the last reader of whom it was, so that a crash half way
    costs nothing. `topics` are the ids of the topics of its sections, in the order of the bits
    of each edition's selection. `blocks` are the pieces of its mails, by language
    (`digests.printing`). `pruned` counts, by status, the deliveries
    that were pruned. `failure` says why it cannot go on."""

    issue = models.OneToOneField(
        Issue, models.PROTECT, related_name="digest", verbose_name=_("issue")
    )
    opened_at = models.DateTimeField(_("opened"))
    prepared_to = models.BigIntegerField(default=0)
    candidates = models.PositiveIntegerField(_("readers"), default=0)
    prepared_at = models.DateTimeField(_("prepared"), null=True)
    paused_at = models.DateTimeField(_("paused"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    topics = models.JSONField(default=list, editable=False)
    blocks = models.JSONField(default=dict, editable=False)
    pruned = models.JSONField(default=dict, editable=False)
    failure = models.TextField(_("failure"), blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return str(self.issue)
