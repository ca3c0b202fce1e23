"""What a mail server says is understood the same, however the network cuts it."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.delivery import Accepted, Deferred, Outcome, Rejected, Uncertain
from mail.smtp.handshake import Connection, Deadline
from mail.smtp.outgoing_queue import OutgoingMessage
from mail.smtp.session import SmtpSession
from tests.smtp.conftest import a_message

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


class Conversation:
    """Letters that are handed over one behind the other to a server that says `OPENED` to the
    first, and one of `groups` to each text and what follows it, `size` bytes at a time."""

    def __init__(self, *groups: Sequence[str], size: int) -> None:
        ours, self._theirs = socket.socketpair()
        connection = Connection(ours, deadline=Deadline(5))
        connection.extensions = {"PIPELINING": ""}
        self._size = size
        self.outcomes: list[tuple[int, Outcome]] = []
        self.session = SmtpSession(connection, timeout=5, final=5)
        with closing(self._theirs), closing(self.session):
            self.session.offer(OutgoingMessage(0, a_message()))
            self._hear(OPENED)
            for n, group in enumerate(groups, 1):
                if self.session.transactions.ready:
                    self.session.send_text(OutgoingMessage(n, a_message()))
                    self._hear(group)
            self.sent = self._theirs.recv(65_536)

    def _hear(self, group: Sequence[str]) -> None:
        said = "".join(f"{answer}\r\n" for answer in group).encode()
        for start in range(0, len(said), self._size):
            self._theirs.sendall(said[start : start + self._size])
            self.session.receive()
            self.outcomes += self.session.transactions.take_settled()

    @property
    def end(self) -> tuple[list[tuple[int, Outcome]], bool, int | None, int | None]:
        """What became of the letters, whether the session is over, which letter is ready, and
        which may go by another."""
        transactions = self.session.transactions
        ready, unsent = (
            each.key if each else None for each in (transactions.ready, transactions.unsent)
        )
        return self.outcomes, self.session.ended, ready, unsent


@given(groups=st.lists(st.tuples(ends, openings), max_size=4), size=st.integers(2, 400))
@settings(deadline=None)
def test_answers_mean_the_same_one_by_one_and_together(
    groups: list[tuple[str, tuple[str, str, str]]], size: int
) -> None:
    flat = [(end, *opening) for end, opening in groups]
    together, one_by_one = Conversation(*flat, size=size), Conversation(*flat, size=1)
    assert together.end == one_by_one.end
    assert together.sent == one_by_one.sent


@pytest.mark.parametrize("size", [1, 1000])
def test_one_text_is_answered_and_the_next_one_asked_for(size: int) -> None:
    conversation = Conversation((KEPT, *OPENED), (KEPT, *OPENED), size=size)
    kept = Accepted("2.0.0 Ok: queued as 4XQ2", 250)
    assert conversation.end == ([(0, kept), (1, kept)], False, 2, None)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_refusal_among_the_answers_is_that_of_the_letter_behind(size: int) -> None:
    conversation = Conversation((KEPT, *REFUSED), size=size)
    (_, first), (_, second) = conversation.outcomes
    assert isinstance(first, Accepted)
    assert second == Rejected("5.1.1 Who?", 550)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_text_that_is_put_off_leaves_the_letter_behind_as_it_is(size: int) -> None:
    conversation = Conversation(("452 4.2.2 Full for now", *OPENED), size=size)
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


def answered_early(*answers: str, size: int, out: int) -> SmtpSession:
    """A session that heard `answers` when `out` bytes of a text's end were out: those of its final
    dot, and of the commands of the letter behind."""
    ours, theirs = socket.socketpair()
    narrow = Narrow(fileno=ours.detach())
    connection = Connection(narrow, deadline=Deadline(5))
    connection.extensions = {"PIPELINING": ""}
    session = SmtpSession(connection, timeout=5, final=5)
    with closing(theirs), closing(session):
        session.offer(OutgoingMessage(0, a_message()))
        theirs.sendall("".join(f"{answer}\r\n" for answer in OPENED).encode())
        session.receive()
        narrow.room = len(a_message().data) + out
        session.send_text(OutgoingMessage(1, a_message()))
        said = "".join(f"{answer}\r\n" for answer in answers).encode()
        for start in range(0, len(said), size):
            theirs.sendall(said[start : start + size])
            session.receive()
    return session


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("answer", [KEPT, "550 5.7.1 No", "290 x", BUSY])
@pytest.mark.parametrize(
    ("out", "kind"), [(-10, Deferred), (0, Deferred), (1, Uncertain), (2, Uncertain)]
)
def test_an_answer_to_a_text_that_is_not_out_yet_ends_the_session_and_is_not_believed(
    answer: str, size: int, out: int, kind: type[Outcome]
) -> None:
    session = answered_early(answer, *OPENED, size=size, out=out)
    assert [(key, type(outcome)) for key, outcome in session.transactions.settled] == [(0, kind)]
    assert session.ended
    assert session.transactions.ready is None
    assert session.transactions.unsent


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("out", [3, 4, 20])
def test_an_answer_to_a_text_counts_when_its_end_is_out(size: int, out: int) -> None:
    session = answered_early(KEPT, size=size, out=out)
    assert [(key, type(outcome)) for key, outcome in session.transactions.settled] == [
        (0, Accepted)
    ]
    assert not session.ended
