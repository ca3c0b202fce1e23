"""Open a connection to a mail server: greeting, TLS, credentials. One command at a time."""

from __future__ import annotations

import base64
import errno
import os
import select
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.mail.utils import DNS_NAME

from mail.outcomes import ServerProblem, sanitized
from mail.servers import Server
from mail.smtp.outgoing_queue import ShouldStop, never_stop
from mail.smtp.replies import Reply, ReplyParser

_CHECK_SECONDS = 0.5  # between two calls of `should_stop`

T = TypeVar("T")


class ServerNotReady(OSError):
    """The server replies, and takes no mail from this client: it is closing, refuses the
    password, or offers no TLS. The message is its reply."""

    def __init__(self, reply: Reply | str, problem: ServerProblem = ServerProblem.OTHER) -> None:
        code, text = (0, reply) if isinstance(reply, str) else reply
        super().__init__(sanitized(text))
        self.code = code
        self.problem = problem


_PROBLEMS = (
    (ssl.SSLCertVerificationError, ServerProblem.CERTIFICATE),
    (ssl.SSLError, ServerProblem.ENCRYPTION),
    (socket.gaierror, ServerProblem.NAME),
    (ConnectionRefusedError, ServerProblem.REFUSED),
    (TimeoutError, ServerProblem.SILENT),
)


def problem_of(error: OSError) -> ServerProblem:
    """Return the problem that an error of `connect` stands for."""
    if isinstance(error, ServerNotReady):
        return error.problem
    named = (problem for kind, problem in _PROBLEMS if isinstance(error, kind))
    return next(named, ServerProblem.OTHER)


class Deadline:
    """The end of waiting: after `seconds` altogether, or once `should_stop()` is true."""

    def __init__(self, seconds: float, *, should_stop: ShouldStop = never_stop) -> None:
        self._until = time.monotonic() + seconds
        self._should_stop = should_stop

    def left(self) -> float:
        """Return how many seconds are left. Raises TimeoutError where none are."""
        left = self._until - time.monotonic()
        if left <= 0 or self._should_stop():
            raise TimeoutError("timed out")
        return left

    def split(self, number: int) -> Deadline:
        """Return one of `number` equal parts of what is left. Raises TimeoutError."""
        return Deadline(self.left() / number, should_stop=self._should_stop)

    def wait(self, opened: socket.socket, event: int) -> None:
        """Wait until `opened` is ready for `event` of poll. Raises TimeoutError."""
        poll = select.poll()
        poll.register(opened, event)
        while not poll.poll(min(self.left(), _CHECK_SECONDS) * 1000):
            pass


