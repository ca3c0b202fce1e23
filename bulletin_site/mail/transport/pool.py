"""Several sessions with one mail server, kept open and driven by one thread."""

from __future__ import annotations

import selectors
import time

from bulletin_site.mail.servers import Server
from bulletin_site.mail.transport.connecting import connect
from bulletin_site.mail.transport.letters import Hurry, Note, Source
from bulletin_site.mail.transport.outcomes import Away, in_short
from bulletin_site.mail.transport.talking import Talk

_LOOK = 0.5  # seconds between two looks for sessions whose time is over
_HURRY = 5.0  # seconds that an answer is waited for when there is a hurry


class Pool:
    """Up to `sessions` sessions with `server`; each is opened when there is a letter for it.

    Where the server allows fewer, those that it allows are used. A letter whose session ended
    before its text was begun, as when the server wants only so many messages in a session, is
    offered in another.
    """

    def __init__(self, server: Server, *, sessions: int) -> None:
        self._server = server
        self._most = sessions
        self._talks: list[Talk] = []
        self._selector = selectors.DefaultSelector()
        self._next_look = 0.0

    def close(self) -> None:
        """End the sessions."""
        for talk in self._talks:
            self._selector.unregister(talk)
            talk.close()
        self._talks = []
        self._selector.close()

    def drain(self, source: Source, *, note: Note, hurry: Hurry) -> Away | None:
        """Hand over what can be drawn from `source`, and tell `note` as `Transport` says. Ends
        with Away when there is a letter and the server cannot be spoken to; the letter is back in
        `source` then."""
        for talk in self._talks:
            talk.receive()  # what was said while nothing was asked: a farewell
        room = self._most
        self._bury(source)
        while True:
            try:
                room = self._offer(source, room=room)
            except OSError as error:
                return Away(in_short(error), getattr(error, "code", 0))
            self._note(source, note)
            self._bury(source)
            if any(talk.letters for talk in self._talks):
                self._listen()
                self._look(hurry)
            elif source.spent and not any(talk.ended for talk in self._talks):
                return None

    def _offer(self, source: Source, *, room: int) -> int:
        """Give letters to the sessions that are free, opening sessions while there is `room`.
        Raises OSError where there is no session and none can be opened."""
        for talk in self._talks:
            while not (talk.letters or talk.ended) and (letter := source.next()):
                talk.offer(letter)
        while len(self._talks) < room and (letter := source.next()):
            try:
                self._open().offer(letter)
            except OSError:
                source.put_back(letter)
                if not self._talks:
                    raise
                return len(self._talks)
        return room

    def _open(self) -> Talk:
        talk = Talk(connect(self._server), timeout=self._server.timeout)
        self._selector.register(talk, selectors.EVENT_READ, talk)
        self._talks.append(talk)
        return talk

    def _note(self, source: Source, note: Note) -> None:
        """Tell what is settled and what begins; then let it begin."""
        talks = [talk for talk in self._talks if talk.settled]
        settled = [each for talk in talks for each in talk.take_settled()]
        begun = [(talk, talk.ready.key) for talk in self._talks if talk.ready]
        if settled or begun:
            note(settled, [key for _, key in begun])
        for talk, _ in begun:
            talk.hand_over(source.next() if talk.pipelining else None)

    def _listen(self) -> None:
        for talk in self._talks:
            if bool(talk.wire.unsent) is not talk.writing:
                talk.writing = not talk.writing
                write = selectors.EVENT_WRITE if talk.writing else 0
                self._selector.modify(talk, selectors.EVENT_READ | write, talk)
        for key, events in self._selector.select(_LOOK):
            if events & selectors.EVENT_WRITE:
                key.data.flush()
            if events & selectors.EVENT_READ:
                key.data.receive()

    def _look(self, hurry: Hurry) -> None:
        """Now and then: end the sessions whose time is over."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK
        for talk in self._talks:
            if hurry():
                talk.wire.deadline = min(talk.wire.deadline, now + _HURRY)
            if talk.letters and now > talk.wire.deadline:
                talk.lose("timed out")

    def _bury(self, source: Source) -> None:
        """Close the sessions that ended; what they had only been offered goes to another."""
        for talk in [talk for talk in self._talks if talk.ended and not talk.settled]:
            self._selector.unregister(talk)
            talk.close()
            self._talks.remove(talk)
            if talk.spared:
                source.put_back(talk.spared)
