"""Addresses of this site that end in a signed number, made by the thousand."""

from __future__ import annotations

import time
from hashlib import sha256

from django.conf import settings
from django.core.signing import b62_encode, b64_encode

from bulletin_site.links import absolute
from bulletin_site.sealing import Seal


class Stamp:
    """Makes the absolute addresses of one `route`, whose only argument is a signed number.

    The token is that of `django.core.signing.dumps(number, salt=salt)`, signed with
    SECRET_KEY and dated when the stamp was made. What all of them share is worked out once:
    1.5 µs an address, where `dumps` and `reverse` need 25.
    """

    def __init__(self, route: str, *, salt: str) -> None:
        self._before, _, self._after = absolute(route, "-").rpartition("-")
        self._seal = Seal(sha256(f"{salt}signer{settings.SECRET_KEY}".encode()).digest())
        self._dated = f":{b62_encode(int(time.time()))}".encode()

    def address(self, number: int) -> str:
        """The address with `number` in it."""
        value = b64_encode(b"%d" % number) + self._dated
        seal = b64_encode(self._seal.of(value))
        return f"{self._before}{value.decode()}:{seal.decode()}{self._after}"
