"""SPF: whether a domain authorizes a machine to send for it (RFC 7208), by records alone.

Macros and the mechanisms `ptr` and `exists` match nothing here.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from mail.sender_check.resolver import Resolver

MAX_LOOKUPS = 10  # RFC 7208, section 4.6.4


class SpfPermError(Exception):
    """The record cannot be interpreted ("permerror"; RFC 7208, section 2.6.7)."""


def record(domain: str, *, dns: Resolver) -> str:
    """Return the SPF record, "" without one. Raises SpfPermError where there are several, and
    LookupFailed."""
    found = [text for text in dns.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) > 1:
        raise SpfPermError(domain)
    return found[0] if found else ""


def is_authorized(domain: str, address: str, *, dns: Resolver) -> bool:
    """Return whether `domain` authorizes the machine at `address` to send. Raises SpfPermError and
    LookupFailed."""
    return _Evaluation(address, dns).result(domain) == "+"


class _Evaluation:
    def __init__(self, address: str, dns: Resolver) -> None:
        self._address = ip_address(address)
        self._dns = dns
        self._lookups = 0

    def result(self, domain: str) -> str:
        """Return the qualifier of the first mechanism that matches; "?" where none does."""
        redirect = ""
        for term in record(domain, dns=self._dns).split()[1:]:
            name, _, value = term.partition("=")
            if name.lower() == "redirect":
                redirect = value
            qualifier = term[0] if term[0] in "+-~?" else "+"
            if self._matches(term.lstrip("+-~?"), domain):
                return qualifier
        return self._looked_up(redirect) if redirect else "?"

    def _matches(self, mechanism: str, domain: str) -> bool:
        name, _, value = mechanism.partition(":")
        name, _, length = name.lower().partition("/")
        match name:
            case "all":
                return True
            case "ip4" | "ip6":
                return self._address in ip_network(value, strict=False)
            case "include":
                return self._looked_up(value) == "+"
            case "a" | "mx":
                target, _, bits = value.partition("/")
                return self._is_host(name, target or domain, bits or length)
        return False

    def _is_host(self, kind: str, target: str, bits: str) -> bool:
        self._count()
        hosts = [target] if kind == "a" else self._dns.exchangers(target)
        found = (address for host in hosts for address in self._dns.addresses(host))
        nets = (ip_network(f"{one}/{bits}" if bits else one, strict=False) for one in found)
        return any(self._address in net for net in nets)

    def _looked_up(self, domain: str) -> str:
        self._count()
        return self.result(domain)

    def _count(self) -> None:
        self._lookups += 1
        if self._lookups > MAX_LOOKUPS:
            raise SpfPermError(f"more than {MAX_LOOKUPS} look-ups")
