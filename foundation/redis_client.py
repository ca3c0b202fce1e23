"""Redis, as the place where all processes count together."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis


def redis_client() -> Redis:
    """A client of the service's Redis that waits for a second at most. Connects when it is
    used; what is done with it can raise `redis.RedisError`."""
    return _client(settings.REDIS_URL or f"unix://{settings.REDIS_SOCKET}")


@cache
def _client(url: str) -> Redis:
    client: Redis = Redis.from_url(
        url, decode_responses=True, socket_timeout=1, socket_connect_timeout=1
    )
    return client
