"""The rate limits of a bulletin and of its readers' mail providers, and their circuit breakers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from digests.rendering import Recipient
from digests.sending import ledger
from digests.sending.backoff import MAX_ATTEMPTS
from mail.bounces import BounceKind, classify
from mail.delivery import Accepted, Deferred, Outcome, Rejected, ServerUnreachable
from mail.rate_limits import circuit_breakers, token_buckets
from mail.rate_limits.providers import Provider, provider_of
from mail.rate_limits.rates import Rate
from publications.models import Bulletin

DEFERRALS_TO_OPEN = 3  # messages in a row: the provider, not one mailbox
MAX_OPEN_SECONDS = 1800.0
SLICE_SECONDS = 15.0  # deferred deliveries whose tokens come within that are due together


class RateLimiter:
    """The rate limiter of a claim: who of it may be mailed now. `wait` is how many seconds nothing
    of the bulletin is to be claimed, where its rate had no token for everybody."""

    def __init__(self, bulletin: Bulletin) -> None:
        self._bulletin = bulletin
        self._providers: dict[int, str] = {}
        self._granted: set[int] = set()
        self._deferrals: Counter[str] = Counter()
        self._open_circuits: dict[str, circuit_breakers.OpenCircuit] = {}
        self._half_open: set[str] = set()
        self.wait: float | None = None

    def take(self, ready: Sequence[Recipient], *, at: datetime) -> list[Recipient]:
        """Return those of `ready` for whom there are tokens.

        Of the others, those of a provider whose circuit breaker is open are deferred until it may
        be tried again, and those who are too many for its rate until there are tokens; neither is
        counted as an attempt. The deliveries of a provider that took nothing for about four hours
        expire. One round trip to Redis, and one more for the bulletin and for each provider that
        has a rate.
        """
        by_provider = _by_provider(ready)
        self._read_circuits([provider.name for provider in by_provider])
        granted: set[int] = set()
        for provider, found in by_provider.items():
            self._providers |= {each.delivery: provider.name for each in found}
            if circuit := self._open_circuits.get(provider.name):
                _defer([each.delivery for each in found], circuit, at=at)
            else:
                granted.update(self._of_provider(provider, found, at=at))
        return self._of_bulletin([each for each in ready if each.delivery in granted])

    def is_open(self, recipient: Recipient) -> bool:
        """Return whether the recipient's provider began to defer mail since `take`."""
        return (
            bool(self._open_circuits) and self._providers[recipient.delivery] in self._open_circuits
        )

    def record(self, settled: Sequence[tuple[int, Outcome]]) -> None:
        """Open the circuit breaker, for all workers, of a provider that defers several messages
        in a row or rejects them because of us; reset that of one that accepts mail again."""
        for key, outcome in settled:
            name = self._providers[key]
            if isinstance(outcome, Accepted):
                self._deferrals.pop(name, None)
                if name in self._half_open:
                    self._half_open.discard(name)
                    circuit_breakers.reset([name])
            elif _is_about_us(outcome):
                self._deferrals[name] += 1
                if self._deferrals[name] == DEFERRALS_TO_OPEN:
                    self._open_circuits[name] = circuit_breakers.open_circuit(
                        name, reason=outcome.smtp_response, max_seconds=MAX_OPEN_SECONDS
                    )

    def _read_circuits(self, names: Sequence[str]) -> None:
        for name, circuit in circuit_breakers.open_circuits(names).items():
            if circuit.left > 0:
                self._open_circuits[name] = circuit
            else:
                self._half_open.add(name)

    def _of_provider(
        self, provider: Provider, found: Sequence[Recipient], *, at: datetime
    ) -> list[int]:
        keys = [each.delivery for each in found]
        new = [key for key in keys if key not in self._granted]
        if provider.rate is None or not new:
            return keys
        share = token_buckets.take(provider.name, provider.rate, wanted=len(new), queues=True)
        for seconds, part in _slices(new[share.granted :], rate=provider.rate):
            ledger.defer(part, until=at + timedelta(seconds=share.wait + seconds))
        self._granted.update(new[: share.granted])
        return [key for key in keys if key in self._granted]

    def _of_bulletin(self, found: list[Recipient]) -> list[Recipient]:
        number = self._bulletin.rate_limit
        if not number or not found:
            return found
        rate = Rate(number, 60, max(2, number // 2))
        share = token_buckets.take(f"bulletin {self._bulletin.pk}", rate, wanted=len(found))
        if share.granted < len(found):
            self.wait = share.wait
        return found[: share.granted]


def _by_provider(ready: Sequence[Recipient]) -> dict[Provider, list[Recipient]]:
    found: dict[Provider, list[Recipient]] = defaultdict(list)
    known = settings.PROVIDERS
    for each in ready:
        found[provider_of(each.address, among=known)].append(each)
    return found


def _defer(keys: Sequence[int], circuit: circuit_breakers.OpenCircuit, *, at: datetime) -> None:
    """Defer the deliveries to a provider whose circuit breaker is open, or have them expire."""
    if circuit.times >= MAX_ATTEMPTS:
        ledger.expire(keys, smtp_response=circuit.reason, at=at)
    else:
        until = at + timedelta(seconds=circuit.left)
        ledger.defer(keys, until=until, smtp_response=circuit.reason)


def _slices(keys: Sequence[int], *, rate: Rate) -> Iterator[tuple[float, Sequence[int]]]:
    """Parts of `keys` whose tokens come within SLICE_SECONDS, each with the seconds until the
    first."""
    size = max(1, int(rate.per_second * SLICE_SECONDS))
    for start in range(0, len(keys), size):
        yield start / rate.per_second, keys[start : start + size]


def _is_about_us(outcome: Outcome) -> bool:
    """Return whether the next message to the same provider would meet the same."""
    if isinstance(outcome, Rejected):
        return classify("", outcome.smtp_response).kind is BounceKind.BLOCKED
    if isinstance(outcome, ServerUnreachable) or not outcome.code:
        return False  # the relay's: a connection that ended
    return isinstance(outcome, Deferred)
