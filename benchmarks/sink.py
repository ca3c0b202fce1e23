"""A mail server that takes everything: `python -m benchmarks.sink FOLDER`.

It costs far less than any sender: one process, one selector, texts are looked at for their end
and thrown away. FOLDER gets `port`, `ids` (a Message-ID a line, in the order of arrival) and
`first` (when the first message was there).
"""

from __future__ import annotations

import contextlib
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
_BUFFER = bytearray(1 << 20)


class Conversation:
    """A session: commands, or a text whose end is looked for."""

    def __init__(self, ids: list[bytes]) -> None:
        self._ids = ids
        self._rest = b""
        self._in_text = False
        self._named = False

    def heard(self, data: bytes) -> bytes:
        """The answer to `data`."""
        data, answers = self._rest + data, []
        while data:
            if self._in_text:
                data, ended = self._text(data)
                if not ended:
                    break
                answers.append(_OK)
            else:
                line, found, data = data.partition(b"\n")
                if not found:
                    data = line
                    break
                word = line[:4].upper()
                answers.append(_ANSWERS.get(word, _OK))
                self._in_text, self._named = word == b"DATA", False
        self._rest = data
        return b"".join(answers)

    def _text(self, data: bytes) -> tuple[bytes, bool]:
        """What is left of `data` to be kept, and whether the text ended."""
        if not self._named:
            start = data.find(b"\nMessage-ID: <")
            if start >= 0 and (stop := data.find(b">", start)) >= 0:
                self._ids.append(data[start + 14 : stop])
                self._named = True
            elif b"\r\n\r\n" in data:
                self._named = True
            elif _END not in data:
                return data, False
        end = data.find(_END)
        if end < 0:
            return data[-4:], False
        self._in_text = False
        return data[end + 5 :], True


def serve(folder: Path) -> None:
    """Take mail until SIGTERM, then write down what came."""
    ids: list[bytes] = []
    with selectors.DefaultSelector() as selector, socket.create_server(("127.0.0.1", 0)) as server:
        selector.register(server, selectors.EVENT_READ)
        (folder / "port").write_text(str(server.getsockname()[1]))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            while True:
                for key, _ in selector.select():
                    _turn(selector, server, key, ids)
                if ids and not (folder / "first").exists():
                    (folder / "first").write_text(str(time.time()))
        finally:
            (folder / "ids").write_bytes(b"\n".join(ids))


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
            opened.sendall(key.data.heard(bytes(memoryview(_BUFFER)[:count])))
            return
    selector.unregister(opened)
    opened.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
