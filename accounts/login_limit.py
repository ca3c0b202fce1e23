"""The limit of guesses at a password, counted for all processes together.

Wrong guesses are counted by account and network, or by account and device where the owner has
logged in from there before; by account; by network; and for the whole site. Each has several
windows, so that the wait grows with the guesses. A device that is known is not kept waiting by
what strangers do.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network

from django.utils.crypto import salted_hmac
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from foundation.redis_client import redis_client, window_limiter

logger = logging.getLogger(__name__)

# The shortest first: what it refuses is not counted in the others.
_OWN = parse_many("5/minute;10/15 minutes;20/hour;40/day")  # an account from one place
_ACCOUNT = parse_many("20/10 minutes")  # an account from everywhere: its owner waits no longer
_CODE = parse_many("20/10 minutes;100/day")  # six figures, by who has the password already
_NETWORK = parse_many("20/10 minutes;60/hour;200/day")  # all accounts
_SITE = parse_many("60/minute")  # so that hashing passwords leaves the processor to the readers

_Counter = tuple[RateLimitItem, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Guess:
    """A try to log in: to which `account`, from which `network`, and on which `device`, where the
    account's owner has logged in on it before, else "". `kind` is what is guessed, if it is not the
    password."""

    account: str
    network: str
    device: str = ""
    kind: str = ""

    @property
    def counted_as(self) -> str:
        """The key of what is counted together: guesses at the account of one kind."""
        return f"{self.account} {self.kind}".strip()


def network_of(visitor: str) -> str:
    """The network of a visitor's address: what one owner is given (/24 of IPv4, /48 of IPv6)."""
    try:
        network = ip_network(visitor)
    except ValueError:
        return visitor
    return str(network.supernet(new_prefix=24 if network.version == 4 else 48))


def wait(guess: Guess) -> int:
    """The seconds for which this may not be tried; 0 when it may, and then it is counted."""
    limiter, own = _counting(), list(_own(guess))
    asked = own if guess.device else [*own, *_shared(guess)]
    full = [each for each in asked if not limiter.test(each[0], *each[1])]
    full = full or [each for each in own if not limiter.hit(each[0], *each[1])]
    return _longest(limiter, full)


def was_wrong(guess: Guess) -> None:
    """Count a wrong guess where more than its own place is counted."""
    if not guess.device:
        limiter = _counting()
        for item, key in _shared(guess):
            limiter.hit(item, *key)


def was_right(guess: Guess) -> None:
    """Forget the guesses at this account from this place."""
    limiter = _counting()
    for item, key in _own(guess):
        limiter.clear(item, *key)


def wait_for_link(address: str, visitor: str) -> int:
    """The seconds for which no link to set a password is mailed: three an hour to one address,
    whoever has it, and ten to one network; 0 when it may, and then it is counted."""
    key = salted_hmac("password link", address.casefold()).hexdigest()[:16]
    return _wait_for(
        ("3/hour;6/day", ("log-in link to", key)),
        ("10/hour", ("log-in link from", network_of(visitor))),
        ("100/hour", ("log-in links",)),
    )


def wait_to_start(visitor: str) -> int:
    """The seconds for which no log-in by another site is begun, each of which asks that site and
    holds a thread meanwhile; 0 when it may, and then it is counted."""
    return _wait_for(
        ("60/minute", ("log-in start from", network_of(visitor))),
        ("180/minute", ("log-in starts",)),
    )


def _wait_for(*limits: tuple[str, tuple[str, ...]]) -> int:
    limiter = _counting()
    counters = [(item, key) for allowed, key in limits for item in parse_many(allowed)]
    full = [each for each in counters if not limiter.test(each[0], *each[1])]
    full = full or [each for each in counters if not limiter.hit(each[0], *each[1])]
    return _longest(limiter, full)


def forget() -> int:
    """Forget all guesses, of everybody and from everywhere. Returns how many counts there were.
    Raises `redis.RedisError` while Redis is away."""
    _alone().storage.reset()
    client = redis_client()
    keys = list(client.scan_iter(match="*log-in*", count=1000))
    return int(client.delete(*keys)) if keys else 0


def _longest(limiter: MovingWindowRateLimiter, full: Iterable[_Counter]) -> int:
    ends = (limiter.get_window_stats(item, *key).reset_time for item, key in full)
    return max((max(1, math.ceil(end - time.time())) for end in ends), default=0)


def _own(guess: Guess) -> Iterator[_Counter]:
    place = guess.device or guess.network
    return ((item, ("log-in", guess.counted_as, place)) for item in _OWN)


def _shared(guess: Guess) -> Iterator[_Counter]:
    for items, key in (
        (_CODE if guess.kind == "code" else _ACCOUNT, ("log-in", guess.counted_as)),
        (_NETWORK, ("log-in from", guess.network)),
        (_SITE, ("log-ins",)),
    ):
        yield from ((item, key) for item in items)


def _counting() -> MovingWindowRateLimiter:
    """Return what all processes count with; while Redis is away, what this one does."""
    limiter = window_limiter()
    if limiter.storage.check():
        return limiter
    logger.warning("log-ins are counted by each process alone: Redis does not answer")
    return _alone()


@cache
def _alone() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())
