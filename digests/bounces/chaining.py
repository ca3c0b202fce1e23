"""Chains of tasks that visit the feedback mailbox, of which one runs at a time."""

from __future__ import annotations

import contextlib
import logging

from redis import RedisError
from redis.exceptions import LockError
from redis.lock import Lock

from foundation.redis_client import redis_client

logger = logging.getLogger(__name__)

LOCK_SECONDS = 60  # from one visit to the next; after that the chain is taken to be broken


def begin(token: str = "") -> str | None:
    """Begin a chain, or go on with the one that has this `token`. Returns its token; None while
    another chain runs, and "" while Redis is away: then no visit follows this one."""
    lock = _lock(token)
    try:
        if token:
            lock.reacquire()
        elif not lock.acquire(blocking=False):
            return None
    except LockError:
        return None
    except RedisError:
        logger.warning("visits to the mailbox cannot follow one another: Redis does not answer")
        return ""
    return token or str(lock.local.token.decode())


def end(token: str) -> None:
    """Let another chain begin."""
    with contextlib.suppress(LockError, RedisError):
        _lock(token).release()


def _lock(token: str) -> Lock:
    lock: Lock = redis_client().lock("collecting-feedback", timeout=LOCK_SECONDS)
    lock.local.token = token.encode() or None
    return lock
