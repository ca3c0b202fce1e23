"""How many messages a mail server gets: what its rate allows, and none once it is silent."""

from __future__ import annotations

import time
from collections.abc import Sequence

from mail.outcomes import Deferred, Outcome, Uncertain
from mail.rate_limits import token_buckets
from mail.rate_limits.rates import Rate
from mail.smtp.outgoing_queue import OnProgress, OutgoingMessage, ShouldStop, Source

SILENT = 10  # messages not taken in a row: the server, not one recipient or one domain
MAX_WAIT = 1.0  # seconds for a token; where it takes longer, somebody comes again
AT_ONCE = 50  # tokens taken in one round trip

_DEFERRED = (Deferred, Uncertain)


class RateLimitedQueue:
    """The part of `source` that one server gets. `wait` is how many seconds it is to get nothing
    after that, `taken` whether it accepted a message, `answer` why it deferred the last."""

    def __init__(
        self, source: Source, *, name: str, rate: Rate | None, should_stop: ShouldStop
    ) -> None:
        self._source = source
        self._name = name
        self._rate = rate
        self._should_stop = should_stop
        self._tokens = 0
        self._deferred = 0
        self.wait = 0.0
        self.taken = False
        self.answer = ""

    @property
    def silent(self) -> bool:
        """Whether the server deferred one message after another, or ended without a word."""
        return self._deferred >= SILENT

    @property
    def spent(self) -> bool:
        """Whether nothing more is to be drawn."""
        return self._source.spent or self.silent or self.wait > 0

    def next(self) -> OutgoingMessage | None:
        """Return the next message when there is a token; waits for MAX_WAIT seconds at most."""
        if self.silent or (self._rate and not self._may_go(self._rate)):
            return None
        outgoing = self._source.next()
        if outgoing is not None:
            self._tokens -= 1
        return outgoing

    def put_back(self, outgoing: OutgoingMessage) -> None:
        """Take a message back, to be drawn next."""
        self._tokens += 1
        self._source.put_back(outgoing)

    def observing(self, on_progress: OnProgress) -> OnProgress:
        """Return `on_progress` with an eye on the outcomes that pass by."""

        def observe(settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
            for _, outcome in settled:
                if isinstance(outcome, _DEFERRED):
                    self._deferred, self.answer = self._deferred + 1, outcome.said
                else:
                    self._deferred, self.taken = 0, True
            on_progress(settled, begun)

        return observe

    def _may_go(self, rate: Rate) -> bool:
        """Return whether there is a token for a message, or no message that needs one."""
        while self._tokens < 1 and not self._source.spent:
            grant = token_buckets.take(f"server {self._name}", rate, wanted=AT_ONCE)
            self._tokens += grant.granted
            if grant.granted:
                break
            if grant.wait > MAX_WAIT or self._should_stop():
                self.wait = grant.wait
                return False
            time.sleep(grant.wait)
        return True
