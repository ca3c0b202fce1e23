"""Pruning old deliveries, so that yearly growth does not slow a send; their counts stay."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from digests.models import Batch, Delivery, Digest, Edition
from digests.models.digest import EDITIONS
from mail.delivery import ShouldStop, never_stop

logger = logging.getLogger(__name__)

STEP = 5_000  # rows in one transaction


def prune(*, before: datetime, stop: ShouldStop = never_stop) -> int:
    """Delete the deliveries of digests that were finished before `before` and have no uncertain
    ones, their batches and editions, and what these digests were rendered to, which nobody can be
    shown any more. Returns how many deliveries.

    Each step is one transaction with the counts that it adds to its digest, so that the
    accounting holds wherever it is cut short, also by `stop()`. Feedback stays, without its
    delivery.
    """
    finished = Digest.objects.filter(finished_at__lt=before, outcome__counts__uncertain=0)
    left = Q(Exists(Delivery.objects.filter(digest=OuterRef("pk"))))
    left |= Q(Exists(Edition.objects.filter(digest=OuterRef("pk")))) | ~Q(blocks={})
    digests = finished.filter(left).order_by("finished_at").values_list("pk", flat=True)
    return sum(_prune(pk, stop) for pk in list(digests))


def _prune(pk: int, stop: ShouldStop) -> int:
    count = 0
    while not stop() and (step := _step(pk)):
        count += step
    if count:
        logger.info("digest %s: %s deliveries pruned", pk, count)
    while not stop() and _forget_editions(pk):
        pass
    _forget_blocks(pk)
    return count


@transaction.atomic
def _forget_editions(pk: int) -> bool:
    """Delete STEP editions of a digest that has no delivery and is finished, with their batches,
    and write down how many there were. Returns whether there may be more."""
    digest = _held(pk)
    if digest.finished_at is None or Delivery.objects.filter(digest=pk).exists():
        return False
    chosen = list(Edition.objects.filter(digest=pk).order_by().values_list("pk", flat=True)[:STEP])
    Batch.objects.filter(edition__in=chosen).delete()
    Edition.objects.filter(pk__in=chosen).delete()
    digest.pruned[EDITIONS] = digest.pruned.get(EDITIONS, 0) + len(chosen)
    Digest.objects.filter(pk=pk).update(pruned=digest.pruned)
    return len(chosen) == STEP


def _held(pk: int) -> Digest:
    return Digest.objects.select_for_update().defer("blocks", "texts").get(pk=pk)


def _forget_blocks(pk: int) -> None:
    """Forget the blocks and texts of a digest that has no delivery and is finished: with one digest
    for a new reader or a few, they are most of what the table grows by."""
    unseen = ~Exists(Delivery.objects.filter(digest=OuterRef("pk")))
    finished = Digest.objects.filter(unseen, pk=pk, finished_at__isnull=False)
    finished.exclude(blocks={}).update(blocks={}, texts=[])


@transaction.atomic
def _step(pk: int) -> int:
    digest = _held(pk)
    if digest.finished_at is None:
        return 0  # some of it is sent again
    chosen = list(Delivery.objects.filter(digest=pk).values_list("pk", flat=True)[:STEP])
    rows = Delivery.objects.filter(pk__in=chosen)
    tally = rows.order_by().values_list("status").annotate(number=Count("pk"))
    for status, number in list(tally):
        digest.pruned[status] = digest.pruned.get(status, 0) + number
    rows.delete()
    Digest.objects.filter(pk=pk).update(pruned=digest.pruned)
    return len(chosen)
