"""Exponential backoff: how long a deferred delivery waits, and how many attempts it has."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(minutes=30)
MAX_ATTEMPTS = 13  # about four hours, by the waits above


def wait(attempts: int) -> timedelta:
    """Return how long to wait after that many earlier attempts: doubling, with jitter, to half an
    hour."""
    longest = min(FIRST_WAIT * (1 << min(attempts, 10)), MAX_WAIT)
    return longest * random.uniform(0.5, 1.0)
