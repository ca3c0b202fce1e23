"""Who stands before the sign-up form, and how often one visitor may use it."""

from __future__ import annotations

import logging
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

log = logging.getLogger(__name__)

HOUSEHOLD = 64  # bits of an IPv6 address that one customer is given (RFC 6177)


def may_sign_up(visitor: str) -> bool:
    """Count one sign-up of `visitor`; False when it is one too many in this hour.

    Counted in Redis, for all processes together. While Redis is away nobody is turned away.
    """
    hourly = RateLimitItemPerHour(settings.SIGN_UPS_PER_HOUR, namespace="sign-ups")
    try:
        return _limiter(settings.COUNTING_URL).hit(hourly, visitor)
    except StorageError:
        log.warning("sign-ups are not counted: Redis does not answer")
        return True


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
        return str(ip_network((address, HOUSEHOLD), strict=False))
    return str(address)


@cache
def _limiter(url: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(
        storage_from_string(url, wrap_exceptions=True, socket_timeout=1, socket_connect_timeout=1)
    )
