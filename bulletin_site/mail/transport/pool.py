"""Several sessions with one mail server, kept open and driven by one thread."""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings

from bulletin_site.mail.transport.backends import Backend
from bulletin_site.mail.transport.connecting import Server, connect
from bulletin_site.mail.transport.outcomes import Away, Message, Outcome, in_short
from bulletin_site.mail.transport.talking import Letter, Talk

Letters = Iterator[tuple[int, Message]]
Note = Callable[[Sequence[tuple[int, Outcome]], Sequence[int]], None]

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_LOOK = 0.5  # seconds between two looks for sessions whose time is over
_HURRY = 5.0  # seconds that an answer is waited for when there is a hurry


class Transport(Protocol):
    """Hands over letters: pairs of a number, which is the caller's, and a message."""

    def __enter__(self) -> Self:
        """To be used as a context manager, which closes the sessions."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def hand_over(
        self, letters: Letters, *, note: Note, hurry: Callable[[], bool] = lambda: False
    ) -> None:
        """Hand over every letter, drawing the next one when a session is free for it.

        `note(settled, begun)` is called before the texts of the messages `begun` go out whole,
        and with the outcomes of those that are settled; each letter is settled once. While
        `hurry()` is true an answer is waited for at most 5 seconds. Raises nothing of its own.
        """


def transport(*, sessions: int) -> Transport:
    """The way to the mail server that Django's settings name."""
    if settings.EMAIL_BACKEND != _SMTP:
        return Backend()
    return Pool(Server.of_settings(), sessions=sessions)


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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for talk in self._talks:
            self._selector.unregister(talk)
            talk.close()
        self._talks = []
        self._selector.close()

    def hand_over(
        self, letters: Letters, *, note: Note, hurry: Callable[[], bool] = lambda: False
    ) -> None:
        """As `Transport` says."""
        for talk in self._talks:
            talk.receive()  # what was said while nothing was asked: a farewell
        source, room = _Source(letters), self._most
        self._bury(source)
        while True:
            room = self._offer(source, note, room=room)
            self._note(source, note)
            self._bury(source)
            if any(talk.busy for talk in self._talks):
                self._listen()
                self._look(hurry)
            elif source.dry and not any(talk.ended for talk in self._talks):
                return

    def _offer(self, source: _Source, note: Note, *, room: int) -> int:
        """Give letters to the sessions that are free, opening sessions while there is `room`."""
        for talk in self._talks:
            while not (talk.busy or talk.ended) and (letter := source.next()):
                talk.offer(letter)
        while len(self._talks) < room and (letter := source.next()):
            try:
                self._open().offer(letter)
            except OSError as error:
                if self._talks:
                    source.put_back(letter)
                    return len(self._talks)
                note([(letter.key, Away(in_short(error), getattr(error, "code", 0)))], [])
        return room

    def _open(self) -> Talk:
        talk = Talk(connect(self._server), timeout=self._server.timeout)
        self._selector.register(talk, selectors.EVENT_READ, talk)
        self._talks.append(talk)
        return talk

    def _note(self, source: _Source, note: Note) -> None:
        """Tell what is settled and what begins; then let it begin."""
        settled = [each for talk in self._talks for each in talk.take_settled()]
        begun = [(talk, talk.ready.key) for talk in self._talks if talk.ready]
        if settled or begun:
            note(settled, [key for _, key in begun])
        for talk, _ in begun:
            talk.hand_over(source.next() if talk.pipelining else None)

    def _listen(self) -> None:
        for talk in self._talks:
            if talk.wire.unsent != talk.writing:
                talk.writing = talk.wire.unsent
                write = selectors.EVENT_WRITE if talk.writing else 0
                self._selector.modify(talk, selectors.EVENT_READ | write, talk)
        for key, events in self._selector.select(_LOOK):
            if events & selectors.EVENT_WRITE:
                key.data.flush()
            if events & selectors.EVENT_READ:
                key.data.receive()

    def _look(self, hurry: Callable[[], bool]) -> None:
        """Now and then: end the sessions whose time is over."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK
        for talk in self._talks:
            if hurry():
                talk.wire.deadline = min(talk.wire.deadline, now + _HURRY)
            if talk.busy and now > talk.wire.deadline:
                talk.lose("timed out")

    def _bury(self, source: _Source) -> None:
        """Close the sessions that ended; what they had only been offered goes to another."""
        for talk in [talk for talk in self._talks if talk.finished]:
            self._selector.unregister(talk)
            talk.close()
            self._talks.remove(talk)
            if talk.spared:
                source.put_back(talk.spared)


class _Source:
    """Letters, drawn one at a time; some come back."""

    def __init__(self, letters: Letters) -> None:
        self._letters = (Letter(key, message) for key, message in letters)
        self._back: deque[Letter] = deque()
        self._drawn = False

    def next(self) -> Letter | None:
        """The next one, None at the end."""
        if self._back:
            return self._back.popleft()
        letter = next(self._letters, None)
        self._drawn = letter is None
        return letter

    def put_back(self, letter: Letter) -> None:
        """To be drawn next."""
        self._back.appendleft(letter)

    @property
    def dry(self) -> bool:
        """Whether everything was drawn."""
        return self._drawn and not self._back
