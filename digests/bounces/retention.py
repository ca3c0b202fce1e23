"""Forgetting what came back long ago. What followed from it stays."""

from __future__ import annotations

import logging
from datetime import datetime

from digests.models import Feedback
from foundation import graceful_shutdown

STEP = 5_000  # rows in one statement
MAX_STEPS = 20  # in one task; the next night goes on

logger = logging.getLogger(__name__)


def forget(*, before: datetime) -> int:
    """Delete the feedback of before `before`. Returns how many rows."""
    gone = 0
    for _ in range(MAX_STEPS):
        old = Feedback.objects.filter(received_at__lt=before).order_by("received_at")
        keys = list(old.values_list("pk", flat=True)[:STEP])
        gone += Feedback.objects.filter(pk__in=keys).delete()[0]
        if len(keys) < STEP or graceful_shutdown.requested():
            break
    if gone:
        logger.info("forgot feedback=%s", gone)
    return gone
