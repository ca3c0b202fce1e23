"""Who takes no mail just now: mail servers that are away, and domains that put us off.

A closure holds for half a minute, and twice as long each time that it follows on another, until
mail is taken again. It is kept in Redis for all workers, and forgotten with it: then somebody
tries once more.
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

FIRST = 30.0  # seconds
REMEMBERED = 7200  # seconds after the end of a closure in which the next one follows on it


class OpenCircuit(NamedTuple):
    """Until when (seconds since 1970) nothing is to be tried, for how many seconds that is, what
    was said, the how many-eth closure in a row it is, since when nothing was taken, and what kind
    of problem that is."""

    until: float
    seconds: float
    answer: str
    number: int
    since: float
    problem: str

    @property
    def left(self) -> float:
        """How many seconds it still holds; below 0 when it is over."""
        return self.until - time.time()


def open_circuits(names: Iterable[str]) -> Mapping[str, OpenCircuit]:
    """The closures of `names`, those that are over among them until mail is taken again. One
    round trip; none where there is no name or no Redis."""
    try:
        return read(names)
    except RedisError:
        return {}


def read(names: Iterable[str]) -> Mapping[str, OpenCircuit]:
    """The same; raises `redis.RedisError`."""
    asked = list(names)
    found = redis_client().mget([_key(name) for name in asked]) if asked else []
    return {
        name: OpenCircuit(*json.loads(each))
        for name, each in zip(asked, found, strict=False)
        if each
    }


def all_open() -> Mapping[str, OpenCircuit]:
    """All closures that hold at this moment, by name. Raises `redis.RedisError`."""
    names = [key.removeprefix(_key("")) for key in redis_client().scan_iter(_key("*"))]
    return {name: each for name, each in sorted(open_circuits(names).items()) if each.left > 0}


def open_circuit(name: str, *, answer: str, longest: float, problem: str = "") -> OpenCircuit:
    """Have `name` left alone because of `answer`, for `longest` seconds at most."""
    before, now = open_circuits([name]).get(name), time.time()
    if before and before.left > 0:
        return before  # somebody else saw the same
    number = before.number + 1 if before else 1
    seconds = min(FIRST * (1 << min(number - 1, 20)), longest)
    since = before.since if before else now
    circuit = OpenCircuit(now + seconds, seconds, answer, number, since, problem)
    logger.warning("%s is left alone for %d s: %s", name, seconds, answer)
    try:
        redis_client().set(_key(name), json.dumps(circuit), ex=int(seconds + REMEMBERED))
    except RedisError:
        logger.warning("%s: Redis does not answer, so nobody else knows", name)
    return circuit


def reset(names: Collection[str]) -> None:
    """Forget the closures of `names`: mail was taken."""
    try:
        if names:
            redis_client().delete(*[_key(name) for name in names])
    except RedisError:
        logger.warning("Redis does not answer, so closures run out by themselves")


def _key(name: str) -> str:
    return f"bulletin:breaker:{name}"
