"""The mail servers of the settings: each message goes through one of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from django.utils import timezone

from mail.outcomes import ServerUnreachable
from mail.rate_limits import circuit_breakers
from mail.servers import Server
from mail.smtp.connection_pool import ConnectionPool
from mail.smtp.outgoing_queue import (
    OnProgress,
    OutgoingMessages,
    OutgoingQueue,
    ShouldStop,
    never_stop,
)
from mail.smtp.rate_limited_queue import RateLimitedQueue

MAX_OPEN_SECONDS = 120.0  # of a server's circuit: to try whether it is back costs little


class ServerGroup:
    """A `mail.delivery.Transport` through several servers, with up to `sessions` sessions each.

    The messages of one call go through one of them, drawn by weight. A server that is unreachable,
    defers whatever it gets or has had what its rate allows is passed over, and the rest goes
    through another.
    """

    def __init__(
        self, servers: Sequence[Server], *, sessions: int, rate_limited: bool = True
    ) -> None:
        self._pools = {server: ConnectionPool(server, sessions=sessions) for server in servers}
        self._rate_limited = rate_limited

    def close(self) -> None:
        """Close all sessions."""
        for pool in self._pools.values():
            pool.close()

    def deliver(
        self,
        messages: OutgoingMessages,
        *,
        on_progress: OnProgress,
        should_stop: ShouldStop = never_stop,
    ) -> float | None:
        """Deliver as `Transport` says."""
        queue, waits = OutgoingQueue(messages), []
        unreachable: ServerUnreachable | None = None
        circuits = circuit_breakers.open_circuits(map(str, self._pools))
        for server in _shuffled(self._pools):
            circuit = circuits.get(str(server))
            if circuit and circuit.left > 0:
                waits.append(circuit.left)
                continue
            source = self._limited(server, queue, should_stop=should_stop)
            unreachable = self._pools[server].drain(
                source, on_progress=source.observed(on_progress), should_stop=should_stop
            )
            if source.accepted and circuit:
                circuit_breakers.reset([str(server)])
            if queue.spent or should_stop():
                return None
            if not source.wait:
                reason = unreachable.smtp_response if unreachable else source.smtp_response
                problem = unreachable.problem if unreachable else ""
                source.wait = circuit_breakers.open_circuit(
                    str(server), reason=reason, problem=problem, max_seconds=MAX_OPEN_SECONDS
                ).left
            waits.append(source.wait)
        if unreachable is not None:
            on_progress([(key, unreachable) for key in queue.put_back_keys], [])
        return min(waits)

    def _limited(
        self, server: Server, queue: OutgoingQueue, *, should_stop: ShouldStop
    ) -> RateLimitedQueue:
        rate = server.rate_on(timezone.localdate()) if self._rate_limited else None
        return RateLimitedQueue(queue, name=str(server), rate=rate, should_stop=should_stop)


def _shuffled(servers: Collection[Server]) -> list[Server]:
    """Return all `servers` in random order; each is the first as often as its weight says
    (Efraimidis and Spirakis, 2006)."""
    return sorted(servers, key=lambda server: random.random() ** (1 / server.weight), reverse=True)
