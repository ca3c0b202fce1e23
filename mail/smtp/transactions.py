"""The mail transactions of one session (RFC 5321, section 3.3), and their outcomes."""

from __future__ import annotations

from mail.outcomes import Deferred, Outcome, Uncertain
from mail.smtp.outgoing_queue import OutgoingMessage

MAX_OFFERS = 5


class Transactions:
    """The open transactions: at most one message is `offered` (its commands are sent), then `ready`
    (the server waits for its text), and another one is `awaiting` the reply to its text; `settled`
    are the outcomes of the others, `unsent` is one that had only been offered when the session
    ended, and can be offered in another."""

    def __init__(self) -> None:
        self.offered: OutgoingMessage | None = None
        self.ready: OutgoingMessage | None = None
        self.awaiting: OutgoingMessage | None = None
        self.unsent: OutgoingMessage | None = None
        self.settled: list[tuple[int, Outcome]] = []
        self._done = False

    @property
    def busy(self) -> bool:
        """Whether a transaction is open."""
        return bool(self.offered or self.ready or self.awaiting)

    def settle(self, outgoing: OutgoingMessage, outcome: Outcome) -> None:
        """Record the outcome of `outgoing`."""
        self._done = True
        self.settled.append((outgoing.key, outcome))

    def take_settled(self) -> list[tuple[int, Outcome]]:
        """Return the outcomes since the last call."""
        settled, self.settled = self.settled, []
        return settled

    def abort(self, why: str, *, text_incomplete: bool) -> None:
        """End all transactions with the session; `text_incomplete` says that the end of the text
        was not sent by then."""
        awaiting, self.awaiting = self.awaiting, None
        offered, self.offered, self.ready = self.offered or self.ready, None, None
        if awaiting:
            self.settle(awaiting, (Deferred if text_incomplete else Uncertain)(why))
        if offered and self._done and offered.unsent < MAX_OFFERS:
            offered.unsent, offered.verdict = offered.unsent + 1, None
            self.unsent = offered
        elif offered:
            self.settle(offered, offered.verdict or Deferred(why))
