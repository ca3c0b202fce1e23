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

from bulletin_site.counting import counter

logger = logging.getLogger(__name__)

FIRST = 30.0  # seconds
REMEMBERED = 7200  # seconds after the end of a closure in which the next one follows on it


class Closure(NamedTuple):
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


def known(names: Iterable[str]) -> Mapping[str, Closure]:
    """The closures of `names`, those that are over among them until mail is taken again. One
    round trip; none where there is no name or no Redis."""
    try:
        return read(names)
    except RedisError:
        return {}


def read(names: Iterable[str]) -> Mapping[str, Closure]:
    """The same; raises `redis.RedisError`."""
    asked = list(names)
    found = counter().mget([_key(name) for name in asked]) if asked else []
    return {
        name: Closure(*json.loads(each)) for name, each in zip(asked, found, strict=False) if each
    }


def holding() -> Mapping[str, Closure]:
    """All closures that hold at this moment, by name. Raises `redis.RedisError`."""
    names = [key.removeprefix(_key("")) for key in counter().scan_iter(_key("*"))]
    return {name: each for name, each in sorted(known(names).items()) if each.left > 0}


def close(name: str, *, answer: str, longest: float, problem: str = "") -> Closure:
    """Have `name` left alone because of `answer`, for `longest` seconds at most."""
    before, now = known([name]).get(name), time.time()
    if before and before.left > 0:
        return before  # somebody else saw the same
    number = before.number + 1 if before else 1
    seconds = min(FIRST * (1 << min(number - 1, 20)), longest)
    since = before.since if before else now
    closure = Closure(now + seconds, seconds, answer, number, since, problem)
    logger.warning("%s is left alone for %d s: %s", name, seconds, answer)
    try:
        counter().set(_key(name), json.dumps(closure), ex=int(seconds + REMEMBERED))
    except RedisError:
        logger.warning("%s: Redis does not answer, so nobody else knows", name)
    return closure


def reopen(names: Collection[str]) -> None:
    """Forget the closures of `names`: mail was taken."""
    try:
        if names:
            counter().delete(*[_key(name) for name in names])
    except RedisError:
        logger.warning("Redis does not answer, so closures run out by themselves")


def _key(name: str) -> str:
    return f"bulletin:breaker:{name}"
