"""Sending mails again because somebody asks for it: one, or those of a digest that failed.

A resend is a transition of the ledger, from what is settled to waiting. The mail has the same
Message-ID as before, so that a mail program that has it already shows it once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from django.db.models import Exists, OuterRef, Q

from digests.models import Batch, Delivery, Digest, Feedback
from digests.models.delivery import DeliveryQuerySet, DeliveryStatus, SkipReason
from digests.models.feedback import FeedbackKind
from digests.sending import batch_counts, ledger, left_out, pending

logger = logging.getLogger(__name__)

_STEP = 5_000  # deliveries in one statement


class Scope(StrEnum):
    """The failed deliveries that are meant: all, or those whose reason may pass."""

    ALL = auto()
    PASSING = auto()


class Obstacle(StrEnum):
    """The reason why a mail is not sent again."""

    EXCLUDED = auto()  # there never was one
    WAITING = auto()  # it is to be sent anyway
    TOO_OFTEN = auto()  # MAX_RESENDS
    FORGOTTEN = auto()  # there is no reader any more
    NOT_MAILABLE = auto()  # the reader left, paused, or is suppressed
    CANCELLED = auto()
    WITHDRAWN = auto()
    IN_HAND = auto()  # a worker has mails of its batch, or of the digest, in hand


class NotResent(Exception):
    """A mail, or those of a digest, cannot be sent again for this reason."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Failed:
    """The number of failed deliveries of a digest, how many of them failed for a passing reason,
    and of both how many would be sent again now: whose reader may be mailed, not for the fourth
    time, and of whose articles none came since; `informed` is to how many one came."""

    count: int
    passing: int
    again: int
    passing_again: int
    informed: int


def obstacle_to(delivery: Delivery) -> Obstacle | None:
    """Return why a delivery, loaded by `with_skip_reason` and with its digest, is not sent again;
    None where it can be."""
    if delivery.status == DeliveryStatus.EXCLUDED:
        return Obstacle.EXCLUDED
    if delivery.status == DeliveryStatus.QUEUED:
        return Obstacle.WAITING
    if delivery.resends >= ledger.MAX_RESENDS:
        return Obstacle.TOO_OFTEN
    if delivery.subscriber_id is None:
        return Obstacle.FORGOTTEN
    if delivery.skip_reason:
        return Obstacle.NOT_MAILABLE
    return _obstacle_of(delivery.digest_id)


def may_be_tried(delivery: Delivery) -> bool:
    """Return whether it is worth asking to have it sent again, as far as its own row and that of
    its digest tell. No query."""
    settled = delivery.status not in {DeliveryStatus.EXCLUDED, DeliveryStatus.QUEUED}
    stopped = delivery.digest.cancelled_at is not None
    left = delivery.resends < ledger.MAX_RESENDS
    return settled and left and not stopped and not delivery.skip_reason


def obstacle_to_failed(digest: Digest) -> Obstacle | None:
    """Return why the failed ones of a digest are not sent again. Two queries at most."""
    unfinished = Digest.objects.filter(pk=digest.pk, finished_at=None).exists()
    return _obstacle_of(digest.pk) or (Obstacle.IN_HAND if unfinished else None)


def resend(delivery_id: int, *, at: datetime) -> Digest:
    """Have one mail sent again, and return its digest, which is unfinished until it is. Raises
    NotResent."""
    rows = Delivery.objects.filter(pk=delivery_id)
    delivery = rows.with_skip_reason(at=at).select_related("digest__bulletin").get()
    if found := obstacle_to(delivery):
        raise NotResent(found)
    batch = Batch.objects.filter(
        edition=delivery.edition_id, first__lte=delivery_id, last__gte=delivery_id
    )
    with batch_counts.changing(delivery.digest_id, batch):
        if not batch.filter(claim="").exists():
            raise NotResent(Obstacle.IN_HAND)
        if not _resend(delivery.digest, rows, at=at):
            raise NotResent(Obstacle.WAITING)  # somebody else was first
        _reopen(delivery.digest)
    logger.info("delivery %s is sent again", delivery_id)
    return delivery.digest


def failed(digest: Digest, *, at: datetime) -> Failed:
    """Count the failed ones of a digest. Two queries that read them."""
    rows = list(
        _failed(digest)
        .with_skip_reason(at=at)
        .annotate(passing=_passes())
        .values_list("passing", "skip_reason", "resends", "subscriber_id", "pk")
    )
    informed = pending.informed_since(_failed(digest))
    again = [
        passing
        for passing, reason, resends, reader, pk in rows
        if not reason and reader and resends < ledger.MAX_RESENDS and pk not in informed
    ]
    passing = sum(passing for passing, *_ in rows)
    return Failed(len(rows), passing, len(again), sum(again), len(informed))


def resend_failed(digest: Digest, scope: Scope, *, at: datetime) -> int:
    """Have the failed ones of a finished digest sent again whose readers may be mailed, and got
    nothing of it by another mail since. Returns how many there are: none the second time, until
    they have failed again. Raises NotResent."""
    with batch_counts.changing(digest.pk, Batch.objects.filter(digest=digest, failed__gt=0)):
        if found := obstacle_to_failed(digest):
            raise NotResent(found)
        chosen = _failed(digest).mailable(at=at).filter(resends__lt=ledger.MAX_RESENDS)
        if scope is Scope.PASSING:
            chosen = chosen.filter(_passes())
        informed = pending.informed_since(chosen)
        keys = sorted(set(chosen.values_list("pk", flat=True)) - informed)
        steps = (keys[n : n + _STEP] for n in range(0, len(keys), _STEP))
        count = sum(_resend(digest, Delivery.objects.filter(pk__in=step), at=at) for step in steps)
        if count:
            _reopen(digest)
    logger.info("digest %s: %s that failed are sent again", digest.pk, count)
    return count


def _failed(digest: Digest) -> DeliveryQuerySet:
    return Delivery.objects.filter(digest=digest, status=DeliveryStatus.FAILED).order_by()


def _passes() -> Q:
    """The condition that a failed delivery failed for a reason that may pass: it was not taken for
    hours, or the server said so. What it said was classified when it was recorded as feedback."""
    said = Feedback.objects.filter(delivery=OuterRef("pk"))
    lasting = said.filter(kind__in=(FeedbackKind.HARD_BOUNCE, FeedbackKind.BLOCKED))
    soft = said.filter(kind=FeedbackKind.SOFT_BOUNCE)
    return Q(reason=SkipReason.EXPIRED) | Q(Exists(soft)) & ~Q(Exists(lasting))


def _obstacle_of(digest_id: int) -> Obstacle | None:
    digests = Digest.objects.filter(pk=digest_id)
    if digests.filter(cancelled_at__isnull=False).exists():
        return Obstacle.CANCELLED
    return Obstacle.WITHDRAWN if digests.withdrawn().exists() else None


def _resend(digest: Digest, deliveries: DeliveryQuerySet, *, at: datetime) -> int:
    """Have those of a digest, whose row is held, be sent again without what is withdrawn; returns
    how many are."""
    left_out.from_now_on(digest, at=at)
    left_out.keep_for(deliveries, digest)
    return ledger.resend(deliveries, at=at)


def _reopen(digest: Digest) -> None:
    """Have the digest, whose row is held, be unfinished until its mails are settled again."""
    Digest.objects.filter(pk=digest.pk).update(finished_at=None, outcome={})
