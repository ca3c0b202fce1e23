"""Several sessions with one mail server, kept open and driven by one thread."""

from __future__ import annotations

import math
import select
import time

from mail.outcomes import ServerUnreachable, sanitized
from mail.servers import Server
from mail.smtp.handshake import connect, problem_of
from mail.smtp.outgoing_queue import OnProgress, ShouldStop, Source
from mail.smtp.session import SmtpSession

_CHECK_SECONDS = 0.5  # between two checks for sessions whose deadline is past
_FURTHER_SECONDS = 2.0  # for which opening one more session may keep the open ones waiting
_SESSION_LIMIT_SECONDS = 60.0  # for which no more sessions are tried than the server allowed
_STOP_SECONDS = 5.0  # that open transactions have once the pool is to stop


class ConnectionPool:
    """A pool of up to `sessions` sessions with `server`; each is opened when there is a message for
    it.

    Where the server allows fewer, those that it allows are used, and for a minute no more are
    tried. A message whose session ended before its text was begun, as when the server limits the
    messages in a session, is offered in another.
    """

    def __init__(self, server: Server, *, sessions: int) -> None:
        self._server = server
        self._max_sessions = self._allowed_sessions = sessions
        self._allowed_until = 0.0
        self._open_seconds = 0.0
        self._sessions: list[SmtpSession] = []
        self._poll = select.poll()
        self._by_fileno: dict[int, SmtpSession] = {}
        self._next_check = 0.0
        self._stop_at = math.inf

    def close(self) -> None:
        """Close all sessions."""
        for session in self._sessions:
            session.close()
        self._sessions = []

    def drain(
        self, source: Source, *, on_progress: OnProgress, should_stop: ShouldStop
    ) -> ServerUnreachable | None:
        """Deliver what can be drawn from `source`, and call `on_progress` as `Transport` says.

        Returns ServerUnreachable when there is a message and no session can be opened; the message
        is back in `source` then. Once `should_stop()` is true, which is noticed within half a
        second, nothing is drawn and no session opened, and open transactions have 5 seconds,
        whatever the server does.
        """
        self._stop_at = math.inf
        for session in self._sessions:
            session.receive()  # a 421 that came meanwhile: the server closes the session
        limited = time.monotonic() < self._allowed_until
        room = self._allowed_sessions if limited else self._max_sessions
        while True:
            self._report(source, on_progress)
            if self._busy < room:
                self._close_finished(source)
                try:
                    if not self._stopping(should_stop):
                        room = self._offer(source, room=room, should_stop=should_stop)
                except OSError as error:
                    code = getattr(error, "code", 0)
                    return ServerUnreachable(sanitized(error), code, problem_of(error))
            if self._busy:
                self._poll_sessions()
                self._check_deadlines(should_stop)
            elif (self._stop_at < math.inf or source.spent) and not any(
                session.ended or session.transactions.settled for session in self._sessions
            ):
                return None

    @property
    def _busy(self) -> int:
        """The number of sessions that have a transaction."""
        return sum([session.transactions.busy for session in self._sessions])

    def _offer(self, source: Source, *, room: int, should_stop: ShouldStop) -> int:
        """Offer messages to the sessions that are free, opening sessions while there is `room`.
        Raises OSError where there is no session and none can be opened."""
        for session in self._sessions:
            while not (session.transactions.busy or session.ended) and (outgoing := source.next()):
                session.offer(outgoing)
        while len(self._sessions) < room and (outgoing := source.next()):
            try:
                self._open(should_stop).offer(outgoing)
            except OSError:
                source.put_back(outgoing)
                if not self._sessions:
                    raise
                self._allowed_sessions = room = len(self._sessions)
                self._allowed_until = time.monotonic() + _SESSION_LIMIT_SECONDS
        return room

    def _open(self, should_stop: ShouldStop) -> SmtpSession:
        """Open one more session. While others are busy it has a short time only, but twice what
        the last one took: some servers greet everybody late."""
        server, began = self._server, time.monotonic()
        short = max(_FURTHER_SECONDS, 2 * self._open_seconds) if self._sessions else server.timeout
        connection = connect(server, seconds=min(short, server.timeout), should_stop=should_stop)
        self._open_seconds = time.monotonic() - began
        session = SmtpSession(connection, timeout=server.timeout, final=server.final)
        self._poll.register(session, select.POLLIN)
        self._by_fileno[session.fileno()] = session
        self._sessions.append(session)
        return session

    def _report(self, source: Source, on_progress: OnProgress) -> None:
        """Report what is settled and what begins; then send what begins."""
        settled = [
            each for session in self._sessions for each in session.transactions.take_settled()
        ]
        begun = [
            (session, outgoing.key)
            for session in self._sessions
            if (outgoing := session.transactions.ready)
        ]
        if settled or begun:
            on_progress(settled, [key for _, key in begun])
        for session, _ in begun:
            more = session.pipelining and self._stop_at == math.inf
            session.send_text(source.next() if more else None)

    def _poll_sessions(self) -> None:
        """Read and write the sessions that are ready; wait for them until the next check."""
        for session in self._sessions:
            if session.writing != bool(session.wire.unsent):
                session.writing = not session.writing
                self._poll.modify(
                    session, select.POLLIN | (select.POLLOUT if session.writing else 0)
                )
        for fileno, events in self._poll.poll(_CHECK_SECONDS * 1000):
            session = self._by_fileno[fileno]
            if events & select.POLLOUT:
                session.flush()
            if events & ~select.POLLOUT:
                session.receive()

    def _check_deadlines(self, should_stop: ShouldStop) -> None:
        """Abort the sessions whose deadline is past, every _CHECK_SECONDS."""
        now = time.monotonic()
        if now < self._next_check:
            return
        self._next_check = now + _CHECK_SECONDS
        self._stopping(should_stop)
        for session in self._sessions:
            if session.transactions.busy and now > min(session.deadline, self._stop_at):
                session.abort("timed out")

    def _stopping(self, should_stop: ShouldStop) -> bool:
        """Return whether to stop; the first time, set when open transactions are aborted."""
        if self._stop_at == math.inf and should_stop():
            self._stop_at = time.monotonic() + _STOP_SECONDS
        return self._stop_at < math.inf

    def _close_finished(self, source: Source) -> None:
        """Close the sessions that ended; messages that were only offered there are put back."""
        for session in [session for session in self._sessions if session.finished]:
            self._poll.unregister(session)
            del self._by_fileno[session.fileno()]
            session.close()
            self._sessions.remove(session)
            if session.transactions.unsent:
                source.put_back(session.transactions.unsent)
