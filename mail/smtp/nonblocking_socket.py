"""A socket that never blocks: what it cannot take yet is kept here."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Sequence

_CHUNK = 16_384  # a whole record of TLS: nothing stays behind, deciphered and unseen
_MOST_PIECES = 1000  # of one system call; Linux takes 1,024
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

Pieces = Sequence[bytes | memoryview]


class ConnectionEnded(OSError):
    """The other side ended the connection."""


class NonblockingSocket:
    """Reads and writes without waiting; `unsent` is what the socket could not take yet, `moved`
    when (of `time.monotonic`) something went out last."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._socket.settimeout(0)
        self._encrypted = isinstance(opened, ssl.SSLSocket)
        self.unsent: Pieces = ()
        self.moved = time.monotonic()

    def fileno(self) -> int:
        """Return the descriptor, for poll."""
        return self._socket.fileno()

    def left(self, piece: bytes) -> int:
        """Return how many bytes of `piece` (this very object) have not gone out."""
        for each in reversed(self.unsent):
            if each is piece or (isinstance(each, memoryview) and each.obj is piece):
                return len(each)
        return 0

    def read(self) -> bytes:
        """Return what has come, b"" where nothing has. Raises OSError; ConnectionEnded at the end
        of the connection."""
        try:
            data = self._socket.recv(_CHUNK)
        except _NOT_YET:
            return b""
        if not data:
            raise ConnectionEnded("the connection ended")
        return data

    def write(self, pieces: Pieces) -> None:
        """Send `pieces`, now or when the socket can take them. Raises OSError."""
        if self._encrypted and len(pieces) > 2:
            pieces = (b"".join(pieces[:-1]), pieces[-1])  # few records
        self.unsent = (*self.unsent, *pieces) if self.unsent else pieces
        self.flush()

    def flush(self) -> None:
        """Send as much as the socket takes. Raises OSError."""
        try:
            while self.unsent:
                count = self._send()
                self.unsent = _behind(self.unsent, count)
                self.moved = time.monotonic()
        except _NOT_YET:
            return

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self) -> int:
        if self._encrypted:
            return self._socket.send(self.unsent[0])
        return self._socket.sendmsg(self.unsent[:_MOST_PIECES])


def _behind(pieces: Pieces, count: int) -> Pieces:
    """Return what stands behind the first `count` bytes of `pieces`."""
    if count == sum(map(len, pieces)):
        return ()
    for n, piece in enumerate(pieces):
        if count < len(piece):
            return (memoryview(piece)[count:] if count else piece, *pieces[n + 1 :])
        count -= len(piece)
    return ()
