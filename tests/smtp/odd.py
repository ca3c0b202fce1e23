"""A mail server of a few lines that answers as it is told, and smtplib's manner of asking it."""

from __future__ import annotations

import contextlib
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from mail.delivery import Message

END = "."
DROP = "drop"
HANG = "hang"
DRIP = "drip"
LATE = "late "


@dataclass
class Odd:
    """`answers` by the command's word ("." for the end of a text); what begins with DROP ends
    the connection, HANG keeps it silent, DRIP begins an answer and never ends it, `drop_by_drop` is
    the seconds between two bytes, and what begins with LATE comes after a second. `limit` is how
    many messages a session may have, `most` how many connections are greeted."""

    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8")
    limit: int = 0
    most: int = 0
    drop_by_drop: float = 0.05
    port: int = 0
    sessions: int = 0
    texts: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class _Ended(Exception):
    """The conversation is over."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(_Ended, OSError):
            self._converse(self.server.odd)

    def _converse(self, odd: Odd) -> None:
        odd.sessions += 1
        taken, last = 0, ""
        beyond = odd.most and odd.sessions > odd.most
        self._say(HANG if beyond else odd.answers.get("CONNECT", "220 odd ESMTP"))
        while line := self.rfile.readline().decode():
            odd.commands.append(line.strip())
            word = line.split()[0].upper()
            answer = odd.answers.get(self._named(line)) or odd.answers.get(word)
            if word == "EHLO" and answer is None:
                for extension in ("odd", *odd.extensions):
                    self._say(f"250-{extension}")
            if word == "MAIL" and odd.limit and taken == odd.limit:
                self._say("421 4.7.0 That is enough for one session")
                return
            if word == "DATA" and not last.startswith("25"):
                answer = answer or "503 5.5.1 Whom for?"
            last = answer or {"DATA": "354 Go on", "QUIT": "221 Bye"}.get(word, "250 2.0.0 Ok")
            self._say(last)
            if word == "DATA" and last.startswith("354"):
                odd.texts.append(self._text())
                taken += 1
                self._say(odd.answers.get(END, "250 2.0.0 Kept"))

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Ended
            lines.append(line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        if answer == HANG:
            self.server.odd.over.wait(30)
        if answer.startswith(LATE):
            self.server.odd.over.wait(1)
        if answer == DRIP:
            self.wfile.write(b"250-")
            while not self.server.odd.over.wait(self.server.odd.drop_by_drop):
                self.wfile.write(b".")
        if answer in {DROP, HANG, DRIP}:
            raise _Ended
        self.wfile.write(f"{answer.removeprefix(LATE)}\r\n".encode())

    def _named(self, line: str) -> str:
        return line.partition("<")[2].partition(">")[0] or "nobody"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, odd: Odd) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.odd = odd
        odd.port = self.server_address[1]


@contextlib.contextmanager
def serving(odd: Odd) -> Iterator[Odd]:
    """`odd` on a port of its own."""
    with _Server(odd) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield odd
        finally:
            odd.over.set()
            server.shutdown()
            thread.join()


def by_smtplib(port: int, message: Message) -> int:
    """The code by which the server ends a message that smtplib hands over, 0 for none."""
    with (
        contextlib.suppress(smtplib.SMTPServerDisconnected),
        smtplib.SMTP("127.0.0.1", port, timeout=5) as server,
    ):
        try:
            server.sendmail(message.sender, message.recipient, message.data)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, _),) = refused.recipients.values()
            return code
        except smtplib.SMTPResponseException as refused:
            return refused.smtp_code
        return 250
    return 0
