"""Opening a connection to a mail server: greeting, TLS, credentials. One command at a time."""

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

from bulletin_site.mail.servers import Server
from bulletin_site.mail.transport.letters import Hurry, never
from bulletin_site.mail.transport.outcomes import ServerProblem, in_short
from bulletin_site.mail.transport.replies import Replies, Reply

_LOOK = 0.5  # seconds between two looks whether there is a hurry

T = TypeVar("T")


class Unready(OSError):
    """The server is there, and will have nothing of us: it is closing, does not know our
    password, or speaks no TLS. The message is what it said."""

    def __init__(self, reply: Reply | str, problem: ServerProblem = ServerProblem.OTHER) -> None:
        code, text = (0, reply) if isinstance(reply, str) else reply
        super().__init__(in_short(text))
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
    """The problem that an error of `connect` stands for."""
    if isinstance(error, Unready):
        return error.problem
    named = (problem for kind, problem in _PROBLEMS if isinstance(error, kind))
    return next(named, ServerProblem.OTHER)


class Patience:
    """How long is waited: `seconds` altogether, and no longer once there is a hurry."""

    def __init__(self, seconds: float, *, hurry: Hurry = never) -> None:
        self._until = time.monotonic() + seconds
        self._hurry = hurry

    def left(self) -> float:
        """How many seconds are left. Raises TimeoutError where none are."""
        left = self._until - time.monotonic()
        if left <= 0 or self._hurry():
            raise TimeoutError("timed out")
        return left

    def share(self, number: int) -> Patience:
        """One of `number` equal parts of what is left. Raises TimeoutError."""
        return Patience(self.left() / number, hurry=self._hurry)

    def wait(self, opened: socket.socket, event: int) -> None:
        """Wait until `opened` is ready for `event` of poll. Raises TimeoutError."""
        poll = select.poll()
        poll.register(opened, event)
        while not poll.poll(min(self.left(), _LOOK) * 1000):
            pass


class Connection:
    """An open socket that is never waited for longer than `patience` lasts, and what the server at
    its other end can do (`extensions`, in capitals)."""

    def __init__(self, opened: socket.socket, *, patience: Patience) -> None:
        self.socket = opened
        self.extensions: Mapping[str, str] = {}
        self._patience = patience
        self._replies = Replies()

    def ask(self, command: str) -> Reply:
        """Say one command, and wait for the answer. Raises OSError."""
        line = f"{command}\r\n".encode("ascii")
        if self._do(lambda: self.socket.send(line), event=select.POLLOUT) < len(line):
            raise Unready("the server does not listen")
        return self.hear()

    def hear(self) -> Reply:
        """Wait for one reply. Raises OSError."""
        while True:
            data = self._do(lambda: self.socket.recv(4096))
            if not data:
                raise Unready("the connection ended")
            if replies := self._replies.feed(data):
                if len(replies) > 1 or self._replies.pending:
                    # Nothing may come unasked: before TLS it could be anybody's.
                    raise Unready("the server said more than it was asked")
                return replies[0]

    def greet(self) -> None:
        """EHLO, or HELO where that is unknown. Raises OSError."""
        reply = self.ask(f"EHLO {DNS_NAME}")
        if reply.code == 250:
            lines = [line.decode("ascii", "replace").split(" ", 1) for line in _lines(reply)]
            self.extensions = {name.upper(): "".join(rest) for name, *rest in lines}
        elif (reply := self.ask(f"HELO {DNS_NAME}")).code != 250:
            raise Unready(reply)

    def encrypt(self, host: str) -> None:
        """Go on under TLS, with a certificate for `host`. Raises OSError."""
        context = ssl.create_default_context()
        self.socket = sealed = context.wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        self._do(sealed.do_handshake)

    def authenticate(self, user: str, password: str) -> None:
        """AUTH PLAIN or LOGIN (RFC 4954), whichever is offered. Raises OSError."""
        offered = self.extensions.get("AUTH", "").upper().split()
        if "PLAIN" in offered or "LOGIN" not in offered:
            reply = self.ask(f"AUTH PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
        else:
            reply = self.ask("AUTH LOGIN")
            for word in (user, password):
                if reply.code == 334:
                    reply = self.ask(_base64(word))
        if reply.code not in {235, 503}:  # 503: it knows us already
            for_good = reply.code >= 500
            raise Unready(reply, ServerProblem.PASSWORD if for_good else ServerProblem.OTHER)

    def _do(self, what: Callable[[], T], *, event: int = select.POLLIN) -> T:
        """`what`, when the socket is ready for it. Raises OSError."""
        while True:
            self._patience.left()  # also when a byte comes now and then
            try:
                return what()
            except BlockingIOError:
                self._patience.wait(self.socket, event)
            except ssl.SSLWantReadError:
                self._patience.wait(self.socket, select.POLLIN)
            except ssl.SSLWantWriteError:
                self._patience.wait(self.socket, select.POLLOUT)


def connect(server: Server, *, seconds: float, hurry: Hurry = never) -> Connection:
    """A connection that is ready for mail, in so many `seconds` (to which looking up the server's
    name may add); none when there is a hurry. Raises OSError."""
    patience = Patience(seconds, hurry=hurry)
    opened = _dial(server, patience)
    connection = Connection(opened, patience=patience)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _prepare(connection, server)
    except BaseException:
        connection.socket.close()  # TLS has put another in its place
        raise
    return connection


def _dial(server: Server, patience: Patience) -> socket.socket:
    """A connection to the first of the server's addresses where somebody listens. Raises
    OSError."""
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    refusal = OSError("no address")
    for n, (family, kind, _, _, address) in enumerate(found):
        try:
            share = patience.share(len(found) - n)
            return _connected(socket.socket(family, kind), address, share)
        except OSError as error:
            refusal = error
    raise refusal


def _connected(opened: socket.socket, address: Any, patience: Patience) -> socket.socket:
    """`opened`, connected with `address`; else it is closed. Raises OSError."""
    try:
        opened.settimeout(0)
        code = opened.connect_ex(address)
        if code == errno.EINPROGRESS:
            patience.wait(opened, select.POLLOUT)
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
    if (reply := connection.hear()).code != 220:
        raise Unready(reply)
    connection.greet()
    if server.starttls:
        if (reply := connection.ask("STARTTLS")).code != 220:
            raise Unready(reply, ServerProblem.ENCRYPTION)
        connection.encrypt(server.host)
        connection.greet()
    if server.user:
        connection.authenticate(server.user, server.password)


def _lines(reply: Reply) -> list[bytes]:
    return reply.text.split(b"\n")[1:]


def _base64(words: str) -> str:
    return base64.b64encode(words.encode()).decode("ascii")
