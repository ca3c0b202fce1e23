"""Deliveries of one edition that are claimed together."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest
from digests.models.edition import Edition


class BatchQuerySet(models.QuerySet["Batch"]):
    """Questions and claims."""

    def free(self, *, at: datetime) -> Self:
        """Return those that may be claimed at `at`; none of a digest that is paused or
        cancelled."""
        going = Digest.objects.filter(paused_at=None, cancelled_at=None)
        return self.filter(claim="", due_at__lte=at, digest__in=going)

    def pending(self) -> Self:
        """Return those that are claimed, or in which somebody will still be mailed."""
        going = Digest.objects.filter(cancelled_at=None)
        return self.filter(~Q(claim="") | Q(due_at__isnull=False, digest__in=going))

    def claimed(self) -> Self:
        """Return those that a worker has claimed."""
        return self.exclude(claim="")

    def begun(self) -> Self:
        """Return those of which a mail server may have mails."""
        return self.filter(~Q(claim="") | Q(sent__gt=0) | Q(failed__gt=0) | Q(uncertain__gt=0))

    def unsettled(self) -> Self:
        """Return those in which somebody waits or is uncertain, or may be: they are claimed."""
        return self.filter(~Q(claim="") | Q(waiting__gt=0) | Q(uncertain__gt=0))


class Batch(models.Model):
    """The deliveries of `edition` with ids from `first` to `last`: what a worker claims at a time.

    `waiting`, `sent`, `failed`, `uncertain` and `skipped` are how many of them are so while nobody
    has claimed it (`digests.sending.batch_counts`), `due_at` when the first of those that wait is
    due; None when nobody waits. `lately` were settled while a worker had it last, from
    `lately_from` to `lately_to`. A claim is named by `claim` and holds until `leased_until`; what
    its worker did meanwhile stands in a journal of that name.
    """

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="batches")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="batches")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    waiting = models.PositiveIntegerField()
    sent = models.PositiveIntegerField(default=0, db_default=0)
    failed = models.PositiveIntegerField(default=0, db_default=0)
    uncertain = models.PositiveIntegerField(default=0, db_default=0)
    skipped = models.PositiveIntegerField(default=0, db_default=0)
    lately = models.PositiveIntegerField(default=0, db_default=0)
    lately_from = models.DateTimeField(null=True)
    lately_to = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("edition", "first", name="batch_once")]
        indexes = [
            # In the order in which they are claimed, so that a claim reads no more than it looks
            # at: the batches of a digest are all due at once.
            models.Index(
                fields=["digest", "due_at", "id"],
                name="batch_queue",
                condition=Q(claim="", due_at__isnull=False),
            ),
            models.Index(fields=["claim"], name="batch_claims", condition=~Q(claim="")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
