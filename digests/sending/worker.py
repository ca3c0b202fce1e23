"""Sending the due deliveries of a digest, claim by claim."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from django.conf import settings

from digests.models import Digest
from digests.rendering import MessageRenderer, Recipient
from digests.sending import claims, due_recipients, ledger, restored_backup, withdrawn
from digests.sending.claims import Claim
from digests.sending.rate_limits import RateLimiter
from foundation import fault_injection
from mail import delivery
from mail.delivery import Message, Outcome, ShouldStop, Transport, never_stop

Clock = Callable[[], datetime]

FRESH_SECONDS = 5.0  # for which it is believed that a reader still is one
FLUSH_SECONDS = 1.0  # after which outcomes are brought to the database
# Messages that are rendered one after another, before they are sent: a third cheaper than to take
# turns with the SMTP transactions, between whose system calls the processor forgets how rendering
# goes.
RENDERED_AT_ONCE = 100


def send(digest: Digest, *, clock: Clock, seconds: float, stop: ShouldStop = never_stop) -> int:
    """Send what is due, for about `seconds`. Returns how many deliveries were begun.

    Ends early when nothing is due, when no mail server or the bulletin's own rate lets more
    through, or when `stop()` is true. What was claimed and not begun is given back.
    """
    now = clock()
    restored_backup.pause_if_restored(at=now)
    until = now + timedelta(seconds=seconds)
    renderer, begun = MessageRenderer(digest), 0
    withdrawn.skip_empty(digest, renderer, at=now)
    with closing(delivery.transport(sessions=settings.SEND_SESSIONS)) as transport:
        while not stop() and clock() < until:
            claim = claims.claim(digest, at=clock(), most=settings.SEND_BATCH)
            if claim is None:
                break
            rate_limiter = RateLimiter(digest.bulletin)
            sender = _ClaimSender(
                claim, renderer, rate_limiter=rate_limiter, clock=clock, stop=stop, until=until
            )
            sender.run(transport)
            begun += sender.begun
            if sender.postponed_until:
                claims.postpone(digest, until=sender.postponed_until)
                break
    return begun


class _ClaimSender:
    """A claim that is being sent."""

    def __init__(
        self,
        claim: Claim,
        renderer: MessageRenderer,
        *,
        rate_limiter: RateLimiter,
        clock: Clock,
        stop: ShouldStop,
        until: datetime,
    ) -> None:
        self._claim = claim
        self._renderer = renderer
        self._rate_limiter = rate_limiter
        self._clock = clock
        self._stop = stop
        self._until = until
        self._settled: list[tuple[int, Outcome]] = []
        self._flushed = time.monotonic()
        self._loaded = self._all_rendered = False
        self.postponed_until: datetime | None = None
        self.begun = 0

    def run(self, transport: Transport) -> None:
        """Send what is due, load every few seconds who is still to be mailed, and give the claim
        back."""
        try:
            while (messages := self._messages()) is not None:
                wait = transport.deliver(
                    messages, on_progress=self._on_progress, should_stop=self._stop
                )
                self._flush()
                self._postpone(wait if wait is not None else self._rate_limiter.wait)
            claims.give_back(self._claim)
        except BaseException:
            self._claim.journal.abandon()  # the sweep finds in it what the database lacks
            raise
        self._claim.journal.close()
        fault_injection.crash_here(fault_injection.COMMITTED)

    def _messages(self) -> Iterator[tuple[int, Message]] | None:
        """The outgoing messages of the next few seconds; None when there are none."""
        at = self._clock()
        if self._all_rendered or self._is_over(at):
            return None
        if self._loaded and not claims.renewed(self._claim, at=at):
            return None
        self._loaded = True
        due = due_recipients.load_due_recipients(self._claim.name, at=at)
        self._skip([(each.delivery, each.skip_reason) for each in due if each.skip_reason], at=at)
        ready = self._rate_limiter.take([each for each in due if not each.skip_reason], at=at)
        if not ready:
            self._postpone(self._rate_limiter.wait)
        return self._rendered(ready) if ready else None

    def _skip(self, reasons: Sequence[tuple[int, str]], *, at: datetime) -> None:
        if reasons:
            claims.write(self._claim, lambda: ledger.skip(reasons, at=at))

    def _rendered(self, ready: Sequence[Recipient]) -> Iterator[tuple[int, Message]]:
        stale = time.monotonic() + FRESH_SECONDS
        for n in range(0, len(ready), RENDERED_AT_ONCE):
            at, some = self._clock(), ready[n : n + RENDERED_AT_ONCE]
            if self._is_over(at):
                return
            messages = self._renderer.messages_to(some, at=at)
            for recipient, message in zip(some, messages, strict=True):
                if self._stop() or self.postponed_until:
                    return
                if not self._rate_limiter.is_open(recipient):
                    yield recipient.delivery, message
                if time.monotonic() > stale:
                    return
        self._all_rendered = True  # who waits again is due later

    def _is_over(self, at: datetime) -> bool:
        return self._stop() or self.postponed_until is not None or at >= self._until

    def _postpone(self, seconds: float | None) -> None:
        if seconds is not None:
            self.postponed_until = self._clock() + timedelta(seconds=seconds)

    def _on_progress(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        if settled:
            fault_injection.crash_here(fault_injection.ANSWERED)
        self._claim.journal.record(settled, begun)
        if begun:
            fault_injection.crash_here(fault_injection.BEGUN)
        self.begun += len(begun)
        self._settled += settled
        self._rate_limiter.record(settled)
        if time.monotonic() - self._flushed > FLUSH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        """Bring the database up to the journal."""
        settled, at = self._settled, self._clock()
        if settled:
            claims.write(self._claim, lambda: ledger.settle(settled, at=at))
        self._settled = []
        self._flushed = time.monotonic()
