"""The return path: the address to which bounces come. It names what was mailed, and is signed.

Each message has an envelope sender of its own (a variable envelope return path, VERP), such
as `bounces+d4711-06f1…@example.org`, so that a bounce shows by its recipient alone what it is
about, whatever is left of the rest. Behind the hyphen stand the row's link key (32 bits, see
`foundation.link_keys`) and a MAC (80 bits, made with SECRET_KEY) that keeps strangers from
making bounces up. All in small letters and digits, because mail servers may fold case; at most
64 characters before the @ (RFC 5321, section 4.5.3.1.1), 19 of them from RETURN_PATH.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.conf import settings

from foundation.signing import Mac

_MAC_BYTES = 10
_SIGNED_KEY = re.compile(
    r"(?<![a-z0-9])([a-z])([0-9]{1,14})-([0-9a-f]{8})([0-9a-f]{20})(?![a-z0-9])"
)


class Key(NamedTuple):
    """The key of what was mailed: a small letter for its table, its id (14 digits at most) and its
    link key."""

    letter: str
    number: int
    link_key: int


class ReturnPath:
    """RETURN_PATH as it is set, and the addresses below it; false where there is none."""

    def __init__(self) -> None:
        self._local, _, self._domain = settings.RETURN_PATH.partition("@")
        self._mac = Mac("return path", size=_MAC_BYTES)

    def __bool__(self) -> bool:
        return bool(self._domain)

    def address(self, key: tuple[str, int, int]) -> str:
        """Return the address for a Key; "" where the site has no RETURN_PATH. About 1 µs, of which
        a Key instead of a plain tuple would take a quarter."""
        return f"{self._local}+{self.signed_key(key)}@{self._domain}" if self._domain else ""

    def signed_key(self, key: tuple[str, int, int]) -> str:
        """Return a Key with its MAC: at most 44 letters, digits and a hyphen, fit for an ENVID
        (RFC 3461, section 4.4)."""
        letter, number, link_key = key
        name, random = f"{letter}{number}-", link_key.to_bytes(4, "big")
        return name + (random + self._mac.sign(name.encode() + random)).hex()

    def keys_in(self, text: str) -> list[Key]:
        """Return the keys in the first 10,000 characters of `text` whose MAC is right."""
        found = _SIGNED_KEY.findall(text[:10_000].lower())
        return [
            Key(letter, int(number), int(link_key, 16))
            for letter, number, link_key, mac in found
            if self._mac.verify(
                f"{letter}{number}-".encode() + bytes.fromhex(link_key), bytes.fromhex(mac)
            )
        ]

    def is_ours(self, recipient: str) -> bool:
        """Return whether `recipient` is RETURN_PATH itself, or an address below it with a signed
        key."""
        local = self._local.lower()
        name, _, host = recipient.lower().strip("<> ").rpartition("@")
        if not self._domain or host != self._domain.lower():
            return False
        return name == local or (name.startswith(f"{local}+") and bool(self.keys_in(name)))
