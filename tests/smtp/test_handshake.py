"""What a server says before mail can be sent is believed in its order, within limits."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from mail.smtp.handshake import Connection, Deadline, ServerNotReady
from mail.smtp.replies import MAX_REPLY_BYTES, ProtocolError, ReplyParser

LONG = b"250-More to come\r\n" * 1000 + b"250 Done\r\n"  # more than is read at once


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our socket, which is never waited for, and that of the server."""
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with closing(ours), closing(theirs):
        yield ours, theirs


@pytest.mark.parametrize("more", [b"250 Ok\r\n", b"250-Ok", b"2"])
def test_what_comes_with_the_reply_before_encryption_is_not_believed(
    more: bytes, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    theirs.sendall(b"220 Begin\r\n" + more)
    with pytest.raises(ServerNotReady, match="more than one reply"):
        Connection(ours, deadline=Deadline(60)).receive_reply()


def test_a_long_reply_is_read_whole(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(LONG)
    assert Connection(ours, deadline=Deadline(60)).receive_reply().code == 250


def test_a_server_that_goes_on_and_on_is_left_at_the_deadline(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(LONG)
    asked = itertools.count()
    deadline = Deadline(60, should_stop=lambda: next(asked) > 1)
    with pytest.raises(TimeoutError):
        Connection(ours, deadline=deadline).receive_reply()


@pytest.mark.parametrize("piece", [b"250-More\r\n", b"x"])
def test_a_reply_without_an_end_is_none(piece: bytes) -> None:
    with pytest.raises(ProtocolError):
        ReplyParser().feed(piece * MAX_REPLY_BYTES + piece)
