"""Replies of a mail server mean the same, however the network cuts them."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.delivery import Accepted, Deferred, Outcome, Rejected, Uncertain
from mail.smtp.handshake import Connection, Deadline
from mail.smtp.outgoing_queue import OutgoingMessage
from mail.smtp.session import SmtpSession
from tests.support.smtp import a_message

KEPT = "250 2.0.0 Ok: queued as 4XQ2"
OPENED = ("250 2.1.0 Ok", "250 2.1.5 Ok", "354 Go on")
REFUSED = ("250 2.1.0 Ok", "550 5.1.1 Who?", "503 5.5.1 Whom for?")
BUSY = "421 4.3.2 Closing"

ends = st.sampled_from(
    [KEPT, "250", "250-Two\r\n250 lines", "550 5.7.1 No", BUSY, "What?", "290 x"]
)
openings = st.tuples(
    st.sampled_from([OPENED[0], "250", "451 4.3.0 Not now", BUSY]),
    st.sampled_from([OPENED[1], "251 2.1.5 Forwarded", REFUSED[1], "451 4.7.1 Grey", BUSY]),
    st.sampled_from([OPENED[2], "354", "354-Go\r\n354 on", "554 5.6.0 Never", REFUSED[2], BUSY]),
)


class ScriptedSession:
    """A session that pipelines messages to a server that replies `OPENED` to the first, and one of
    `groups` to each text and what follows it, `size` bytes at a time."""

    def __init__(self, *groups: Sequence[str], size: int) -> None:
        ours, self._theirs = socket.socketpair()
        connection = Connection(ours, deadline=Deadline(5))
        connection.extensions = {"PIPELINING": ""}
        self._size = size
        self.outcomes: list[tuple[int, Outcome]] = []
        self.session = SmtpSession(connection, timeout=5, final=5)
        with closing(self._theirs), closing(self.session):
            self.session.offer(OutgoingMessage(0, a_message()))
            self._receive(OPENED)
            for n, group in enumerate(groups, 1):
                if self.session.transactions.ready:
                    self.session.send_text(OutgoingMessage(n, a_message()))
                    self._receive(group)
            self.sent = self._theirs.recv(65_536)

    def _receive(self, group: Sequence[str]) -> None:
        sent_by_server = "".join(f"{reply}\r\n" for reply in group).encode()
        for start in range(0, len(sent_by_server), self._size):
            self._theirs.sendall(sent_by_server[start : start + self._size])
            self.session.receive()
            self.outcomes += self.session.transactions.take_settled()

    @property
    def end(self) -> tuple[list[tuple[int, Outcome]], bool, int | None, int | None]:
        """The outcomes, whether the session ended, which message is ready, and which may be
        offered in another session."""
        transactions = self.session.transactions
        ready, unsent = (
            each.key if each else None for each in (transactions.ready, transactions.unsent)
        )
        return self.outcomes, self.session.ended, ready, unsent


@given(groups=st.lists(st.tuples(ends, openings), max_size=4), size=st.integers(2, 400))
def test_replies_mean_the_same_one_by_one_and_together(
    groups: list[tuple[str, tuple[str, str, str]]], size: int
) -> None:
    flat = [(end, *opening) for end, opening in groups]
    together, one_by_one = ScriptedSession(*flat, size=size), ScriptedSession(*flat, size=1)
    assert together.end == one_by_one.end
    assert together.sent == one_by_one.sent


@pytest.mark.parametrize("size", [1, 1000])
def test_one_text_is_accepted_and_the_next_one_is_ready(size: int) -> None:
    conversation = ScriptedSession((KEPT, *OPENED), (KEPT, *OPENED), size=size)
    kept = Accepted("2.0.0 Ok: queued as 4XQ2", 250)
    assert conversation.end == ([(0, kept), (1, kept)], False, 2, None)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_rejection_among_the_replies_is_that_of_the_next_message(size: int) -> None:
    conversation = ScriptedSession((KEPT, *REFUSED), size=size)
    (_, first), (_, second) = conversation.outcomes
    assert isinstance(first, Accepted)
    assert second == Rejected("5.1.1 Who?", 550)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_deferred_text_does_not_change_the_next_message(size: int) -> None:
    conversation = ScriptedSession(("452 4.2.2 Full for now", *OPENED), size=size)
    assert conversation.end == ([(0, Deferred("4.2.2 Full for now", 452))], False, 1, None)


class Narrow(socket.socket):
    """A socket that takes `room` bytes more, and then nothing."""

    room = 1_000_000

    def sendmsg(self, pieces: Iterable[bytes], *_: Any) -> int:  # type: ignore[override]
        some = b"".join(pieces)[: self.room]
        if not some:
            raise BlockingIOError
        self.room -= len(some)
        return self.send(some)


def replied_early(*replies: str, size: int, out: int) -> SmtpSession:
    """A session that received `replies` when `out` bytes of a text's end were sent: those to its
    final dot, and to the commands of the next message."""
    ours, theirs = socket.socketpair()
    narrow = Narrow(fileno=ours.detach())
    connection = Connection(narrow, deadline=Deadline(5))
    connection.extensions = {"PIPELINING": ""}
    session = SmtpSession(connection, timeout=5, final=5)
    with closing(theirs), closing(session):
        session.offer(OutgoingMessage(0, a_message()))
        theirs.sendall("".join(f"{reply}\r\n" for reply in OPENED).encode())
        session.receive()
        narrow.room = len(a_message().data) + out
        session.send_text(OutgoingMessage(1, a_message()))
        sent_by_server = "".join(f"{reply}\r\n" for reply in replies).encode()
        for start in range(0, len(sent_by_server), size):
            theirs.sendall(sent_by_server[start : start + size])
            session.receive()
    return session


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("reply", [KEPT, "550 5.7.1 No", "290 x", BUSY])
@pytest.mark.parametrize(
    ("out", "kind"), [(-10, Deferred), (0, Deferred), (1, Uncertain), (2, Uncertain)]
)
def test_a_reply_to_a_text_that_is_not_sent_yet_ends_the_session_and_is_not_believed(
    reply: str, size: int, out: int, kind: type[Outcome]
) -> None:
    session = replied_early(reply, *OPENED, size=size, out=out)
    assert [(key, type(outcome)) for key, outcome in session.transactions.settled] == [(0, kind)]
    assert session.ended
    assert session.transactions.ready is None
    assert session.transactions.unsent


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("out", [3, 4, 20])
def test_a_reply_to_a_text_counts_when_its_end_is_sent(size: int, out: int) -> None:
    session = replied_early(KEPT, size=size, out=out)
    assert [(key, type(outcome)) for key, outcome in session.transactions.settled] == [
        (0, Accepted)
    ]
    assert not session.ended
