"""Mail providers of readers, and the rate limit of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mail.rate_limits.rates import Rate


class Provider(NamedTuple):
    """A mail provider, named by the first of its domains, and its rate limit."""

    name: str
    rate: Rate | None = None


def providers(words: str) -> Mapping[str, Provider]:
    """Return by domain the providers of a text such as
    "qq.com+foxmail.com:300/hour,gmail.com:20/second". Raises ValueError."""
    found: dict[str, Provider] = {}
    for each in filter(None, words.split(",")):
        names, _, rate = each.partition(":")
        domains = [name.strip().lower() for name in names.split("+")]
        if not all(domains):
            raise ValueError(f"{each}: a rate without a domain")
        found |= dict.fromkeys(domains, Provider(domains[0], Rate.of(rate)))
    return found


def provider_of(address: str, *, among: Mapping[str, Provider]) -> Provider:
    """Return the provider of a mail address: one of those, by domain, or its domain alone."""
    domain = address.rpartition("@")[2].lower()
    return among.get(domain) or Provider(domain)
