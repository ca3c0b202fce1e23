"""The address to which bounces come: it names what was mailed, and is sealed.

Each message has an envelope sender of its own (a variable envelope return path, VERP), such
as `bounces+d4711-06f1…@example.org`, so that a bounce tells by its recipient alone what it is
about, whatever is left of the rest. The seal (80 bits, made with SECRET_KEY) keeps strangers
from making bounces up. All in small letters and digits, because mail servers may fold case;
at most 64 characters before the @ (RFC 5321, section 4.5.3.1.1).
"""

from __future__ import annotations

import hmac
import re
from typing import NamedTuple

from django.conf import settings

from bulletin_site.sealing import Seal

_BYTES = 10
_SEALED = re.compile(r"(?<![a-z0-9])([a-z])([0-9]{1,19})-([0-9a-f]{20})(?![a-z0-9])")


class Key(NamedTuple):
    """What was mailed: a small letter for its table, and its id."""

    letter: str
    number: int


class ReturnPath:
    """RETURN_PATH as it is set, and the addresses below it; false where there is none."""

    def __init__(self) -> None:
        self._local, _, self._domain = settings.RETURN_PATH.partition("@")
        self._seal = Seal("return path", size=_BYTES)

    def __bool__(self) -> bool:
        return bool(self._domain)

    def address(self, key: Key) -> str:
        """The address for `key`; "" where the site has no RETURN_PATH. About 1 µs."""
        return f"{self._local}+{self.sealed(key)}@{self._domain}" if self._domain else ""

    def sealed(self, key: Key) -> str:
        """`key` with its seal: at most 41 letters, digits and a hyphen, fit for an ENVID
        (RFC 3461, section 4.4)."""
        letter, number = key
        name = f"{letter}{number}"
        return f"{name}-{self._seal.of(name.encode()).hex()}"

    def keys_in(self, text: str) -> list[Key]:
        """The keys in the first 10,000 characters of `text` whose seal is whole."""
        found = _SEALED.findall(text[:10_000].lower())
        keys = [(Key(letter, int(n)), f"{letter}{n}-{seal}") for letter, n, seal in found]
        return [key for key, said in keys if hmac.compare_digest(self.sealed(key), said)]

    def is_ours(self, recipient: str) -> bool:
        """Whether a mail for `recipient` is for here: RETURN_PATH itself, or with a sealed key."""
        local = self._local.lower()
        name, _, host = recipient.lower().strip("<> ").rpartition("@")
        if not self._domain or host != self._domain.lower():
            return False
        return name == local or (name.startswith(f"{local}+") and bool(self.keys_in(name)))
