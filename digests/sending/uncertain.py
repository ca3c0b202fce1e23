"""What settles deliveries of which nobody knows whether they arrived: the operator, or a bounce."""

from __future__ import annotations

import logging
from datetime import datetime
from enum import StrEnum

from django.db.models import F, QuerySet

from digests.models import Batch, Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.sending import batch_counts

logger = logging.getLogger(__name__)


class Decision(StrEnum):
    """What to do about the uncertain deliveries of a digest."""

    COUNT_AS_SENT = "sent"  # whoever got nothing, gets nothing
    SEND_AGAIN = "again"  # whoever got it, may get a second copy, with the same Message-ID


def decide(digest: Digest, decision: Decision, *, at: datetime) -> int:
    """Settle the uncertain deliveries of `digest`, or have them sent again; how many. Twice is
    once; a finished digest whose deliveries are sent again is unfinished until they are. Of a
    cancelled digest nothing is sent again."""
    row = Digest.objects.filter(pk=digest.pk)
    with batch_counts.changing(digest.pk, Batch.objects.filter(digest=digest).unsettled()):
        uncertain = Delivery.objects.uncertain_in(digest)
        if decision is Decision.COUNT_AS_SENT:
            count = _as_sent(uncertain, at=at)
        elif row.filter(cancelled_at__isnull=False).exists():
            return 0
        else:
            count = uncertain.update(status=DeliveryStatus.QUEUED, due_at=at, settled_at=None)
            if count:
                row.update(finished_at=None, outcome={})
    if count:
        logger.info("digest %s: %s uncertain, decided: %s", digest.pk, count, decision.value)
    return count


def accept(heard: QuerySet[Delivery], *, at: datetime) -> int:
    """Settle as sent those of `heard`, all of one digest, that are uncertain: something came back
    of them, so that a mail server had accepted them. How many. One query where there are none."""
    found = list(heard.filter(status=DeliveryStatus.UNCERTAIN).values_list("pk", "digest"))
    if not found:
        return 0
    rows = Delivery.objects.filter(pk__in=[pk for pk, _digest in found])
    delivery = F("edition__deliveries__pk")
    theirs = Batch.objects.filter(
        edition__deliveries__in=rows, first__lte=delivery, last__gte=delivery
    )
    with batch_counts.changing(found[0][1], Batch.objects.filter(pk__in=theirs.values("pk"))):
        return _as_sent(rows.filter(status=DeliveryStatus.UNCERTAIN), at=at)


def _as_sent(uncertain: QuerySet[Delivery], *, at: datetime) -> int:
    return uncertain.update(status=DeliveryStatus.SENT, settled_at=at)
