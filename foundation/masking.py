"""Addresses for those who are not to know them."""

from __future__ import annotations

_SHOWN = "•••"


def masked(address: str) -> str:
    """Return an address of which the first letter and the domain can be read, which is enough to
    tell rows apart and providers from one another."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{_SHOWN}@{domain}" if at else f"{address[:1]}{_SHOWN}" if address else ""
