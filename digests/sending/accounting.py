"""The accounting of a digest: its counts, and when it is finished."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from audit_log.recording import record_act
from digests.models import Batch, Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.models.digest import EDITIONS
from digests.sending import batch_counts, left_out
from digests.sending.lifecycle import skip_cancelled

logger = logging.getLogger(__name__)

MAX_REASONS = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a digest's deliveries in each status. `candidates` was counted when the
    audience was frozen."""

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
        """The number of those that do not wait any more."""
        return self.sent + self.failed + self.uncertain + self.skipped + self.excluded

    @property
    def balanced(self) -> bool:
        """Whether every candidate is accounted for."""
        return self.candidates == self.settled + self.waiting


def count(digest: Digest) -> Counts:
    """Return the counts of a digest, as its batches keep them. Three queries, whatever its
    readers."""
    fields = ("candidates", "excluded", "prepared_at", "outcome", "pruned")
    now = Digest.objects.only(*fields).get(pk=digest.pk)
    return _counts(now, now.outcome["counts"] if now.outcome else _kept(now))


def _kept(digest: Digest) -> Mapping[str, int]:
    excluded = sum(digest.excluded.values())
    if digest.prepared_at is None:  # not cut into batches yet
        return {
            DeliveryStatus.QUEUED: digest.candidates - excluded,
            DeliveryStatus.EXCLUDED: excluded,
        }
    return batch_counts.kept(digest.pk) | {DeliveryStatus.EXCLUDED.value: excluded}


def count_deliveries(digest: Digest) -> Counts:
    """Return the same counts from the deliveries themselves, all of which are read."""
    now = Digest.objects.only("candidates", "pruned").get(pk=digest.pk)
    rows = Delivery.objects.filter(digest=digest).order_by().values_list("status")
    by_status = Counter(now.pruned)
    by_status.update(dict(rows.annotate(number=Count("pk"))))
    return _counts(now, by_status)


def _counts(digest: Digest, by_status: Mapping[str, int]) -> Counts:
    return Counts(
        candidates=digest.candidates,
        waiting=by_status.get(DeliveryStatus.QUEUED, 0),
        sent=by_status.get(DeliveryStatus.SENT, 0),
        failed=by_status.get(DeliveryStatus.FAILED, 0),
        uncertain=by_status.get(DeliveryStatus.UNCERTAIN, 0),
        skipped=by_status.get(DeliveryStatus.SKIPPED, 0),
        excluded=by_status.get(DeliveryStatus.EXCLUDED, 0),
        editions=digest.editions.count() + digest.pruned.get(EDITIONS, 0),
    )


def reasons(digest: Digest) -> tuple[dict[str, int], dict[str, int]]:
    """Count the reasons for which readers were excluded or skipped, or wait, and the SMTP
    responses to those that failed; the most frequent of both. Three queries at most."""
    now = Digest.objects.only("excluded", "outcome").get(pk=digest.pk)
    if now.outcome:
        return dict(now.outcome["reasons"]), dict(now.outcome["smtp_responses"])
    rows = Delivery.objects.filter(digest=digest)
    waiting = rows.filter(status__in=(DeliveryStatus.SKIPPED, DeliveryStatus.QUEUED)).exclude(
        reason=""
    )
    found = Counter(now.excluded) + Counter(_tally(waiting, "reason"))
    return dict(found.most_common(MAX_REASONS)), _tally(
        rows.filter(status=DeliveryStatus.FAILED), "smtp_response"
    )


def _tally(rows: QuerySet[Delivery], field: str) -> dict[str, int]:
    found = rows.order_by().values_list(field).annotate(number=Count("pk"))
    return dict(found.order_by("-number", field)[:MAX_REASONS])


def finish(digest: Digest, *, at: datetime) -> bool:
    """Stamp the digest as finished when it is: prepared, nobody waiting, everybody accounted for.
    Returns whether it is.

    While anybody waits that costs three queries of its batches. Then all deliveries are counted,
    once, and the stamp has what became of them.
    """
    if not Digest.objects.filter(pk=digest.pk, prepared_at__isnull=False).exists():
        return False
    skip_cancelled(digest, at=at)
    return not _anybody_waits(digest) and _finished(digest, at=at)


def _anybody_waits(digest: Digest) -> bool:
    """Return whether somebody waits, or a worker has a claim, who will ask."""
    return Batch.objects.filter(~Q(claim="") | Q(waiting__gt=0), digest=digest).exists()


@transaction.atomic
def _finished(digest: Digest, *, at: datetime) -> bool:
    """Stamp it, unless somebody waits again meanwhile: who resolves so holds the digest's row."""
    row = Digest.objects.select_for_update().filter(pk=digest.pk)
    finished = row.values_list("finished_at", flat=True).get() is not None
    if finished or _anybody_waits(digest):
        return finished
    counts = count_deliveries(digest)
    if counts != count(digest):
        logger.error("digest %s: the counts of its batches were wrong", digest.pk)
        batch_counts.recount(digest)
    if counts.waiting:
        return False
    if not counts.balanced:
        logger.error("digest %s: the accounting does not hold", digest.pk)
        return False
    why, smtp_responses = reasons(digest)
    outcome = {"counts": _by_status(counts), "reasons": why, "smtp_responses": smtp_responses}
    row.update(finished_at=at, outcome=outcome)
    left_out.make_up(digest)
    record_act(
        "digest.finished",
        by=None,
        at=at,
        after=_by_status(counts),
        **digest.log_keys,
    )
    logger.info("digest %s finished", digest.pk)
    return True


def _by_status(counts: Counts) -> dict[str, int]:
    return {
        status.value: getattr(
            counts, "waiting" if status is DeliveryStatus.QUEUED else status.value
        )
        for status in DeliveryStatus
    }
