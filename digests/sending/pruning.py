"""Pruning old deliveries, so that yearly growth does not slow a send; their counts stay."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from digests.models import Delivery, Digest

logger = logging.getLogger(__name__)

STEP = 5_000  # deliveries in one transaction


def prune(*, before: datetime) -> int:
    """Delete the deliveries of digests that were finished before `before` and have no uncertain
    ones. Returns how many.

    Each step is one transaction with the counts that it adds to its digest, so that the
    accounting holds wherever it is cut short. Feedback stays, without its delivery.
    """
    finished = Digest.objects.filter(finished_at__lt=before, outcome__counts__uncertain=0)
    digests = finished.values_list("pk", flat=True)
    return sum(_prune(pk) for pk in list(digests))


def _prune(pk: int) -> int:
    count = 0
    while step := _step(pk):
        count += step
    if count:
        logger.info("digest %s: %s deliveries pruned", pk, count)
    return count


@transaction.atomic
def _step(pk: int) -> int:
    digest = Digest.objects.select_for_update().defer("blocks").get(pk=pk)
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
