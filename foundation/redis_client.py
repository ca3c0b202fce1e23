"""The service's Redis, where all processes count together: its client, and windows of `limits`."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis import Redis

_TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}  # seconds


def redis_client() -> Redis:
    """Return a client of the service's Redis that waits for a second at most. Connects when it is
    used; what is done with it can raise `redis.RedisError`."""
    return _client(settings.REDIS_URL or f"unix://{settings.REDIS_SOCKET}")


def window_limiter() -> MovingWindowRateLimiter:
    """Return a limiter that counts in RATE_LIMIT_STORAGE_URL, and waits for a second at most.
    Counting can raise `limits.errors.StorageError`."""
    return _window_limiter(settings.RATE_LIMIT_STORAGE_URL)


@cache
def _client(url: str) -> Redis:
    client: Redis = Redis.from_url(url, decode_responses=True, **_TIMEOUTS)
    return client


@cache
def _window_limiter(url: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(url, wrap_exceptions=True, **_TIMEOUTS))
