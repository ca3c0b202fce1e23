"""Handing deliveries over to the mail server, and writing down what it said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from django.conf import settings

from digests.models import Digest
from digests.rendering import MessageRenderer, Recipient
from digests.sending import claims, due_recipients, ledger, restored_backup
from digests.sending.claims import Claim
from digests.sending.rate_limits import RateLimiter
from foundation import fault_injection
from mail.delivery import Message, Outcome, ShouldStop, Transport, never_stop, transport

Clock = Callable[[], datetime]

FRESH = 5.0  # seconds for which it is believed that a reader still is one
GROUP = 1.0  # seconds after which results are brought to the database
# Messages printed one after another, before they are handed over: a third cheaper than by turns
# with the conversation, between whose system calls the processor forgets how printing goes.
AT_ONCE = 100


def send(digest: Digest, *, clock: Clock, seconds: float, stop: ShouldStop = never_stop) -> int:
    """Hand over what is due, for about `seconds`; return how many deliveries were begun.

    Ends early when nothing is due, when no mail server or the bulletin's own pace lets more
    through, or when `stop()` is true. What was claimed and not begun is given back.
    """
    now = clock()
    restored_backup.notice(at=now)
    until = now + timedelta(seconds=seconds)
    printer, begun = MessageRenderer(digest), 0
    with closing(transport(sessions=settings.SEND_SESSIONS)) as way:
        while not stop() and clock() < until:
            claim = claims.claim(digest, at=clock(), most=settings.SEND_BATCH)
            if claim is None:
                break
            turns = RateLimiter(digest.issue.bulletin)
            hand = _ClaimSender(claim, printer, turns=turns, clock=clock, stop=stop, until=until)
            hand.empty(way)
            begun += hand.begun
            if hand.later:
                claims.leave_alone(digest, until=hand.later)
                break
    return begun


class _ClaimSender:
    """A claim that is being sent."""

    def __init__(
        self,
        claim: Claim,
        printer: MessageRenderer,
        *,
        turns: RateLimiter,
        clock: Clock,
        stop: ShouldStop,
        until: datetime,
    ) -> None:
        self._claim = claim
        self._printer = printer
        self._turns = turns
        self._clock = clock
        self._stop = stop
        self._until = until
        self._settled: list[tuple[int, Outcome]] = []
        self._flushed = time.monotonic()
        self._looked = self._through = False
        self.later: datetime | None = None
        self.begun = 0

    def empty(self, way: Transport) -> None:
        """Hand over what is due, look again who is still to be mailed every few seconds, and
        give the claim back."""
        try:
            while (letters := self._letters()) is not None:
                wait = way.deliver(letters, on_progress=self._note, should_stop=self._stop)
                self._flush()
                self._leave_alone(wait if wait is not None else self._turns.wait)
            claims.give_back(self._claim)
        except BaseException:
            self._claim.journal.abandon()  # the sweep finds in it what the database was not told
            raise
        self._claim.journal.close()
        fault_injection.crash_here(fault_injection.COMMITTED)

    def _letters(self) -> Iterator[tuple[int, Message]] | None:
        """What may be handed over in the next few seconds; None when that is nothing."""
        at = self._clock()
        if self._through or self._enough(at):
            return None
        if self._looked and not claims.renewed(self._claim, at=at):
            return None
        self._looked = True
        due = due_recipients.load_due_recipients(self._claim.name, at=at)
        self._skip([(each.delivery, each.skip_reason) for each in due if each.skip_reason], at=at)
        ready = self._turns.take([each for each in due if not each.skip_reason], at=at)
        if not ready:
            self._leave_alone(self._turns.wait)
        return self._printed(ready) if ready else None

    def _skip(self, hindered: Sequence[tuple[int, str]], *, at: datetime) -> None:
        if hindered:
            claims.write(self._claim, lambda: ledger.skip(hindered, at=at))

    def _printed(self, ready: Sequence[Recipient]) -> Iterator[tuple[int, Message]]:
        stale = time.monotonic() + FRESH
        for n in range(0, len(ready), AT_ONCE):
            at, some = self._clock(), ready[n : n + AT_ONCE]
            if self._enough(at):
                return
            messages = [self._printer.message_to(each, at=at) for each in some]
            for addressee, message in zip(some, messages, strict=True):
                if self._stop() or self.later:
                    return
                if not self._turns.passed(addressee):
                    yield addressee.delivery, message
                if time.monotonic() > stale:
                    return
        self._through = True  # who waits again is due later

    def _enough(self, at: datetime) -> bool:
        return self._stop() or self.later is not None or at >= self._until

    def _leave_alone(self, seconds: float | None) -> None:
        if seconds is not None:
            self.later = self._clock() + timedelta(seconds=seconds)

    def _note(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        if settled:
            fault_injection.crash_here(fault_injection.ANSWERED)
        self._claim.journal.note(settled, begun)
        if begun:
            fault_injection.crash_here(fault_injection.BEGUN)
        self.begun += len(begun)
        self._settled += settled
        self._turns.heard(settled)
        if time.monotonic() - self._flushed > GROUP:
            self._flush()

    def _flush(self) -> None:
        """Bring the database up to the journal."""
        settled, at = self._settled, self._clock()
        if settled:
            claims.write(self._claim, lambda: ledger.settle(settled, at=at))
        self._settled = []
        self._flushed = time.monotonic()
