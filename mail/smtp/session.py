"""One session with a mail server: transactions one after another, pipelined where that is offered.

With PIPELINING (RFC 2920) the commands of a message go out in one write, together with the
text of the message before it: two round trips become one. At any moment at most one message
is sent whole and without its reply.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import deque
from collections.abc import Callable

from mail.outcomes import Accepted, Outcome, Rejected, Uncertain, sanitized
from mail.smtp.envelopes import END_OF_TEXT, dot_stuffed, envelope
from mail.smtp.handshake import Connection
from mail.smtp.nonblocking_socket import NonblockingSocket
from mail.smtp.outgoing_queue import OutgoingMessage
from mail.smtp.replies import ProtocolError, Reply, ReplyParser
from mail.smtp.transactions import Transactions

_USUAL_REPLIES = re.compile(  # to a text, MAIL, RCPT and DATA
    rb"250 ([^\r\n]*)\r\n250 [^\r\n]*\r\n25[01] [^\r\n]*\r\n354 [^\r\n]*\r\n"
)


class SmtpSession:
    """An SMTP session. `offer` a message; when it is `ready`, `send_text`; take what is settled
    after each `receive`. Nothing here waits, and nothing raises: what goes wrong ends the session
    (`ended`) and is the outcome of the messages it concerned."""

    def __init__(self, connection: Connection, *, timeout: float, final: float) -> None:
        self.wire = NonblockingSocket(connection.socket)
        self.pipelining = "PIPELINING" in connection.extensions
        self.transactions = Transactions()
        self.ended = False
        self.writing = False
        self._received_at = 0.0
        self._timeout, self._final = timeout, max(timeout, final)
        self._extensions = connection.extensions
        self._replies = ReplyParser()
        self._expected: deque[Callable[[Reply], None]] = deque()
        self._commands: list[bytes] = []
        self._tail = END_OF_TEXT
        self._unclean = False
        self._no_recipient = False

    def fileno(self) -> int:
        """Return the descriptor, for poll."""
        return self.wire.fileno()

    @property
    def deadline(self) -> float:
        """The time (of `time.monotonic`) by which the next reply must have come, or more of a text
        gone out: within `timeout` seconds, or `final` where it is the reply to a whole text."""
        final = self.transactions.awaiting and not self._end_left
        return max(self.wire.sent_at, self._received_at) + (self._final if final else self._timeout)

    @property
    def finished(self) -> bool:
        """Whether it ended, and all its settled outcomes were taken."""
        return self.ended and not self.transactions.settled

    def offer(self, outgoing: OutgoingMessage) -> None:
        """Begin a transaction."""
        self._send(self._begin(outgoing))

    def send_text(self, following: OutgoingMessage | None) -> None:
        """Send the text of the message that is ready; where that can be pipelined, offer the
        one `following` with it."""
        transactions = self.transactions
        outgoing, transactions.ready = transactions.ready, None
        if outgoing is not None:
            transactions.awaiting = outgoing
            self._expected.append(self._on_text)
            self._tail = END_OF_TEXT + (self._begin(following) if following else b"")
            self._send(*dot_stuffed(outgoing.message.pieces), self._tail)

    def receive(self) -> None:
        """Process what the server sent."""
        try:
            data = self.wire.read()
            if not self._took_usual_replies(data):
                for reply in self._replies.feed(data):
                    self._take_reply(reply)
        except OSError as error:
            self.abort(sanitized(error))

    def flush(self) -> None:
        """Send what could not be sent before."""
        self._send()

    def abort(self, why: str) -> None:
        """End the session, and settle its open transactions."""
        if not self.ended:
            self.ended = True
            self.transactions.abort(why, text_incomplete=self._end_left == len(END_OF_TEXT))

    def close(self) -> None:
        """Close the connection, with QUIT, whose reply is not waited for."""
        if not self.ended:
            with contextlib.suppress(OSError):
                self.wire.write((b"QUIT\r\n",))
        self.wire.close()

    def _begin(self, outgoing: OutgoingMessage) -> bytes:
        """Return what to send to offer a message now."""
        commands = envelope(outgoing.message, extensions=self._extensions)
        if isinstance(commands, Rejected):
            self.transactions.settle(outgoing, commands)
            return b""
        self.transactions.offered = outgoing
        if self._unclean:
            self._unclean = False
            self._expected.append(self._on_rset)
            return b"RSET\r\n" + self._first_commands(commands)
        return self._first_commands(commands)

    def _first_commands(self, commands: bytes) -> bytes:
        """Return all `commands` where they can be pipelined; else the first, and the others
        follow its reply."""
        if self.pipelining:
            self._expected.extend((self._on_mail, self._on_rcpt, self._on_data))
            return commands
        first, *self._commands = commands.splitlines(keepends=True)
        self._expected.append(self._on_mail)
        return first

    def _send(self, *pieces: bytes) -> None:
        try:
            if not self.ended:
                self.wire.write(pieces)
        except OSError as error:
            self.abort(sanitized(error))

    @property
    def _end_left(self) -> int:
        """The number of bytes of the end of the text that have not been sent."""
        if not self.wire.unsent:
            return 0
        return max(0, self.wire.left(self._tail) - len(self._tail) + len(END_OF_TEXT))

    def _took_usual_replies(self, data: bytes) -> bool:
        """Return whether `data` accepted one text and let the next one begin: most replies are
        that, and are processed here at a third of the cost."""
        transactions, usual = self.transactions, _USUAL_REPLIES.fullmatch(data)
        if not (
            usual and transactions.awaiting and transactions.offered and len(self._expected) == 4
        ):
            return False
        if self._end_left or self._replies.pending:
            return False
        self._received_at = time.monotonic()
        self._expected.clear()
        transactions.settle(transactions.awaiting, Accepted(sanitized(usual[1]), 250))
        transactions.awaiting, transactions.offered, transactions.ready = (
            None,
            None,
            transactions.offered,
        )
        return True

    def _take_reply(self, reply: Reply) -> None:
        if self.ended:
            return
        self._received_at = time.monotonic()
        if not self._expected:
            self.abort(sanitized(reply.text))  # 421: it closes the session
            return
        self._expected.popleft()(reply)
        if reply.code == 421:
            self.abort(sanitized(reply.text))

    def _on_rset(self, reply: Reply) -> None:
        if reply.code != 250:
            raise ProtocolError("the transaction cannot be reset")

    def _on_mail(self, reply: Reply) -> None:
        outgoing = self.transactions.offered
        if outgoing and reply.code != 250:
            outgoing.verdict = reply.deferral
        self._next_command(outgoing, then=self._on_rcpt)

    def _on_rcpt(self, reply: Reply) -> None:
        outgoing = self.transactions.offered
        self._no_recipient = 400 <= reply.code < 600
        if outgoing and outgoing.verdict is None and reply.code not in {250, 251}:
            outgoing.verdict = reply.verdict
        self._next_command(outgoing, then=self._on_data)

    def _next_command(
        self, outgoing: OutgoingMessage | None, *, then: Callable[[Reply], None]
    ) -> None:
        """Send the next command of a message, or give it up, on a server without pipelining."""
        if outgoing is None or self.pipelining:
            return
        if outgoing.verdict is not None:
            self._give_up(outgoing, outgoing.verdict)
        else:
            self._expected.append(then)
            self._send(self._commands.pop(0))

    def _on_data(self, reply: Reply) -> None:
        """Process the reply to DATA."""
        outgoing, self.transactions.offered = self.transactions.offered, None
        if outgoing is None:
            return
        if outgoing.verdict is None and reply.code == 354:
            self.transactions.ready = outgoing
        elif outgoing.verdict is not None and reply.code == 354:
            # The server wants the text all the same (RFC 2920, section 3.1). A recipient that may
            # have been accepted would get an empty mail.
            self.transactions.settle(outgoing, outgoing.verdict)
            if not self._no_recipient:
                raise ProtocolError("a text is wanted for a recipient that was not accepted")
            self._expected.append(lambda _: None)
            self._send(END_OF_TEXT)
        else:
            self._give_up(outgoing, outgoing.verdict or reply.verdict)

    def _give_up(self, outgoing: OutgoingMessage, verdict: Outcome) -> None:
        self.transactions.offered, self._unclean = None, True
        self.transactions.settle(outgoing, verdict)

    def _on_text(self, reply: Reply) -> None:
        """Process the reply to the final dot."""
        if self._end_left:
            raise ProtocolError(f"a reply to a text that is not sent yet: {sanitized(reply.text)}")
        outgoing, self.transactions.awaiting = self.transactions.awaiting, None
        if outgoing is None:
            return
        outcome = reply.result
        self.transactions.settle(outgoing, outcome)
        if isinstance(outcome, Uncertain):
            raise ProtocolError("a reply that RFC 5321 does not know here")
