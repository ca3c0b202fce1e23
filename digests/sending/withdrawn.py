"""Articles that were withdrawn while a digest is under way: left out for those who still wait."""

from __future__ import annotations

import logging
from datetime import datetime

from digests.models import Batch, Delivery, Digest
from digests.models.delivery import SkipReason
from digests.rendering import MessageRenderer
from digests.sending import batch_counts, ledger

logger = logging.getLogger(__name__)


def skip_empty(digest: Digest, renderer: MessageRenderer, *, at: datetime) -> None:
    """Skip who still waits for a mail of which all articles were withdrawn. One query where none
    was."""
    if not renderer.left_out:
        return
    empty = [edition.pk for edition in digest.editions.all() if not renderer.has_articles(edition)]
    batches = Batch.objects.filter(digest=digest, edition__in=empty)
    if not batches.filter(waiting__gt=0).exists():
        return
    with batch_counts.changing(digest.pk, batches):
        waiting = Delivery.objects.filter(digest=digest, edition__in=empty)
        skipped = ledger.skip_all(waiting, reason=SkipReason.WITHDRAWN, at=at)
    logger.info("digest %s: %s skipped, all their articles are withdrawn", digest.pk, skipped)
