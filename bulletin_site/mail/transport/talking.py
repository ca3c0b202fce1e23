"""One session with a mail server: transactions one after another, pipelined where that is offered.

With PIPELINING (RFC 2920) the commands of a message go out in one write, together with the
text of the message before it: two round trips become one. At any moment at most one message
is handed over whole and not yet answered.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import deque
from collections.abc import Callable

from bulletin_site.mail.transport.connecting import Connection
from bulletin_site.mail.transport.envelopes import END, envelope, stuffed
from bulletin_site.mail.transport.letters import Letter
from bulletin_site.mail.transport.outcomes import (
    Accepted,
    Outcome,
    Refused,
    Uncertain,
    in_short,
)
from bulletin_site.mail.transport.replies import Nonsense, Replies, Reply
from bulletin_site.mail.transport.under_way import UnderWay
from bulletin_site.mail.transport.wire import Wire

_USUAL = re.compile(  # to a text, MAIL, RCPT and DATA
    rb"250 ([^\r\n]*)\r\n250 [^\r\n]*\r\n25[01] [^\r\n]*\r\n354 [^\r\n]*\r\n"
)


class Talk:
    """A session. `offer` a letter; when it is `ready`, `hand_over`; look at what is settled after
    each `receive`. Nothing here waits, and nothing raises: what goes wrong ends the session
    (`ended`) and is the outcome of the letters it concerned."""

    def __init__(self, connection: Connection, *, timeout: float, final: float) -> None:
        self.wire = Wire(connection.socket)
        self.pipelining = "PIPELINING" in connection.extensions
        self.letters = UnderWay()
        self.ended = False
        self.writing = False
        self._heard_at = 0.0
        self._timeout, self._final = timeout, max(timeout, final)
        self._extensions = connection.extensions
        self._replies = Replies()
        self._expected: deque[Callable[[Reply], None]] = deque()
        self._commands: list[bytes] = []
        self._tail = END
        self._unclean = False
        self._nobody = False

    def fileno(self) -> int:
        """For poll."""
        return self.wire.fileno()

    @property
    def deadline(self) -> float:
        """Until when (of `time.monotonic`) the next answer has to be here, or more of a text gone:
        within `timeout` seconds, or `final` where it is the answer to a whole text."""
        final = self.letters.handed and not self._end_left
        return max(self.wire.moved, self._heard_at) + (self._final if final else self._timeout)

    @property
    def finished(self) -> bool:
        """Whether it ended, and everything that was settled in it was taken."""
        return self.ended and not self.letters.settled

    def offer(self, letter: Letter) -> None:
        """Begin a transaction."""
        self._say(self._opening(letter))

    def hand_over(self, following: Letter | None) -> None:
        """Send the text of the letter that is ready; where that can be pipelined, offer the
        one `following` with it."""
        letters = self.letters
        letter, letters.ready = letters.ready, None
        if letter is not None:
            letters.handed = letter
            self._expected.append(self._answered)
            self._tail = END + (self._opening(following) if following else b"")
            self._say(*stuffed(letter.message.pieces), self._tail)

    def receive(self) -> None:
        """Take what the server said."""
        try:
            data = self.wire.read()
            if not self._as_usual(data):
                for reply in self._replies.feed(data):
                    self._heard(reply)
        except OSError as error:
            self.lose(in_short(error))

    def flush(self) -> None:
        """Send what could not be sent before."""
        self._say()

    def lose(self, why: str) -> None:
        """End the session, and settle what was under way in it."""
        if not self.ended:
            self.ended = True
            self.letters.lose(why, in_midst=self._end_left == len(END))

    def close(self) -> None:
        """Close the connection; with a goodbye, whose answer is not waited for."""
        if not self.ended:
            with contextlib.suppress(OSError):
                self.wire.write((b"QUIT\r\n",))
        self.wire.close()

    def _opening(self, letter: Letter) -> bytes:
        """What to send for a letter that is offered now."""
        commands = envelope(letter.message, extensions=self._extensions)
        if isinstance(commands, Refused):
            self.letters.settle(letter, commands)
            return b""
        self.letters.offered = letter
        if self._unclean:
            self._unclean = False
            self._expected.append(self._reset)
            return b"RSET\r\n" + self._first_of(commands)
        return self._first_of(commands)

    def _first_of(self, commands: bytes) -> bytes:
        """All `commands` where they can be pipelined; else the first, and the others follow when
        it is answered."""
        if self.pipelining:
            self._expected.extend((self._mailed, self._known, self._opened))
            return commands
        first, *self._commands = commands.splitlines(keepends=True)
        self._expected.append(self._mailed)
        return first

    def _say(self, *pieces: bytes) -> None:
        try:
            if not self.ended:
                self.wire.write(pieces)
        except OSError as error:
            self.lose(in_short(error))

    @property
    def _end_left(self) -> int:
        """How many bytes of the end of the text have not gone out."""
        if not self.wire.unsent:
            return 0
        return max(0, self.wire.left(self._tail) - len(self._tail) + len(END))

    def _as_usual(self, data: bytes) -> bool:
        """Whether `data` was one text's answer and the next one's leave, and all is well: most are,
        and are understood here at a third of the cost."""
        letters, usual = self.letters, _USUAL.fullmatch(data)
        if not (usual and letters.handed and letters.offered and len(self._expected) == 4):
            return False
        if self._end_left or self._replies.pending:
            return False
        self._heard_at = time.monotonic()
        self._expected.clear()
        letters.settle(letters.handed, Accepted(in_short(usual[1]), 250))
        letters.handed, letters.offered, letters.ready = None, None, letters.offered
        return True

    def _heard(self, reply: Reply) -> None:
        if self.ended:
            return
        self._heard_at = time.monotonic()
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
        letter = self.letters.offered
        if letter and reply.code != 250:
            letter.verdict = reply.excuse
        self._next_command(letter, then=self._known)

    def _known(self, reply: Reply) -> None:
        letter = self.letters.offered
        self._nobody = 400 <= reply.code < 600
        if letter and letter.verdict is None and reply.code not in {250, 251}:
            letter.verdict = reply.verdict
        self._next_command(letter, then=self._opened)

    def _next_command(self, letter: Letter | None, *, then: Callable[[Reply], None]) -> None:
        """Where nothing is pipelined: the next of the commands of a letter, or its end."""
        if letter is None or self.pipelining:
            return
        if letter.verdict is not None:
            self._give_up(letter, letter.verdict)
        else:
            self._expected.append(then)
            self._say(self._commands.pop(0))

    def _opened(self, reply: Reply) -> None:
        """The answer to DATA."""
        letter, self.letters.offered = self.letters.offered, None
        if letter is None:
            return
        if letter.verdict is None and reply.code == 354:
            self.letters.ready = letter
        elif letter.verdict is not None and reply.code == 354:
            # It wants the text all the same (RFC 2920, section 3.1). Who may have been accepted as
            # the recipient would get an empty mail.
            self.letters.settle(letter, letter.verdict)
            if not self._nobody:
                raise Nonsense("a text is wanted for a recipient that was not accepted")
            self._expected.append(lambda _: None)
            self._say(END)
        else:
            self._give_up(letter, letter.verdict or reply.verdict)

    def _give_up(self, letter: Letter, verdict: Outcome) -> None:
        self.letters.offered, self._unclean = None, True
        self.letters.settle(letter, verdict)

    def _answered(self, reply: Reply) -> None:
        """The answer to the final dot."""
        if self._end_left:
            raise Nonsense(f"an answer to a text that is not out yet: {in_short(reply.text)}")
        letter, self.letters.handed = self.letters.handed, None
        if letter is None:
            return
        outcome = reply.result
        self.letters.settle(letter, outcome)
        if isinstance(outcome, Uncertain):
            raise Nonsense("an answer that RFC 5321 does not know here")
