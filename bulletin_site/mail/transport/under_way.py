"""The letters that are under way in one session, and what became of those that were."""

from __future__ import annotations

from bulletin_site.mail.transport.letters import Letter
from bulletin_site.mail.transport.outcomes import Outcome, Unavailable, Uncertain

MOST_SPARED = 5


class UnderWay:
    """At most one letter is `offered` (its commands are said), then `ready` (the server waits for
    its text), and another one `handed` over; `settled` is what became of the others, `spared` one
    that had only been offered when the session ended, and can be offered in another."""

    def __init__(self) -> None:
        self.offered: Letter | None = None
        self.ready: Letter | None = None
        self.handed: Letter | None = None
        self.spared: Letter | None = None
        self.settled: list[tuple[int, Outcome]] = []
        self._done = False

    @property
    def busy(self) -> bool:
        """Whether there is one."""
        return bool(self.offered or self.ready or self.handed)

    def settle(self, letter: Letter, outcome: Outcome) -> None:
        """It is over for `letter`."""
        self._done = True
        self.settled.append((letter.key, outcome))

    def take_settled(self) -> list[tuple[int, Outcome]]:
        """The outcomes since this was asked last."""
        settled, self.settled = self.settled, []
        return settled

    def lose(self, why: str, *, in_midst: bool) -> None:
        """The session ended; `in_midst` says that the end of the text was not sent by then."""
        handed, self.handed = self.handed, None
        offered, self.offered, self.ready = self.offered or self.ready, None, None
        if handed:
            self.settle(handed, (Unavailable if in_midst else Uncertain)(why))
        if offered and self._done and offered.spared < MOST_SPARED:
            offered.spared, offered.verdict = offered.spared + 1, None
            self.spared = offered
        elif offered:
            self.settle(offered, offered.verdict or Unavailable(why))
