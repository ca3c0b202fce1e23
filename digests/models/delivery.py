"""One edition to one subscriber, and how far it got. The table is the queue and the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest
from digests.models.edition import Edition
from subscribers.models import Subscriber


class Status(models.TextChoices):
    """How far a delivery got. `SENT` means: accepted by the mail server, nothing more."""

    EXCLUDED = "excluded", _("excluded")
    QUEUED = "queued", _("waiting")
    CLAIMED = "claimed", _("claimed")
    SENDING = "sending", _("being handed over")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    SKIPPED = "skipped", _("skipped")
    UNCERTAIN = "uncertain", _("uncertain")


WAITING = (Status.QUEUED, Status.CLAIMED, Status.SENDING)


class Reason(models.TextChoices):
    """Why a reader was excluded or skipped."""

    NOTHING = "nothing", _("no section that they follow")
    PAUSED = "paused", _("paused")
    LEFT = "left", _("left meanwhile")
    SUPPRESSED = "suppressed", _("must not be mailed")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions and claims."""

    def waiting(self) -> Self:
        """Those that are not settled yet."""
        return self.filter(status__in=WAITING)

    def due(self, *, at: datetime) -> Self:
        """Those that may be claimed at `at`."""
        return self.filter(status=Status.QUEUED, due_at__lte=at)

    def expired(self, *, at: datetime) -> Self:
        """Those whose claim ran out before `at`."""
        return self.filter(status__in=(Status.CLAIMED, Status.SENDING), leased_until__lt=at)


class Delivery(models.Model):
    """What became of one reader in a digest; each reader of the frozen audience has one row.

    A reader who gets nothing has status EXCLUDED, a reason and no edition. `answer` is what
    the mail server said last, its first 500 characters.
    """

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="deliveries",
        verbose_name=_("subscriber"),
    )
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="deliveries")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))
    claim = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    answer = models.CharField(_("answer of the mail server"), max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("digest", "subscriber", name="delivery_once_a_reader"),
            models.CheckConstraint(
                condition=Q(status=Status.EXCLUDED, edition__isnull=True)
                | ~Q(status=Status.EXCLUDED) & Q(edition__isnull=False),
                name="delivery_has_an_edition_or_is_excluded",
            ),
        ]
        indexes = [
            models.Index(
                fields=["digest", "edition", "due_at"],
                name="delivery_queue",
                condition=Q(status=Status.QUEUED),
            ),
            models.Index(
                fields=["leased_until"],
                name="delivery_leases",
                condition=Q(status__in=(Status.CLAIMED, Status.SENDING)),
            ),
            models.Index(fields=["digest", "status"], name="delivery_counts"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
