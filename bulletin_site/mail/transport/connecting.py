"""Opening a connection to a mail server: greeting, TLS, credentials. One command at a time."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Mapping

from django.core.mail.utils import DNS_NAME

from bulletin_site.mail.servers import Server
from bulletin_site.mail.transport.outcomes import in_short
from bulletin_site.mail.transport.replies import Replies, Reply


class Unready(OSError):
    """The server is there, and will have nothing of us: it is closing, does not know our
    password, or speaks no TLS. The message is what it said."""

    def __init__(self, reply: Reply | str) -> None:
        code, text = (0, reply) if isinstance(reply, str) else reply
        super().__init__(in_short(text))
        self.code = code


class Connection:
    """An open socket, and what the server at its other end can do (`extensions`, in capitals)."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.extensions: Mapping[str, str] = {}
        self._replies = Replies()

    def ask(self, command: str) -> Reply:
        """Say one command, and wait for the answer. Raises OSError."""
        self.socket.sendall(f"{command}\r\n".encode("ascii"))
        return self.hear()

    def hear(self) -> Reply:
        """Wait for one reply. Raises OSError."""
        while True:
            data = self.socket.recv(4096)
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
        self.socket = context.wrap_socket(self.socket, server_hostname=host)

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
            raise Unready(reply)


def connect(server: Server) -> Connection:
    """A connection that is ready for mail. Raises OSError."""
    opened = socket.create_connection((server.host, server.port), timeout=server.timeout)
    connection = Connection(opened)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _prepare(connection, server)
    except BaseException:
        connection.socket.close()  # TLS has put another in its place
        raise
    return connection


def _prepare(connection: Connection, server: Server) -> None:
    if server.tls:
        connection.encrypt(server.host)
    if (reply := connection.hear()).code != 220:
        raise Unready(reply)
    connection.greet()
    if server.starttls:
        if (reply := connection.ask("STARTTLS")).code != 220:
            raise Unready(reply)
        connection.encrypt(server.host)
        connection.greet()
    if server.user:
        connection.authenticate(server.user, server.password)


def _lines(reply: Reply) -> list[bytes]:
    return reply.text.split(b"\n")[1:]


def _base64(words: str) -> str:
    return base64.b64encode(words.encode()).decode("ascii")
