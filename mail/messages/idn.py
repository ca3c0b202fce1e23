"""Addresses with an internationalised domain, as people read them.

Mail and the database have such a domain in its ASCII form (IDNA 2008), "xn--fsqu00a.xn--fiqs8s";
nobody knows their own address by that.
"""

from __future__ import annotations

import idna

_PREFIX = "xn--"  # of a label in its ASCII form (RFC 5890, section 2.3.2.1)


def readable(address: str) -> str:
    """Return `address`, or a domain alone, with each label of the domain in its own script; a
    label that cannot be decoded stays as it is."""
    local, at, domain = address.rpartition("@")
    if _PREFIX not in domain.lower():
        return address
    return f"{local}{at}{'.'.join(map(_label, domain.split('.')))}"


def _label(label: str) -> str:
    if not label.lower().startswith(_PREFIX):
        return label
    try:
        return idna.decode(label)
    except idna.IDNAError:
        return label
