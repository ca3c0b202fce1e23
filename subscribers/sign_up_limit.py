"""The limit of sign-ups by one visitor, from one network, and on the whole site; and who stands
before the form."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.errors import StorageError
from limits.strategies import MovingWindowRateLimiter

from foundation.redis_client import window_limiter

log = logging.getLogger(__name__)

HOUSEHOLD = 64  # bits of an IPv6 address that one customer is given (RFC 6177)
NETWORKS = {4: 24, 6: 48}  # bits that the addresses of one network have in common


class Limit(StrEnum):
    """The sort of sign-ups of which there were too many."""

    VISITOR = "visitor"
    NETWORK = "network"
    SITE = "site"


class _Count(NamedTuple):
    """The number that there may be under `key`, and in which time."""

    limit: Limit
    allowed: RateLimitItem
    key: str


def limit_reached(visitor: str) -> Limit | None:
    """Count one sign-up of `visitor`. Returns what there is one too many of, or None.

    Counted in Redis, for all processes together. While Redis is away nobody is turned away; how
    often a mailbox is written to is counted in the database (`subscribers.confirmation_mail`).
    """
    limiter = window_limiter()
    try:
        if not limiter.hit(_alarm(), "all"):
            _tell_of_alarm(limiter)
        for count in _counts(visitor):
            if not limiter.hit(count.allowed, count.key):
                _tell_once(limiter, count)
                return count.limit
    except StorageError:
        log.warning("sign-ups are not counted: Redis does not answer")
    return None


def too_many() -> bool:
    """Return whether there were more sign-ups than SIGN_UPS_ALARM within an hour, refused ones,
    too. Raises `limits.errors.StorageError`."""
    return bool(window_limiter().get_window_stats(_alarm(), "all").remaining <= 0)


def _alarm() -> RateLimitItem:
    # One more than is allowed, so that the last one that is counted is one too many.
    return RateLimitItemPerHour(settings.SIGN_UPS_ALARM + 1, namespace="sign-ups-alarm")


def _tell_of_alarm(limiter: MovingWindowRateLimiter) -> None:
    """Log it once an hour."""
    if limiter.hit(RateLimitItemPerHour(1, namespace="sign-ups-alarm-told"), "all"):
        log.warning("more sign-ups than SIGN_UPS_ALARM=%s an hour", settings.SIGN_UPS_ALARM)


def _counts(visitor: str) -> Iterator[_Count]:
    hourly, daily = RateLimitItemPerHour, RateLimitItemPerDay
    of_visitor = hourly(settings.SIGN_UPS_PER_HOUR, namespace="sign-ups")
    of_network = hourly(settings.NETWORK_SIGN_UPS_PER_HOUR, namespace="sign-ups-network")
    yield _Count(Limit.VISITOR, of_visitor, visitor)
    yield _Count(Limit.NETWORK, of_network, network_of(visitor))
    yield _Count(Limit.SITE, _of_site(), "all")
    yield _Count(
        Limit.SITE, daily(settings.SITE_SIGN_UPS_PER_DAY, namespace="sign-ups-site"), "all"
    )


def _of_site() -> RateLimitItem:
    return RateLimitItemPerHour(settings.SITE_SIGN_UPS_PER_HOUR, namespace="sign-ups-site")


def _tell_once(limiter: MovingWindowRateLimiter, count: _Count) -> None:
    """Log that a limit is reached, once in the time that it counts."""
    once = type(count.allowed)(1, namespace=f"{count.allowed.namespace}-told")
    if not limiter.hit(once, count.key):
        return
    alone = count.limit is Limit.VISITOR and _nobody_else(limiter)
    log.warning(
        "sign-up limit reached limit=%s allowed=%s key=%s%s",
        count.limit.value,
        count.allowed,
        salted_hmac("sign-up limit", count.key).hexdigest()[:12],
        "; every sign-up of this hour came from this one visitor: if that is not so, PROXIES is "
        "wrong, and all visitors look alike"
        if alone
        else "",
    )


def _nobody_else(limiter: MovingWindowRateLimiter) -> bool:
    """Return whether all sign-ups of this hour are those of a visitor who has no more left."""
    of_site = _of_site()
    left = limiter.get_window_stats(of_site, "all").remaining
    return bool(of_site.amount - left <= settings.SIGN_UPS_PER_HOUR)


def visitor_of(request: HttpRequest) -> str:
    """The address that a request came from, as far as it tells one visitor from another.

    With PROXIES set, the address that the outermost of our proxies wrote down; what stands
    before it in the header is the visitor's own claim.
    """
    hops = [*request.headers.get("X-Forwarded-For", "").split(","), request.META["REMOTE_ADDR"]]
    claimed = hops[-1 - settings.PROXIES] if len(hops) > settings.PROXIES else hops[-1]
    try:
        address = ip_address(claimed.strip())
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:  # as a server that listens on both kinds may write it
            return str(address.ipv4_mapped)
        return str(ip_network((address, HOUSEHOLD), strict=False))
    return str(address)


def network_of(visitor: str) -> str:
    """The network of a visitor: often of one owner, who has all of its addresses."""
    try:
        network = ip_network(visitor)
    except ValueError:
        return visitor
    return str(network.supernet(new_prefix=NETWORKS[network.version]))
