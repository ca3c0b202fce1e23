"""The messages that one mail server gets: as many as its rate allows, none once it is failing."""

from __future__ import annotations

import time
from collections.abc import Sequence

from mail.outcomes import Deferred, Outcome, Uncertain
from mail.rate_limits import token_buckets
from mail.rate_limits.rates import Rate
from mail.smtp.outgoing_queue import OnProgress, OutgoingMessage, ShouldStop, Source

MAX_DEFERRED_IN_A_ROW = 10  # after which it is the server, not one recipient or one domain
MAX_WAIT_SECONDS = 1.0  # for a token; where it takes longer, the caller retries later
TOKENS_PER_REQUEST = 50

_DEFERRED = (Deferred, Uncertain)


class RateLimitedQueue:
    """The part of `source` that one server gets. `wait` is for how many seconds it gets nothing
    after that, `accepted` whether it accepted a message, `smtp_response` why it deferred the
    last."""

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
        self.accepted = False
        self.smtp_response = ""

    @property
    def failing(self) -> bool:
        """Whether the server deferred one message after another, or left them uncertain."""
        return self._deferred >= MAX_DEFERRED_IN_A_ROW

    @property
    def spent(self) -> bool:
        """Whether nothing more is to be drawn."""
        return self._source.spent or self.failing or self.wait > 0

    def next(self) -> OutgoingMessage | None:
        """Return the next message when there is a token; waits for MAX_WAIT_SECONDS at most."""
        if self.failing or (self._rate and not self._has_token(self._rate)):
            return None
        outgoing = self._source.next()
        if outgoing is not None:
            self._tokens -= 1
        return outgoing

    def put_back(self, outgoing: OutgoingMessage) -> None:
        """Put a message back, to be drawn next."""
        self._tokens += 1
        self._source.put_back(outgoing)

    def observed(self, on_progress: OnProgress) -> OnProgress:
        """Return `on_progress`, counting the outcomes that it reports."""

        def observe(settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
            for _, outcome in settled:
                if isinstance(outcome, _DEFERRED):
                    self._deferred, self.smtp_response = self._deferred + 1, outcome.smtp_response
                else:
                    self._deferred, self.accepted = 0, True
            on_progress(settled, begun)

        return observe

    def _has_token(self, rate: Rate) -> bool:
        """Return whether there is a token for the next message, or no next message."""
        while self._tokens < 1 and not self._source.spent:
            grant = token_buckets.take(f"server {self._name}", rate, wanted=TOKENS_PER_REQUEST)
            self._tokens += grant.granted
            if grant.granted:
                break
            if grant.wait > MAX_WAIT_SECONDS or self._should_stop():
                self.wait = grant.wait
                return False
            time.sleep(grant.wait)
        return True
