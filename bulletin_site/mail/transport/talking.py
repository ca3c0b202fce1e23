"""One session with a mail server: transactions one after another, pipelined where that is offered.

With PIPELINING (RFC 2920) the commands of a message go out in one write, together with the
text of the message before it: two round trips become one. At any moment at most one message
is handed over whole and not yet answered.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Sequence

from bulletin_site.mail.transport.connecting import Connection
from bulletin_site.mail.transport.envelopes import END, envelope, stuffed
from bulletin_site.mail.transport.letters import Letter
from bulletin_site.mail.transport.outcomes import (
    Accepted,
    Outcome,
    Refused,
    Unavailable,
    Uncertain,
    in_short,
)
from bulletin_site.mail.transport.replies import Nonsense, Replies, Reply
from bulletin_site.mail.transport.wire import Wire

MOST_SPARED = 5


class Talk:
    """A session. `offer` a letter; when it is `ready`, `hand_over`; look at `settled` after each
    `receive`. `letters` is how many are under way. Nothing here waits, and nothing raises: what
    goes wrong ends the session (`ended`) and is the outcome of the letters it concerned;
    `spared` is one that was offered only, and can be offered to another session."""

    def __init__(self, connection: Connection, *, timeout: float) -> None:
        self.wire = Wire(connection.socket, timeout=timeout)
        self.pipelining = "PIPELINING" in connection.extensions
        self.ready: Letter | None = None
        self.spared: Letter | None = None
        self.ended = False
        self.writing = False
        self._extensions = connection.extensions
        self._replies = Replies()
        self._expected: deque[Callable[[Reply], None]] = deque()
        self._offered: Letter | None = None
        self._handed: Letter | None = None
        self._tail = b""
        self._unclean = False
        self._done = 0
        self.letters = 0
        self.settled: list[tuple[int, Outcome]] = []

    def fileno(self) -> int:
        """For a selector."""
        return self.wire.fileno()

    def offer(self, letter: Letter) -> None:
        """Begin a transaction."""
        self._say([b"".join(self._opening(letter))])

    def hand_over(self, following: Letter | None) -> None:
        """Send the text of the letter that is `ready`; where that can be pipelined, offer the
        one `following` with it."""
        letter, self.ready = self.ready, None
        if letter is not None:
            self._handed = letter
            self._expected.append(self._answered)
            self._tail = b"".join((END, *(self._opening(following) if following else ())))
            self._say([*stuffed(letter.message.pieces), self._tail])

    def receive(self) -> None:
        """Take what the server said."""
        try:
            for data in self.wire.read():
                for reply in self._replies.feed(data):
                    self._heard(reply)
        except OSError as error:
            self.lose(in_short(error))

    def flush(self) -> None:
        """Send what could not be sent before."""
        self._say(())

    def lose(self, why: str) -> None:
        """End the session, and settle what was under way in it."""
        if self.ended:
            return
        self.ended = True
        handed, self._handed = self._handed, None
        offered, self._offered, self.ready = self._offered or self.ready, None, None
        if handed:
            self._settle(handed, (Unavailable if self._in_midst else Uncertain)(why))
        if offered and self._done and offered.spared < MOST_SPARED:
            offered.spared, offered.verdict = offered.spared + 1, None
            self.spared = offered
            self.letters -= 1
        elif offered:
            self._settle(offered, offered.verdict or Unavailable(why))

    def close(self) -> None:
        """Close the connection; with a goodbye, whose answer is not waited for."""
        if not self.ended:
            with contextlib.suppress(OSError):
                self.wire.write([b"QUIT\r\n"])
        self.wire.close()

    def take_settled(self) -> list[tuple[int, Outcome]]:
        """The outcomes since this was asked last."""
        settled, self.settled = self.settled, []
        return settled

    def _opening(self, letter: Letter) -> tuple[bytes, ...]:
        """What to send for a letter that is offered now."""
        self.letters += 1
        commands = envelope(letter.message, extensions=self._extensions)
        if isinstance(commands, Refused):
            self._settle(letter, commands)
            return ()
        self._offered, letter.commands = letter, commands
        reset = (b"RSET\r\n",) if self._unclean else ()
        self._expected.extend([self._reset] * len(reset))
        self._unclean = False
        if self.pipelining:
            self._expected.extend((self._mailed, self._known, self._opened))
            return (*reset, *commands)
        self._expected.append(self._mailed)
        return (*reset, commands[0])

    def _say(self, pieces: Sequence[bytes]) -> None:
        try:
            if not self.ended:
                self.wire.write(pieces)
        except OSError as error:
            self.lose(in_short(error))

    @property
    def _in_midst(self) -> bool:
        """Whether the end of the text has not been sent yet."""
        return self.wire.holds(self._tail)

    def _heard(self, reply: Reply) -> None:
        if self.ended:
            return
        if not self._expected:
            self.lose(in_short(reply.text))  # a farewell: 421
            return
        self._expected.popleft()(reply)
        if reply.code == 421:
            self.lose(in_short(reply.text))

    def _reset(self, reply: Reply) -> None:
        if reply.code != 250:
            raise Nonsense("the transaction cannot be reset")

    def _mailed(self, reply: Reply) -> None:
        letter = self._offered
        if letter and reply.code != 250:
            letter.verdict = reply.excuse
        if not self.pipelining:
            self._next_command(letter, 1, self._known)

    def _known(self, reply: Reply) -> None:
        letter = self._offered
        if letter and letter.verdict is None and reply.code not in {250, 251}:
            letter.verdict = reply.verdict
        if not self.pipelining:
            self._next_command(letter, 2, self._opened)

    def _next_command(self, letter: Letter | None, n: int, then: Callable[[Reply], None]) -> None:
        """Where nothing is pipelined: the next of the commands of a letter, or its end."""
        if letter is None:
            return
        if letter.verdict is not None:
            self._give_up(letter, letter.verdict)
        else:
            self._expected.append(then)
            self._say([letter.commands[n]])

    def _opened(self, reply: Reply) -> None:
        """The answer to DATA."""
        letter, self._offered = self._offered, None
        if letter is None:
            return
        if letter.verdict is None and reply.code == 354:
            self.ready = letter
        elif letter.verdict is not None and reply.code == 354:
            # It knows no recipient and wants the text all the same (RFC 2920, section 3.1).
            self._settle(letter, letter.verdict)
            self._expected.append(lambda _: None)
            self._say([END])
        else:
            self._give_up(letter, letter.verdict or reply.verdict)

    def _give_up(self, letter: Letter, verdict: Outcome) -> None:
        self._offered, self._unclean = None, True
        self._settle(letter, verdict)

    def _answered(self, reply: Reply) -> None:
        """The answer to the final dot."""
        letter, self._handed = self._handed, None
        if letter is None:
            return
        known = reply.code == 250 or 400 <= reply.code < 600
        if reply.code == 250:
            self._settle(letter, Accepted(in_short(reply.text), 250))
        elif known:
            self._settle(letter, reply.verdict)
        else:
            self._settle(letter, Uncertain(in_short(reply.text), reply.code))
        if self._in_midst or not known:
            raise Nonsense("an answer that RFC 5321 does not know here")

    def _settle(self, letter: Letter, outcome: Outcome) -> None:
        self._done += 1
        self.letters -= 1
        self.settled.append((letter.key, outcome))
