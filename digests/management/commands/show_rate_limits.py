"""`manage.py show_rate_limits`: how fast mail may go, and which circuit breakers are open."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from redis import RedisError

from audit_log.recording import record_act
from foundation.localized_command import LocalizedCommand
from mail.rate_limits import circuit_breakers
from mail.rate_limits.circuit_breakers import OpenCircuit
from mail.rate_limits.rates import Rate


class Command(LocalizedCommand):
    help = gettext_noop("Show how fast mail may go, and which circuit breakers are open.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name of a circuit breaker to reset."""
        name = _("A mail server or provider whose circuit breaker is reset: it is tried at once.")
        parser.add_argument("--reset", metavar="NAME", help=name)

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the servers, the providers that have a rate limit, and the open circuits."""
        try:
            circuits = dict(_open_circuits())
        except RedisError:
            raise CommandError(_("Redis does not answer.")) from None
        if options["reset"]:
            if circuits.pop(options["reset"], None) is None:
                raise CommandError(_("No open circuit breaker has that name."))
            circuit_breakers.reset([options["reset"]])
            record_act(
                "circuit_breaker.reset",
                by=None,
                at=timezone.now(),
                service="manage.py show_rate_limits",
                subject=options["reset"],
            )
        for line in (*_servers(), *_providers(), *_circuits(circuits)):
            self.stdout.write(line)


def _open_circuits() -> Iterator[tuple[str, OpenCircuit]]:
    """Yield the open circuits of providers, and of the servers in EMAIL_URL: not of those that
    were there before. Raises `redis.RedisError`."""
    servers = set(map(str, settings.MAIL_SERVERS))
    for name, circuit in circuit_breakers.all_open().items():
        if name in servers or ":" not in name:  # a server is host:port, a provider a domain
            yield name, circuit


def _servers() -> Iterator[str]:
    yield _("Mail servers")
    for server in settings.MAIL_SERVERS:
        rate = server.rate_on(timezone.localdate())
        yield f"  {server}  {_('weight')} {server.weight}  {_rate(rate)}"


def _providers() -> Iterator[str]:
    rates: dict[str, Rate | None] = {each.name: each.rate for each in settings.PROVIDERS.values()}
    if rates:
        yield _("Mail providers of readers")
    for name, rate in rates.items():
        yield f"  {name}  {_rate(rate)}"


def _circuits(circuits: Mapping[str, OpenCircuit]) -> Iterator[str]:
    yield _("Open circuit breakers") if circuits else _("No circuit breaker is open.")
    for name, circuit in circuits.items():
        seconds = _("for %(seconds)d s") % {"seconds": circuit.left}
        yield f"  {name}  {seconds}  {circuit.reason}"


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return _("as fast as it takes them")
    params = {"messages": rate.messages, "seconds": rate.seconds}
    return _("%(messages)d mails in %(seconds)d s") % params