class Connection:
    """An open socket that is never waited for beyond `deadline`, and the `extensions` of the
    server (RFC 5321, section 2.2), in capitals."""

    def __init__(self, opened: socket.socket, *, deadline: Deadline) -> None:
        self.socket = opened
        self.extensions: Mapping[str, str] = {}
        self._deadline = deadline
        self._replies = ReplyParser()

    def command(self, words: str) -> Reply:
        """Send one command, and return its reply. Raises OSError."""
        line = f"{words}\r\n".encode("ascii")
        if self._do(lambda: self.socket.send(line), event=select.POLLOUT) < len(line):
            raise ServerNotReady("the server does not read")
        return self.receive_reply()

    def receive_reply(self) -> Reply:
        """Wait for one reply, and return it. Raises OSError."""
        while True:
            data = self._do(lambda: self.socket.recv(4096))
            if not data:
                raise ServerNotReady("the connection ended")
            if replies := self._replies.feed(data):
                if len(replies) > 1 or self._replies.pending:
                    # One reply to one command: before TLS more could be anybody's.
                    raise ServerNotReady("the server sent more than one reply")
                return replies[0]

    def hello(self) -> None:
        """Send EHLO, or HELO where that is unknown. Raises OSError."""
        reply = self.command(f"EHLO {DNS_NAME}")
        if reply.code == 250:
            lines = [line.decode("ascii", "replace").split(" ", 1) for line in _lines(reply)]
            self.extensions = {name.upper(): "".join(rest) for name, *rest in lines}
        elif (reply := self.command(f"HELO {DNS_NAME}")).code != 250:
            raise ServerNotReady(reply)

    def encrypt(self, host: str) -> None:
        """Begin TLS, with a certificate for `host`. Raises OSError."""
        context = ssl.create_default_context()
        self.socket = encrypted = context.wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        self._do(encrypted.do_handshake)

    def authenticate(self, user: str, password: str) -> None:
        """Send AUTH PLAIN or LOGIN (RFC 4954), whichever is offered. Raises OSError."""
        offered = self.extensions.get("AUTH", "").upper().split()
        if "PLAIN" in offered or "LOGIN" not in offered:
            reply = self.command(f"AUTH PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
        else:
            reply = self.command("AUTH LOGIN")
            for word in (user, password):
                if reply.code == 334:
                    reply = self.command(_base64(word))
        if reply.code not in {235, 503}:  # 503: already authenticated
            for_good = reply.code >= 500
            raise ServerNotReady(reply, ServerProblem.PASSWORD if for_good else ServerProblem.OTHER)

    def _do(self, operation: Callable[[], T], *, event: int = select.POLLIN) -> T:
        """Run `operation` when the socket is ready for it. Raises OSError."""
        while True:
            self._deadline.left()  # also when a byte comes now and then
            try:
                return operation()
            except BlockingIOError:
                self._deadline.wait(self.socket, event)
            except ssl.SSLWantReadError:
                self._deadline.wait(self.socket, select.POLLIN)
            except ssl.SSLWantWriteError:
                self._deadline.wait(self.socket, select.POLLOUT)


def connect(server: Server, *, seconds: float, should_stop: ShouldStop = never_stop) -> Connection:
    """Return a connection that is ready for mail, within `seconds` (to which looking up the
    server's name may add), or before `should_stop()` is true. Raises OSError."""
    deadline = Deadline(seconds, should_stop=should_stop)
    opened = _connect(server, deadline)
    connection = Connection(opened, deadline=deadline)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _prepare(connection, server)
    except BaseException:
        connection.socket.close()  # TLS has put another in its place
        raise
    return connection


def _connect(server: Server, deadline: Deadline) -> socket.socket:
    """Return a connection to the first of the server's addresses that accepts one. Raises
    OSError."""
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    refusal = OSError("no address")
    for n, (family, kind, _, _, address) in enumerate(found):
        try:
            split = deadline.split(len(found) - n)
            return _connected(socket.socket(family, kind), address, split)
        except OSError as error:
            refusal = error
    raise refusal


def _connected(opened: socket.socket, address: Any, deadline: Deadline) -> socket.socket:
    """Connect `opened` with `address` and return it, or close it. Raises OSError."""
    try:
        opened.settimeout(0)
        code = opened.connect_ex(address)
        if code == errno.EINPROGRESS:
            deadline.wait(opened, select.POLLOUT)
            code = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
    except BaseException:
        opened.close()
        raise
    return opened


def _prepare(connection: Connection, server: Server) -> None:
    if server.tls:
        connection.encrypt(server.host)
    if (reply := connection.receive_reply()).code != 220:
        raise ServerNotReady(reply)
    connection.hello()
    if server.starttls:
        if (reply := connection.command("STARTTLS")).code != 220:
            raise ServerNotReady(reply, ServerProblem.ENCRYPTION)
        connection.encrypt(server.host)
        connection.hello()
    if server.user:
        connection.authenticate(server.user, server.password)


def _lines(reply: Reply) -> list[bytes]:
    return reply.text.split(b"\n")[1:]


def _base64(words: str) -> str:
    return base64.b64encode(words.encode()).decode("ascii")
