"""Circuit breakers for what takes no mail just now: mail servers that are unreachable, and
providers that defer whatever they get.

A circuit stays open for half a minute, and twice as long each time that it opens again, until
mail is accepted. It is kept in Redis for all workers, and forgotten with it: then somebody tries
once more.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from redis import RedisError

from foundation.redis_client import redis_client

logger = logging.getLogger(__name__)

FIRST_OPEN_SECONDS = 30.0  # seconds
REMEMBERED_SECONDS = 7200  # after its end, in which a circuit that opens again is open longer


class OpenCircuit(NamedTuple):
    """The time until which (seconds since 1970) nothing is to be tried, for how many seconds that
    is, the last SMTP response, how many times in a row it was opened, since when nothing was
    accepted, and what kind of problem that is."""

    until: float
    seconds: float
    reason: str
    times: int
    since: float
    problem: str

    @property
    def left(self) -> float:
        """The seconds for which it is still open; below 0 when it may be tried again."""
        return self.until - time.time()


def open_circuits(names: Iterable[str]) -> Mapping[str, OpenCircuit]:
    """Return the circuits of `names` that are open, or were until mail is accepted again. One
    round trip; none where there is no name or no Redis."""
    try:
        return read(names)
    except RedisError:
        return {}


def read(names: Iterable[str]) -> Mapping[str, OpenCircuit]:
    """Return the same as `open_circuits`. Raises `redis.RedisError`."""
    keys = {name: _key(name) for name in names}
    values = redis_client().mget(list(keys.values())) if keys else []
    found = zip(keys, values, strict=False)
    return {name: OpenCircuit(*json.loads(value)) for name, value in found if value}


def all_open() -> Mapping[str, OpenCircuit]:
    """Return all circuits that are open at this moment, by name. Raises `redis.RedisError`."""
    names = [key.removeprefix(_key("")) for key in redis_client().scan_iter(_key("*"))]
    return {name: each for name, each in sorted(open_circuits(names).items()) if each.left > 0}


def open_circuit(name: str, *, reason: str, max_seconds: float, problem: str = "") -> OpenCircuit:
    """Open the circuit of `name` because of `reason`, for `max_seconds` at most. Returns the one
    that was open already, if another worker saw the same."""
    before, now = open_circuits([name]).get(name), time.time()
    if before and before.left > 0:
        return before
    times = before.times + 1 if before else 1
    seconds = min(FIRST_OPEN_SECONDS * (1 << min(times - 1, 20)), max_seconds)
    since = before.since if before else now
    circuit = OpenCircuit(now + seconds, seconds, reason, times, since, problem)
    logger.warning("circuit of %s: open for %d s: %s", name, seconds, reason)
    try:
        redis_client().set(_key(name), json.dumps(circuit), ex=int(seconds + REMEMBERED_SECONDS))
    except RedisError:
        logger.warning("circuit of %s: Redis does not answer, so no other worker knows", name)
    return circuit


def reset(names: Collection[str]) -> None:
    """Close the circuits of `names`: mail was accepted."""
    try:
        if names:
            redis_client().delete(*[_key(name) for name in names])
    except RedisError:
        logger.warning("circuits: Redis does not answer, so they stay open until their time is up")


def _key(name: str) -> str:
    return f"bulletin:breaker:{name}"
