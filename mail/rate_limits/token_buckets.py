"""Token buckets in Redis, which all workers share: without a token nothing is sent.

A bucket fills with the tokens of its rate until its burst is in it, and is full when nobody
took any for long. What it holds is not the truth, which is in the table: Redis emptied means one
burst too many, and Redis unreachable means that nobody gets a token for a while.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from redis import RedisError

from foundation.redis_client import redis_client
from mail.rate_limits.rates import Rate

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30.0  # while Redis does not answer

_TAKE = """
local rate, burst, wanted, queues = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local had = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'promised')
local since = now - (tonumber(had[2]) or now)
local tokens = math.min(burst, (tonumber(had[1]) or burst) + since * rate)
local granted = math.min(wanted, math.floor(tokens))
tokens = tokens - granted
local next = now + (1 - math.min(1, tokens)) / rate
local promised = math.max(tonumber(had[3]) or 0, next)
local wait = (queues == '1' and promised or next) - now
if queues == '1' then promised = promised + (wanted - granted) / rate end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now),
    'promised', tostring(promised))
redis.call('EXPIRE', KEYS[1], math.ceil(math.max(promised - now, burst / rate)) + 60)
return {granted, tostring(math.max(wait, 0))}
"""


class Grant(NamedTuple):
    """The number of tokens that were granted, and the seconds until there may be one for the
    next."""

    granted: int
    wait: float


def take(name: str, rate: Rate, *, wanted: int, queues: bool = False) -> Grant:
    """Take up to `wanted` tokens from the bucket `name`. One round trip, about 0.1 ms.

    Whoever `queues` for the tokens that were not there gets a wait that begins when all who queued
    before will have had theirs. That is a promise and no reservation: take again after it.
    """
    arguments = [rate.per_second, rate.burst, wanted, int(queues)]
    try:
        granted, wait = redis_client().eval(_TAKE, 1, f"bulletin:rate:{name}", *arguments)
    except RedisError:
        logger.warning("rate of %s: Redis does not answer, so nothing is sent", name)
        return Grant(0, RETRY_SECONDS)
    return Grant(int(granted), float(wait))
