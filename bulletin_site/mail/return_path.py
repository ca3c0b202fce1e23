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
from functools import cache
from typing import NamedTuple

from django.conf import settings

from bulletin_site.sealing import Seal

_BYTES = 10
_SEALED = re.compile(r"(?<![a-z0-9])([a-z])([0-9]{1,19})-([0-9a-f]{20})(?![a-z0-9])")


class Key(NamedTuple):
    """What was mailed: a small letter for its table, and its id."""

    letter: str
    number: int


def is_set() -> bool:
    """Whether the site has a RETURN_PATH."""
    return "@" in settings.RETURN_PATH


def address(key: Key) -> str:
    """The address for `key`; "" where the site has no RETURN_PATH. About 2 µs."""
    local, _, domain = settings.RETURN_PATH.partition("@")
    return f"{local}+{sealed(key)}@{domain}" if domain else ""


def sealed(key: Key) -> str:
    """`key` with its seal: at most 41 letters, digits and a hyphen, fit for an ENVID
    (RFC 3461, section 4.4)."""
    name = f"{key.letter}{key.number}"
    return f"{name}-{_seal(name)}"


def keys_in(text: str) -> list[Key]:
    """The keys in the first 10,000 characters of `text` whose seal is whole."""
    found = _SEALED.findall(text[:10_000].lower())
    return [
        Key(letter, int(number))
        for letter, number, seal in found
        if hmac.compare_digest(seal, _seal(f"{letter}{number}"))
    ]


def is_ours(recipient: str) -> bool:
    """Whether a mail for `recipient` is for here: RETURN_PATH itself, or with a sealed key."""
    local, _, domain = settings.RETURN_PATH.lower().partition("@")
    name, _, host = recipient.lower().strip("<> ").rpartition("@")
    if not domain or host != domain:
        return False
    return name == local or (name.startswith(f"{local}+") and bool(keys_in(name)))


def _seal(name: str) -> str:
    return _keyed(settings.SECRET_KEY).of(name.encode()).hex()


@cache
def _keyed(_secret_key: str) -> Seal:
    return Seal("return path", size=_BYTES)
