"""The operator's decision about deliveries of which nobody can know whether they arrived."""

from __future__ import annotations

import logging
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from digests.mailing import claiming
from digests.models import Delivery, Digest
from digests.models.delivery import Status

logger = logging.getLogger(__name__)


class Decision(StrEnum):
    """What to do about the uncertain deliveries of a digest."""

    COUNT_AS_SENT = "sent"  # whoever got nothing, gets nothing
    SEND_AGAIN = "again"  # whoever got it, may get a second copy, with the same Message-ID


def decide(digest: Digest, decision: Decision, *, at: datetime) -> int:
    """Settle the uncertain deliveries of `digest`, or have them sent again; how many. Twice is
    once; a finished digest whose deliveries are sent again is unfinished until they are. Of a
    cancelled digest nothing is sent again."""
    uncertain = Delivery.objects.filter(digest=digest, status=Status.UNCERTAIN)
    with transaction.atomic():
        held = Digest.objects.select_for_update().filter(pk=digest.pk)
        cancelled = held.values_list("cancelled_at", flat=True).get() is not None
        if cancelled and decision is Decision.SEND_AGAIN:
            return 0
        if decision is Decision.COUNT_AS_SENT:
            count = uncertain.update(status=Status.SENT, settled_at=at)
        else:
            count = uncertain.update(status=Status.QUEUED, due_at=at, settled_at=None)
            if count:
                Digest.objects.filter(pk=digest.pk).update(finished_at=None)
                claiming.reopen(digest)
    if count:
        logger.info("digest %s: %s uncertain, decided: %s", digest.pk, count, decision.value)
    return count
