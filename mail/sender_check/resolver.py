"""DNS look-ups, each of which ends within a few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

import dns.exception
import dns.resolver
import dns.reversename

TIMEOUT_SECONDS = 2.0


class LookupFailed(Exception):
    """No name server answered in time, or none can. The message says why."""


class Resolver:
    """Asks the name server at `server`, an address with or without ":port", or without one
    those of this machine."""

    def __init__(self, server: str = "") -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not server)
        except dns.exception.DNSException as error:
            raise LookupFailed(str(error)) from error
        self._resolver.lifetime = TIMEOUT_SECONDS
        if server:
            host, _, port = server.partition(":")
            self._resolver.nameservers = [host]
            self._resolver.port = int(port or 53)

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of `name`, strings joined. Raises LookupFailed, as all do."""
        return ["".join(_strings(text)) for text in self._look_up(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a host, IPv4 first."""
        return [*self._look_up(name, "A"), *self._look_up(name, "AAAA")]

    def exchangers(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain."""
        return [text.split()[-1].rstrip(".") for text in self._look_up(name, "MX")]

    def names(self, address: str) -> list[str]:
        """Return the names of the host at an address."""
        reverse = dns.reversename.from_address(str(ip_address(address))).to_text()
        return [text.rstrip(".") for text in self._look_up(reverse, "PTR")]

    def _look_up(self, name: str, kind: str) -> Sequence[str]:
        try:
            return [record.to_text() for record in self._resolver.resolve(name, kind)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.EmptyLabel):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise LookupFailed(str(error)) from error


def _strings(text: str) -> list[str]:
    """Return the strings of a TXT record that is written as in a zone file."""
    return [part.replace('\\"', '"') for part in text[1:-1].split('" "')]
