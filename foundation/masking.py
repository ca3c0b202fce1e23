"""Addresses for those who are not to know them."""

from __future__ import annotations

import re

_SHOWN = "•••"
_PARTS = (
    r"\s<>@＠\"'(),;:|（），；：、“”《》【】"  # what no address has, and lists have between them
)
_ADDRESS = re.compile(f"[^{_PARTS}]+[@＠][^{_PARTS}/]+")


def masked(address: str) -> str:
    """Return an address of which the first letter and the domain can be read, which is enough to
    tell rows apart and providers from one another."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{_SHOWN}@{domain}" if at else f"{address[:1]}{_SHOWN}" if address else ""


def masked_in(text: str) -> str:
    """Return a text in which addresses may stand, such as what a mail server said."""
    return _ADDRESS.sub(lambda found: masked(found[0].replace("＠", "@")), text)


def without_addresses(text: str) -> str:
    """Return a text in which addresses may stand, with nothing left of them."""
    return _ADDRESS.sub(_SHOWN, text)
