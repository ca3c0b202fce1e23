"""The limit of how often a reader looks what phrases would find."""

from __future__ import annotations

import logging

from limits import RateLimitItemPerHour
from limits.errors import StorageError

from foundation.redis_client import window_limiter

A_READER = 60  # an hour

log = logging.getLogger(__name__)


def may_look(subscriber_id: int) -> bool:
    """Count one look of a reader. Returns whether it is not one too many; while Redis is away
    everybody may."""
    try:
        return bool(
            window_limiter().hit(
                RateLimitItemPerHour(A_READER, namespace="keyword-looks"), str(subscriber_id)
            )
        )
    except StorageError:
        log.warning("looks are not counted: Redis does not answer")
        return True
