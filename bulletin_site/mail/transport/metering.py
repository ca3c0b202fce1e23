"""How many letters a mail server gets: no more than its pace allows, and none once it is silent."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bulletin_site.mail import buckets
from bulletin_site.mail.paces import Pace
from bulletin_site.mail.transport.letters import Hurry, Letter, Note, Source
from bulletin_site.mail.transport.outcomes import Outcome, Unavailable, Uncertain

SILENT = 10  # letters not taken in a row: the server, not one recipient or one domain
WAITED = 1.0  # seconds that are waited for a turn; who has to wait longer comes again
AT_ONCE = 50  # tokens taken in one round trip

_PUT_OFF = (Unavailable, Uncertain)


class Metered:
    """What one server gets of `source`. `wait` is how many seconds it is to be left alone after
    that, `taken` whether it took a letter, `answer` why it put off the last that it did."""

    def __init__(self, source: Source, *, name: str, pace: Pace | None, hurry: Hurry) -> None:
        self._source = source
        self._name = name
        self._pace = pace
        self._hurry = hurry
        self._tokens = 0
        self._put_off = 0
        self.wait = 0.0
        self.taken = False
        self.answer = ""

    @property
    def silent(self) -> bool:
        """Whether the server put off one letter after another, or ended without a word."""
        return self._put_off >= SILENT

    @property
    def spent(self) -> bool:
        """Whether nothing more is to be drawn."""
        return self._source.spent or self.silent or self.wait > 0

    def next(self) -> Letter | None:
        """The next letter when it is its turn; waits for WAITED seconds at most."""
        if self.silent or (self._pace and not self._may_go(self._pace)):
            return None
        letter = self._source.next()
        if letter is not None:
            self._tokens -= 1
        return letter

    def put_back(self, letter: Letter) -> None:
        """To be drawn next."""
        self._tokens += 1
        self._source.put_back(letter)

    def heard(self, note: Note) -> Note:
        """`note`, and an ear for what it is told."""

        def listening(settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
            for _, outcome in settled:
                if isinstance(outcome, _PUT_OFF):
                    self._put_off, self.answer = self._put_off + 1, outcome.said
                else:
                    self._put_off, self.taken = 0, True
            note(settled, begun)

        return listening

    def _may_go(self, pace: Pace) -> bool:
        """Whether there is a token for a letter, or none left that would need one."""
        while self._tokens < 1 and not self._source.spent:
            share = buckets.take(f"server {self._name}", pace, wanted=AT_ONCE)
            self._tokens += share.granted
            if share.granted:
                break
            if share.wait > WAITED or self._hurry():
                self.wait = share.wait
                return False
            time.sleep(share.wait)
        return True
