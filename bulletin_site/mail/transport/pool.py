"""Several sessions with one mail server, kept open and driven by one thread."""

from __future__ import annotations

import math
import select
import time

from bulletin_site.mail.servers import Server
from bulletin_site.mail.transport.connecting import connect, problem_of
from bulletin_site.mail.transport.letters import Hurry, Note, Source
from bulletin_site.mail.transport.outcomes import Away, in_short
from bulletin_site.mail.transport.talking import Talk

_LOOK = 0.5  # seconds between two looks for sessions whose time is over
_FURTHER = 2.0  # seconds that opening one more session may keep those that work
_REMEMBERED = 60.0  # seconds for which a server that allowed fewer is not asked for more
_HURRY = 5.0  # seconds that are left to what is under way when there is a hurry


class Pool:
    """Up to `sessions` sessions with `server`; each is opened when there is a letter for it.

    Where the server allows fewer, those that it allows are used, and for a minute no more are
    tried. A letter whose session ended
    before its text was begun, as when the server wants only so many messages in a session, is
    offered in another.
    """

    def __init__(self, server: Server, *, sessions: int) -> None:
        self._server = server
        self._most = self._allowed = sessions
        self._allowed_until = 0.0
        self._took = 0.0
        self._talks: list[Talk] = []
        self._poll = select.poll()
        self._by_fileno: dict[int, Talk] = {}
        self._next_look = 0.0
        self._end = math.inf

    def close(self) -> None:
        """End the sessions."""
        for talk in self._talks:
            talk.close()
        self._talks = []

    def drain(self, source: Source, *, note: Note, hurry: Hurry) -> Away | None:
        """Hand over what can be drawn from `source`, and tell `note` as `Transport` says. Ends
        with Away when there is a letter and the server cannot be spoken to; the letter is back in
        `source` then. Once there is a hurry, which is seen within half a second, nothing is drawn
        and no session opened, and what is under way has 5 seconds, whatever the server says."""
        self._end = math.inf
        for talk in self._talks:
            talk.receive()  # what was said while nothing was asked: a farewell
        room = self._allowed if time.monotonic() < self._allowed_until else self._most
        while True:
            self._note(source, note)
            if self._busy < room:
                self._bury(source)
                try:
                    if not self._hurried(hurry):
                        room = self._offer(source, room=room, hurry=hurry)
                except OSError as error:
                    code = getattr(error, "code", 0)
                    return Away(in_short(error), code, problem_of(error))
            if self._busy:
                self._listen()
                self._look(hurry)
            elif (self._end < math.inf or source.spent) and not any(
                talk.ended or talk.letters.settled for talk in self._talks
            ):
                return None

    @property
    def _busy(self) -> int:
        """How many sessions have a letter under way."""
        return sum([talk.letters.busy for talk in self._talks])

    def _offer(self, source: Source, *, room: int, hurry: Hurry) -> int:
        """Give letters to the sessions that are free, opening sessions while there is `room`.
        Raises OSError where there is no session and none can be opened."""
        for talk in self._talks:
            while not (talk.letters.busy or talk.ended) and (letter := source.next()):
                talk.offer(letter)
        while len(self._talks) < room and (letter := source.next()):
            try:
                self._open(hurry).offer(letter)
            except OSError:
                source.put_back(letter)
                if not self._talks:
                    raise
                self._allowed = room = len(self._talks)
                self._allowed_until = time.monotonic() + _REMEMBERED
        return room

    def _open(self, hurry: Hurry) -> Talk:
        """One more session. Where others work meanwhile it has a short time only, but twice what
        the last one took: some servers greet everybody late."""
        server, began = self._server, time.monotonic()
        short = max(_FURTHER, 2 * self._took) if self._talks else server.timeout
        connection = connect(server, seconds=min(short, server.timeout), hurry=hurry)
        self._took = time.monotonic() - began
        talk = Talk(connection, timeout=server.timeout, final=server.final)
        self._poll.register(talk, select.POLLIN)
        self._by_fileno[talk.fileno()] = talk
        self._talks.append(talk)
        return talk

    def _note(self, source: Source, note: Note) -> None:
        """Tell what is settled and what begins; then let it begin."""
        settled = [each for talk in self._talks for each in talk.letters.take_settled()]
        begun = [(talk, letter.key) for talk in self._talks if (letter := talk.letters.ready)]
        if settled or begun:
            note(settled, [key for _, key in begun])
        for talk, _ in begun:
            more = talk.pipelining and self._end == math.inf
            talk.hand_over(source.next() if more else None)

    def _listen(self) -> None:
        """Wait until sessions can go on, and let them; at most until the next look."""
        for talk in self._talks:
            if talk.writing != bool(talk.wire.unsent):
                talk.writing = not talk.writing
                self._poll.modify(talk, select.POLLIN | (select.POLLOUT if talk.writing else 0))
        for fileno, events in self._poll.poll(_LOOK * 1000):
            talk = self._by_fileno[fileno]
            if events & select.POLLOUT:
                talk.flush()
            if events & ~select.POLLOUT:
                talk.receive()

    def _look(self, hurry: Hurry) -> None:
        """Now and then: end the sessions whose time is over."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK
        self._hurried(hurry)
        for talk in self._talks:
            if talk.letters.busy and now > min(talk.deadline, self._end):
                talk.lose("timed out")

    def _hurried(self, hurry: Hurry) -> bool:
        """Whether there is a hurry; when it is seen first, it is settled when all ends."""
        if self._end == math.inf and hurry():
            self._end = time.monotonic() + _HURRY
        return self._end < math.inf

    def _bury(self, source: Source) -> None:
        """Close the sessions that ended; what they had only been offered goes to another."""
        for talk in [talk for talk in self._talks if talk.finished]:
            self._poll.unregister(talk)
            del self._by_fileno[talk.fileno()]
            talk.close()
            self._talks.remove(talk)
            if talk.letters.spared:
                source.put_back(talk.letters.spared)
