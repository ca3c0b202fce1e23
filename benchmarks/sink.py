"""A mail server that takes everything: `python -m benchmarks.sink FOLDER`.

It costs far less than any sender: one process, one selector, texts are looked at where they begin
and where they may end, and thrown away. FOLDER gets `port`, `ids` (a Message-ID a line, in the
order of arrival) and `first` (when the first message was there).
"""

from __future__ import annotations

import contextlib
import re
import selectors
import signal
import socket
import sys
import time
from pathlib import Path

_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}
_OK = b"250 2.0.0 Ok\r\n"
_END = b"\r\n.\r\n"
_MESSAGE_ID = re.compile(rb"\nMessage-ID: <([^>]*)>")
# Bytes at the end of what came among which a text may end: what a client may say behind its text
# before it is answered, the next commands, is shorter (RFC 2920, section 3.1). So is a header.
_LAST = 4096
_BUFFER = memoryview(bytearray(1 << 20))


class Conversation:
    """A session: commands, or a text whose end is looked for."""

    def __init__(self, ids: list[bytes]) -> None:
        self._ids = ids
        self._rest = b""
        self._in_text = False
        self._header: bytes | None = None

    def received(self, piece: memoryview) -> bytes:
        """The answer to what came."""
        if not self._in_text:
            return self._commands(self._rest + piece)
        if self._header is not None:
            self._name(piece)
        data = bytes(piece[-_LAST:]) if len(piece) > _LAST else self._rest + piece
        end = data.rfind(_END)
        if end < 0:
            self._rest = data[1 - len(_END) :]
            return b""
        self._in_text = False
        return _OK + self._commands(data[end + len(_END) :])

    def _commands(self, data: bytes) -> bytes:
        *lines, self._rest = data.split(b"\n")
        words = [line[:4].upper() for line in lines]
        if b"DATA" in words:
            self._in_text, self._header = True, b""
        return b"".join([_ANSWERS.get(word, _OK) for word in words])

    def _name(self, piece: memoryview) -> None:
        """Look for the Message-ID."""
        header = (self._header or b"") + piece[:_LAST]
        found = _MESSAGE_ID.search(header)
        if found:
            self._ids.append(found[1])
        self._header = None if found or b"\r\n\r\n" in header else header


def serve(folder: Path) -> None:
    """Take mail until SIGTERM, then write down what came."""
    ids: list[bytes] = []
    with selectors.DefaultSelector() as selector, socket.create_server(("127.0.0.1", 0)) as server:
        selector.register(server, selectors.EVENT_READ)
        (folder / "port").write_text(str(server.getsockname()[1]))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            _turns(selector, server, ids, until=1)
            (folder / "first").write_text(str(time.time()))
            _turns(selector, server, ids, until=sys.maxsize)
        finally:
            (folder / "ids").write_bytes(b"\n".join(ids))


def _turns(
    selector: selectors.BaseSelector, server: socket.socket, ids: list[bytes], *, until: int
) -> None:
    """Take mail until there are so many."""
    while len(ids) < until:
        for key, _ in selector.select():
            _turn(selector, server, key, ids)


def _turn(
    selector: selectors.BaseSelector,
    server: socket.socket,
    key: selectors.SelectorKey,
    ids: list[bytes],
) -> None:
    if key.fileobj is server:
        opened, _ = server.accept()
        opened.sendall(b"220 sink ESMTP\r\n")
        selector.register(opened, selectors.EVENT_READ, Conversation(ids))
        return
    opened = key.fileobj  # type: ignore[assignment]
    with contextlib.suppress(ConnectionError):
        if count := opened.recv_into(_BUFFER):
            opened.sendall(key.data.received(_BUFFER[:count]))
            return
    selector.unregister(opened)
    opened.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
