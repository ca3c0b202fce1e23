"""Pausing, resuming and cancelling a digest while it is being sent.

Workers ask every few seconds whether the digest still goes on; what is in flight is finished.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db import transaction

from digests.models import Batch, Delivery, Digest
from digests.models.delivery import SkipReason
from digests.sending import batch_counts, ledger, left_out

logger = logging.getLogger(__name__)

_STILL_LOADED = timedelta(seconds=15)  # after it was paused a worker may hold what it loaded before


class Hold(Enum):
    """The reasons that keep a digest paused: its issue was withdrawn; an article was, and workers
    may still have mails with it in hand."""

    WITHDRAWN = auto()
    IN_HAND = auto()


def pause(digest: Digest, *, at: datetime) -> bool:
    """Pause the digest. Returns False if it was paused already, or is finished."""
    return _stamp(digest, "paused", paused_at=at)


def what_holds(digest: Digest, *, at: datetime) -> Hold | None:
    """Return why a paused digest cannot be resumed at `at`; None where it can be."""
    if Digest.objects.withdrawn().filter(pk=digest.pk).exists():
        return Hold.WITHDRAWN
    if digest.withdrawn_articles():
        lately = Digest.objects.filter(pk=digest.pk, paused_at__gt=at - _STILL_LOADED)
        if lately.exists() or Batch.objects.filter(digest=digest).claimed().exists():
            return Hold.IN_HAND
    return None


def resume(digest: Digest, *, at: datetime) -> bool:
    """Resume the digest. Returns False if it was not paused, or where something holds it."""
    if what_holds(digest, at=at):
        return False
    paused = Digest.objects.filter(pk=digest.pk, paused_at__isnull=False)
    with transaction.atomic():
        resumed = bool(paused.update(paused_at=None, restored_at=None))
        if resumed:
            left_out.from_now_on(digest, at=at)
    if resumed:
        logger.info("digest %s resumed", digest.pk)
    return resumed


def cancel(digest: Digest, *, at: datetime) -> bool:
    """Cancel the digest for good. Returns False if it was cancelled already, or is finished.

    Who still waits is skipped for that reason: at once where no worker has a claim, and else when
    the last worker has given its claim back.
    """
    cancelled = _stamp(digest, "cancelled", cancelled_at=at)
    skip_cancelled(digest, at=at)
    return cancelled


def skip_cancelled(digest: Digest, *, at: datetime) -> None:
    """Skip who still waits in a digest that is cancelled, once no worker has a claim."""
    if not Digest.objects.filter(pk=digest.pk, cancelled_at__isnull=False).exists():
        return
    batches = Batch.objects.filter(digest=digest)
    waiting = batches.filter(waiting__gt=0)
    if not waiting.exists():
        return
    with batch_counts.changing(digest.pk, waiting):
        batches.filter(claim="").update(due_at=None)
        if not batches.claimed().exists():
            deliveries = Delivery.objects.filter(digest=digest)
            ledger.skip_all(deliveries, reason=SkipReason.CANCELLED, at=at)


def _stamp(digest: Digest, state: str, **stamp: datetime) -> bool:
    (field,) = stamp
    unstamped = Digest.objects.unfinished().filter(pk=digest.pk, **{field: None})
    new = bool(unstamped.update(**stamp))
    if new:
        logger.info("digest %s %s", digest.pk, state)
    return new
