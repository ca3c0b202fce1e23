"""A socket that is never waited for: what it cannot take yet is kept here."""

from __future__ import annotations

import socket
import ssl
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

_CHUNK = 65_536
_MOST_PIECES = 1000  # of one system call; Linux takes 1,024
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Ended(OSError):
    """The other side ended the connection."""


class Wire:
    """Reads and writes without waiting; `deadline` (of `time.monotonic`) is `timeout` seconds
    after something went in or out last, `unsent` is what the socket could not take yet."""

    def __init__(self, opened: socket.socket, *, timeout: float) -> None:
        self._socket = opened
        self._socket.settimeout(0)
        self._timeout = timeout
        self._secure = isinstance(opened, ssl.SSLSocket)
        self.unsent: deque[bytes | memoryview] = deque()
        self.deadline = time.monotonic() + timeout

    def fileno(self) -> int:
        """For a selector."""
        return self._socket.fileno()

    def holds(self, piece: bytes) -> bool:
        """Whether `piece` (this very object) has not begun to go out."""
        return bool(self.unsent) and any(each is piece for each in self.unsent)

    def read(self) -> Iterator[bytes]:
        """What has come. Raises OSError; Ended at the end of the connection."""
        try:
            while data := self._socket.recv(_CHUNK):
                self._moved()
                yield data
                if len(data) < _CHUNK and not self._deciphered():
                    return
        except _NOT_YET:
            return
        raise Ended("the connection ended")

    def write(self, pieces: Sequence[bytes]) -> None:
        """Send `pieces`, now or when the socket can take them. Raises OSError."""
        if self._secure:
            pieces = (b"".join(pieces[:-1]), *pieces[-1:])  # few records
        self.unsent.extend(pieces)
        self.flush()

    def flush(self) -> None:
        """Send as much as the socket takes. Raises OSError."""
        try:
            while self.unsent:
                self._sent(self._send())
        except _NOT_YET:
            return

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self) -> int:
        if self._secure:
            return self._socket.send(self.unsent[0])
        if len(self.unsent) <= _MOST_PIECES:
            return self._socket.sendmsg(self.unsent)
        return self._socket.sendmsg(islice(self.unsent, _MOST_PIECES))

    def _sent(self, count: int) -> None:
        self._moved()
        if count == sum(map(len, self.unsent)):
            self.unsent.clear()
            return
        while self.unsent and count >= len(self.unsent[0]):
            count -= len(self.unsent.popleft())
        if count:
            self.unsent[0] = memoryview(self.unsent[0])[count:]

    def _moved(self) -> None:
        self.deadline = time.monotonic() + self._timeout

    def _deciphered(self) -> int:
        """How many bytes TLS has here that no selector knows of."""
        return self._socket.pending() if isinstance(self._socket, ssl.SSLSocket) else 0
