"""Pausing, resuming and cancelling a digest while it is being sent.

Workers ask every few seconds whether the digest still goes on; what is in flight is finished.
"""

from __future__ import annotations

import logging
from datetime import datetime

from digests.models import Batch, Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import batch_counts

logger = logging.getLogger(__name__)


def pause(digest: Digest, *, at: datetime) -> bool:
    """Have nothing more of a digest sent until it is resumed; whether that is new."""
    return _stamp(digest, "paused", paused_at=at)


def resume(digest: Digest) -> bool:
    """Go on with a digest that is paused; whether it was."""
    paused = Digest.objects.filter(pk=digest.pk, paused_at__isnull=False)
    resumed = bool(paused.update(paused_at=None, restored_at=None))
    if resumed:
        logger.info("digest %s resumed", digest.pk)
    return resumed


def cancel(digest: Digest, *, at: datetime) -> bool:
    """Send nothing more of a digest, ever; whether that is new.

    Who still waits is skipped for that reason: at once where nobody works on it, and else when
    the last worker has given its claim back.
    """
    cancelled = _stamp(digest, "cancelled", cancelled_at=at)
    skip_cancelled(digest, at=at)
    return cancelled


def skip_cancelled(digest: Digest, *, at: datetime) -> None:
    """Settle who still waits in a digest that is cancelled, once nobody works on it."""
    if not Digest.objects.filter(pk=digest.pk, cancelled_at__isnull=False).exists():
        return
    chunks = Batch.objects.filter(digest=digest)
    waiting = chunks.filter(waiting__gt=0)
    if not waiting.exists():
        return
    with batch_counts.changing(digest.pk, waiting):
        chunks.filter(claim="").update(due_at=None)
        if not chunks.claimed().exists():
            Delivery.objects.filter(digest=digest).waiting().update(
                status=DeliveryStatus.SKIPPED, reason=SkipReason.CANCELLED, settled_at=at
            )


def _stamp(digest: Digest, said: str, **stamp: datetime) -> bool:
    (field,) = stamp
    unstamped = Digest.objects.unfinished().filter(pk=digest.pk, **{field: None})
    new = bool(unstamped.update(**stamp))
    if new:
        logger.info("digest %s %s", digest.pk, said)
    return new
