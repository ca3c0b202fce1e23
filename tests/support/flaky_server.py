"""A mail server that fails as the test says, and a delivery to it by smtplib."""

from __future__ import annotations

import contextlib
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from mail.delivery import Message

END_OF_TEXT = "."
DROP = "drop"
HANG = "hang"
DRIP = "drip"
LATE = "late "


@dataclass
class FlakyServer:
    """`replies` are by the command's word ("." for the end of a text), or by its address; DROP ends
    the connection, HANG sends nothing, DRIP begins a reply and never ends it, `drip_seconds` is
    between two bytes, and what begins with LATE comes after a second. So many connections as
    `max_connections` are greeted."""

    replies: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8")
    messages_per_session: int = 0
    max_connections: int = 0
    drip_seconds: float = 0.05
    port: int = 0
    sessions: int = 0
    texts: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class _Ended(Exception):
    """The session is over."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(_Ended, OSError):
            self._serve(self.server.flaky)

    def _serve(self, flaky: FlakyServer) -> None:
        flaky.sessions += 1
        taken, last = 0, ""
        beyond = flaky.max_connections and flaky.sessions > flaky.max_connections
        self._reply(HANG if beyond else flaky.replies.get("CONNECT", "220 flaky ESMTP"))
        while line := self.rfile.readline().decode():
            flaky.commands.append(line.strip())
            word = line.split()[0].upper()
            reply = flaky.replies.get(self._address(line)) or flaky.replies.get(word)
            if word == "EHLO" and reply is None:
                for extension in ("flaky", *flaky.extensions):
                    self._reply(f"250-{extension}")
            if (
                word == "MAIL"
                and flaky.messages_per_session
                and taken == flaky.messages_per_session
            ):
                self._reply("421 4.7.0 That is enough for one session")
                return
            if word == "DATA" and not last.startswith("25"):
                reply = reply or "503 5.5.1 Whom for?"
            last = reply or {"DATA": "354 Go on", "QUIT": "221 Bye"}.get(word, "250 2.0.0 Ok")
            self._reply(last)
            if word == "DATA" and last.startswith("354"):
                flaky.texts.append(self._text())
                taken += 1
                self._reply(flaky.replies.get(END_OF_TEXT, "250 2.0.0 Kept"))

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Ended
            lines.append(line)
        return b"".join(lines)

    def _reply(self, reply: str) -> None:
        if reply == HANG:
            self.server.flaky.over.wait(30)
        if reply.startswith(LATE):
            self.server.flaky.over.wait(1)
        if reply == DRIP:
            self.wfile.write(b"250-")
            while not self.server.flaky.over.wait(self.server.flaky.drip_seconds):
                self.wfile.write(b".")
        if reply in {DROP, HANG, DRIP}:
            raise _Ended
        self.wfile.write(f"{reply.removeprefix(LATE)}\r\n".encode())

    def _address(self, line: str) -> str:
        return line.partition("<")[2].partition(">")[0] or "nobody"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, flaky: FlakyServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.flaky = flaky
        flaky.port = self.server_address[1]


@contextlib.contextmanager
def serving(flaky: FlakyServer) -> Iterator[FlakyServer]:
    """Run `flaky` on a port of its own."""
    with _Server(flaky) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield flaky
        finally:
            flaky.over.set()
            server.shutdown()
            thread.join()


def code_by_smtplib(port: int, message: Message) -> int:
    """Return the code of the server's reply to a message sent by smtplib, 0 for none."""
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
