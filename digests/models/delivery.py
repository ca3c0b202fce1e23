"""One edition to one subscriber, and what became of it. The table is the queue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from digests.models.digest import Digest
from digests.models.edition import Edition
from subscribers.models import NotMailable, Subscriber, skip_reason


class DeliveryStatus(models.TextChoices):
    """The status of a delivery; `digests.sending.ledger` alone changes it.

    `SENT` means accepted by the mail server, nothing more.
    """

    EXCLUDED = "excluded", _("excluded")
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    SKIPPED = "skipped", _("skipped")
    UNCERTAIN = "uncertain", _("uncertain")


# By one of these a reader is told of what its edition holds, or may be.
MAY_INFORM = (DeliveryStatus.QUEUED, DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)


class SkipReason(models.TextChoices):
    """The reason why a reader was excluded or skipped, why their delivery failed, or why it
    waits."""

    NOTHING = "nothing", _("no section that they follow")
    LATER = "later", _("comes with their weekly or monthly mail")
    PAUSED = NotMailable.PAUSED.value, _("paused")
    LEFT = NotMailable.LEFT.value, _("left meanwhile")
    SUPPRESSED = NotMailable.SUPPRESSED.value, _("must not be mailed")
    CANCELLED = "cancelled", _("the digest was cancelled")
    WITHDRAWN = "withdrawn", _("their articles were withdrawn")
    EXPIRED = "expired", _("not taken for hours")
    RATE_LIMITED = "rate_limited", _("waiting for their turn")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions to the deliveries."""

    def waiting(self) -> Self:
        """Return those that are not settled yet."""
        return self.filter(status=DeliveryStatus.QUEUED)

    def due(self, *, at: datetime) -> Self:
        """Return those that may be sent at `at`."""
        return self.filter(status=DeliveryStatus.QUEUED, due_at__lte=at)

    def claimed(self, claim: str) -> Self:
        """Return those in the batches of that claim."""
        return self.filter(
            edition__batches__claim=claim,
            pk__gte=F("edition__batches__first"),
            pk__lte=F("edition__batches__last"),
        )

    def claimed_in(self, digest: Digest) -> Self:
        """Return those of a digest in batches that are claimed."""
        return self.filter(
            edition__batches__digest=digest,
            edition__batches__claim__gt="",
            pk__gte=F("edition__batches__first"),
            pk__lte=F("edition__batches__last"),
        )

    def uncertain_in(self, digest: Digest) -> Self:
        """The uncertain ones of a digest, from the batches that have such."""
        unsettled = Q(edition__batches__claim__gt="") | Q(edition__batches__uncertain__gt=0)
        return self.filter(
            unsettled,
            status=DeliveryStatus.UNCERTAIN,
            edition__batches__digest=digest,
            pk__gte=F("edition__batches__first"),
            pk__lte=F("edition__batches__last"),
        )

    def with_titles(self) -> Self:
        """Return each with its reader, and with what the title of its digest needs; no further
        query."""
        return self.select_related("subscriber", "digest__bulletin", "digest__issue__bulletin")

    def with_skip_reason(self, *, at: datetime) -> Self:
        """Return each with the reason why its reader must not be mailed at `at`, "" where there is
        none (`subscribers.models.mailability`)."""
        return self.annotate(skip_reason=skip_reason(at=at, subscriber="subscriber"))

    def with_first_day(self) -> Self:
        """Return each with the `Subscriber.first_day` of its reader, None where there is none. To
        have a day of the database costs 4 µs a reader less than a moment, whose zone is set in
        Python."""
        zone = timezone.get_default_timezone()
        return self.annotate(first_day=TruncDate("subscriber__confirmed_at", tzinfo=zone))

    def mailable(self, *, at: datetime) -> Self:
        """Return those whose reader is known and may be mailed at `at`."""
        known = self.with_skip_reason(at=at).filter(subscriber__isnull=False)
        return known.filter(Q(skip_reason=""))


class Delivery(models.Model):
    """One reader's part in a digest, and what became of it; each reader of the frozen audience has
    one row.

    A reader who gets nothing has status EXCLUDED, a reason and no edition. `smtp_response` is
    what the mail server said last, its first 500 characters. `skip_reason` is what
    `DeliveryQuerySet.with_skip_reason` found. In a correction, `corrects` is the id of the
    reader's delivery in the digest that is corrected; that one may have been pruned. `resent`
    says that it was uncertain, and sent again for that reason; `resends` counts how often somebody
    had it sent again.
    """

    skip_reason = ""

    # A million rows are written by statements that take these keys from their tables; to have
    # PostgreSQL look each of them up again would take half of the time. The index of `digest`
    # is the beginning of that of `delivery_once_a_reader`; on PostgreSQL a BRIN index says which
    # pages of the table a digest lies on, so that a tenth of it is read for one of ten (the
    # second migration). No index names what changes when a
    # delivery is settled: so PostgreSQL changes the row in its page, which has room for that
    # (a fillfactor of 50), and touches no index.
    digest = models.ForeignKey(
        Digest,
        models.CASCADE,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
        verbose_name=_("digest"),
    )
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="deliveries",
        db_constraint=False,
        verbose_name=_("reader"),
    )
    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        null=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    status = models.CharField(_("status"), max_length=10, choices=DeliveryStatus)
    reason = models.CharField(_("reason"), max_length=12, choices=SkipReason, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    smtp_response = models.CharField(_("answer of the mail server"), max_length=500, blank=True)
    corrects = models.BigIntegerField(null=True, editable=False)
    resent = models.BooleanField(default=False, db_default=False, editable=False)

    resends = models.PositiveSmallIntegerField(
        _("sent again by somebody"), default=0, db_default=0, editable=False
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        permissions = [("resend_delivery", _("Can have a mail sent again"))]
        constraints = [
            models.UniqueConstraint("digest", "subscriber", name="delivery_once_a_reader"),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.EXCLUDED, edition__isnull=True)
                | ~Q(status=DeliveryStatus.EXCLUDED) & Q(edition__isnull=False),
                name="delivery_has_an_edition_or_is_excluded",
            ),
        ]
        indexes = [models.Index(fields=["edition", "id"], name="delivery_batches")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @cached_property
    def first_day(self) -> date | None:
        """The day that `DeliveryQuerySet.with_first_day` asks the database for."""
        return self.subscriber.first_day if self.subscriber else None
