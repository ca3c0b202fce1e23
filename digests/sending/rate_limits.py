"""Whose turn it is: the pace of a bulletin, and that of its readers' mail providers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from digests.rendering import Recipient
from digests.sending import ledger
from mail.bounces import BounceKind, classify
from mail.delivery import Accepted, Deferred, Outcome, Rejected, ServerUnreachable
from mail.rate_limits import circuit_breakers, token_buckets
from mail.rate_limits.providers import Provider, provider_of
from mail.rate_limits.rates import Rate
from publications.models import Bulletin

PUT_OFF = 3  # messages in a row: the provider, not one mailbox
LONGEST = 1800.0  # seconds that a provider is left alone
SLICE = 15.0  # seconds of turns that are looked at together


class RateLimiter:
    """Who of a claim may be mailed now. `wait` is how many seconds the bulletin is to be left
    alone, where its pace had no turn for everybody."""

    def __init__(self, bulletin: Bulletin) -> None:
        self._bulletin = bulletin
        self._providers: dict[int, str] = {}
        self._granted: set[int] = set()
        self._put_off: Counter[str] = Counter()
        self._open_circuits: dict[str, circuit_breakers.OpenCircuit] = {}
        self._reopening: set[str] = set()
        self.wait: float | None = None

    def take(self, ready: Sequence[Recipient], *, at: datetime) -> list[Recipient]:
        """Those of `ready` whose turn it is.

        Of the others, those of a provider that is left alone are put off until it may be asked
        again, and those who are too many for its pace until their turn comes; neither is counted
        as an attempt. A provider that took nothing for about four hours has its readers parked.
        One round trip to Redis, and one more for the bulletin and for each provider that has a
        pace.
        """
        waiting = _by_provider(ready)
        self._look([provider.name for provider in waiting])
        mailed: set[int] = set()
        for provider, found in waiting.items():
            self._providers |= {each.delivery: provider.name for each in found}
            if circuit := self._open_circuits.get(provider.name):
                _put_off([each.delivery for each in found], circuit, at=at)
            else:
                mailed.update(self._of_provider(provider, found, at=at))
        return self._of_bulletin([each for each in ready if each.delivery in mailed])

    def passed(self, addressee: Recipient) -> bool:
        """Whether its turn is over before it came: its provider began to put mail off."""
        return (
            bool(self._open_circuits) and self._providers[addressee.delivery] in self._open_circuits
        )

    def heard(self, settled: Sequence[tuple[int, Outcome]]) -> None:
        """Learn from what was said: a provider that puts off several messages in a row, or will
        have nothing of us, is left alone for a while, by all workers."""
        for key, outcome in settled:
            name = self._providers[key]
            if isinstance(outcome, Accepted):
                self._put_off.pop(name, None)
                if name in self._reopening:
                    self._reopening.discard(name)
                    circuit_breakers.reset([name])
            elif _is_about_us(outcome):
                self._put_off[name] += 1
                if self._put_off[name] == PUT_OFF:
                    circuit = circuit_breakers.open_circuit(
                        name, answer=outcome.said, longest=LONGEST
                    )
                    self._open_circuits[name] = circuit

    def _look(self, names: Sequence[str]) -> None:
        for name, circuit in circuit_breakers.open_circuits(names).items():
            if circuit.left > 0:
                self._open_circuits[name] = circuit
            else:
                self._reopening.add(name)

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
        number = self._bulletin.pace
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


def _put_off(keys: Sequence[int], circuit: circuit_breakers.OpenCircuit, *, at: datetime) -> None:
    """Have the readers of a provider wait that is left alone, or give them up."""
    if circuit.number >= ledger.MOST_ATTEMPTS:
        ledger.expire(keys, said=circuit.answer, at=at)
    else:
        until = at + timedelta(seconds=circuit.left)
        ledger.defer(keys, until=until, said=circuit.answer)


def _slices(keys: Sequence[int], *, rate: Rate) -> Iterator[tuple[float, Sequence[int]]]:
    """Parts of `keys` whose turns come within SLICE, each with the seconds until the first."""
    size = max(1, int(rate.per_second * SLICE))
    for start in range(0, len(keys), size):
        yield start / rate.per_second, keys[start : start + size]


def _is_about_us(outcome: Outcome) -> bool:
    """Whether the next message to the same provider would hear the same."""
    if isinstance(outcome, Rejected):
        return classify("", outcome.said).kind is BounceKind.BLOCKED
    if (
        isinstance(outcome, ServerUnreachable) or not outcome.code
    ):  # the relay's: a connection that ended
        return False
    return isinstance(outcome, Deferred)
