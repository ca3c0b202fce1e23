"""Who got it: the counts of a digest, and when it is finished."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from digests.mailing.stopping import skip_cancelled
from digests.models import Chunk, Delivery, Digest
from digests.models.delivery import Status

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a digest's readers are in each state. `candidates` was counted when the
    audience was frozen, the others now."""

    candidates: int
    waiting: int
    sent: int
    failed: int
    uncertain: int
    skipped: int
    excluded: int
    editions: int

    @property
    def settled(self) -> int:
        """Those of whom it is known what became of them."""
        return self.sent + self.failed + self.uncertain + self.skipped + self.excluded

    @property
    def balanced(self) -> bool:
        """Whether every candidate is accounted for."""
        return self.candidates == self.settled + self.waiting


def count(digest: Digest) -> Counts:
    """The counts of a digest. Three queries."""
    frozen = Digest.objects.values_list("candidates", "pruned").get(pk=digest.pk)
    candidates, pruned = frozen
    rows = Delivery.objects.filter(digest=digest).order_by().values_list("status")
    by_status = Counter(pruned)
    by_status.update(dict(rows.annotate(number=Count("pk"))))
    return Counts(
        candidates=candidates,
        waiting=by_status.get(Status.QUEUED, 0),
        sent=by_status.get(Status.SENT, 0),
        failed=by_status.get(Status.FAILED, 0),
        uncertain=by_status.get(Status.UNCERTAIN, 0),
        skipped=by_status.get(Status.SKIPPED, 0),
        excluded=by_status.get(Status.EXCLUDED, 0),
        editions=digest.editions.count(),
    )


def finish(digest: Digest, *, at: datetime) -> bool:
    """Whether the digest is finished: prepared, nobody waiting, everybody accounted for."""
    prepared = Digest.objects.filter(pk=digest.pk, prepared_at__isnull=False)
    if not prepared.exists():
        return False
    skip_cancelled(digest, at=at)
    if Chunk.objects.filter(digest=digest).claimed().exists():
        return False  # somebody works on it, and will ask
    if Delivery.objects.filter(digest=digest).waiting().exists():
        return False
    if not count(digest).balanced:
        logger.error("digest %s: the accounting does not hold", digest.pk)
        return False
    return _finished(digest, at=at)


@transaction.atomic
def _finished(digest: Digest, *, at: datetime) -> bool:
    """Stamp it, unless somebody waits again meanwhile: who decides so holds the digest's row."""
    row = Digest.objects.select_for_update().filter(pk=digest.pk)
    list(row.values_list("pk"))
    if Delivery.objects.filter(digest=digest).waiting().exists():
        return False
    if row.filter(finished_at=None).update(finished_at=at):
        logger.info("digest %s finished", digest.pk)
    return True
