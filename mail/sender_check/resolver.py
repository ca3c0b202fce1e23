"""Questions to the DNS, each with an answer or none within a few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

import dns.exception
import dns.resolver
import dns.reversename

SECONDS = 2.0


class NoAnswer(Exception):
    """No name server answered in time, or none can: nothing is known. The message says why."""


class Resolver:
    """Asks the name server at `server`, an address with or without ":port", or without one
    those of this machine."""

    def __init__(self, server: str = "") -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not server)
        except dns.exception.DNSException as error:
            raise NoAnswer(str(error)) from error
        self._resolver.lifetime = SECONDS
        if server:
            host, _, port = server.partition(":")
            self._resolver.nameservers = [host]
            self._resolver.port = int(port or 53)

    def texts(self, name: str) -> list[str]:
        """The TXT records of `name`, their strings joined. Raises NoAnswer, as all do here."""
        return ["".join(_strings(text)) for text in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """The addresses of a host, IPv4 first."""
        return [*self._ask(name, "A"), *self._ask(name, "AAAA")]

    def exchangers(self, name: str) -> list[str]:
        """The hosts that take mail for a domain."""
        return [text.split()[-1].rstrip(".") for text in self._ask(name, "MX")]

    def names(self, address: str) -> list[str]:
        """The names of the host at an address."""
        reverse = dns.reversename.from_address(str(ip_address(address))).to_text()
        return [text.rstrip(".") for text in self._ask(reverse, "PTR")]

    def _ask(self, name: str, kind: str) -> Sequence[str]:
        try:
            return [record.to_text() for record in self._resolver.resolve(name, kind)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.EmptyLabel):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NoAnswer(str(error)) from error


def _strings(text: str) -> list[str]:
    """The strings of a TXT record that is written as in a zone file."""
    return [part.replace('\\"', '"') for part in text[1:-1].split('" "')]
