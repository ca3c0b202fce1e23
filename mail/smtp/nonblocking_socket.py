"""A socket that never blocks: what the kernel cannot take yet is kept here."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Sequence

_READ_SIZE = 16_384  # a whole record of TLS: nothing stays behind, deciphered and unseen
_MAX_PIECES = 1000  # of one system call; Linux takes 1,024
_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

Pieces = Sequence[bytes | memoryview]


class ConnectionEnded(OSError):
    """The other side ended the connection."""


class NonblockingSocket:
    """A socket that is read and written without waiting; `unsent` is what the kernel could not take
    yet, `sent_at` when (of `time.monotonic`) something went out last."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._socket.settimeout(0)
        self._encrypted = isinstance(opened, ssl.SSLSocket)
        self.unsent: Pieces = ()
        self.sent_at = time.monotonic()

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
        """Return what was received, b"" where nothing was. Raises OSError; ConnectionEnded at the
        end of the connection."""
        try:
            data = self._socket.recv(_READ_SIZE)
        except _WOULD_BLOCK:
            return b""
        if not data:
            raise ConnectionEnded("the connection ended")
        return data

    def write(self, pieces: Pieces) -> None:
        """Send `pieces`, now or when the kernel can take them. Raises OSError."""
        if self._encrypted and len(pieces) > 2:
            pieces = (b"".join(pieces[:-1]), pieces[-1])  # few records
        self.unsent = (*self.unsent, *pieces) if self.unsent else pieces
        self.flush()

    def flush(self) -> None:
        """Send as much as the kernel takes. Raises OSError."""
        try:
            while self.unsent:
                count = self._send()
                self.unsent = _after(self.unsent, count)
                self.sent_at = time.monotonic()
        except _WOULD_BLOCK:
            return

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self) -> int:
        if self._encrypted:
            return self._socket.send(self.unsent[0])
        return self._socket.sendmsg(self.unsent[:_MAX_PIECES])


def _after(pieces: Pieces, count: int) -> Pieces:
    """Return what follows the first `count` bytes of `pieces`."""
    if count == sum(map(len, pieces)):
        return ()
    for n, piece in enumerate(pieces):
        if count < len(piece):
            return (memoryview(piece)[count:] if count else piece, *pieces[n + 1 :])
        count -= len(piece)
    return ()
