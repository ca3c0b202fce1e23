"""Resolving uncertain deliveries: by an operator's decision, or by what came back."""

from __future__ import annotations

import logging
from datetime import datetime
from enum import StrEnum

from django.db.models import F, QuerySet

from digests.models import Batch, Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.sending import batch_counts, ledger

logger = logging.getLogger(__name__)


class Decision(StrEnum):
    """The decision about the uncertain deliveries of a digest."""

    COUNT_AS_SENT = "sent"  # whoever got nothing, gets nothing
    SEND_AGAIN = "again"  # whoever got it, may get a second copy, with the same Message-ID


def resolve(digest: Digest, decision: Decision, *, at: datetime) -> int:
    """Settle the uncertain deliveries of a digest as sent, or have them sent again.

    Returns how many there were: none the second time, and none to send again of a cancelled
    digest. A finished digest whose deliveries are sent again is unfinished until they are.
    """
    row = Digest.objects.filter(pk=digest.pk)
    with batch_counts.changing(digest.pk, Batch.objects.filter(digest=digest).unsettled()):
        uncertain = Delivery.objects.uncertain_in(digest)
        if decision is Decision.COUNT_AS_SENT:
            count = ledger.confirm_sent(uncertain, at=at)
        elif row.filter(cancelled_at__isnull=False).exists():
            return 0
        else:
            count = ledger.requeue(uncertain, at=at)
            if count:
                row.update(finished_at=None, outcome={})
    if count:
        logger.info("digest %s: %s uncertain resolved as %s", digest.pk, count, decision.value)
    return count


def confirm_sent(deliveries: QuerySet[Delivery], *, at: datetime) -> int:
    """Settle the uncertain ones of `deliveries`, all of one digest, as sent: something came back
    of them, so that a mail server had accepted them.

    Returns how many there were. One query where there are none.
    """
    found = list(deliveries.filter(status=DeliveryStatus.UNCERTAIN).values_list("pk", "digest"))
    if not found:
        return 0
    rows = Delivery.objects.filter(pk__in=[pk for pk, _digest in found])
    delivery = F("edition__deliveries__pk")
    batches = Batch.objects.filter(
        edition__deliveries__in=rows, first__lte=delivery, last__gte=delivery
    )
    with batch_counts.changing(found[0][1], Batch.objects.filter(pk__in=batches.values("pk"))):
        return ledger.confirm_sent(rows, at=at)
