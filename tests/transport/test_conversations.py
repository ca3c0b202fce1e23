"""What a mail server says is understood the same, however the network cuts it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin_site.mail.transport import Accepted, Outcome, Refused, Unavailable
from bulletin_site.mail.transport.connecting import Connection, Patience
from bulletin_site.mail.transport.letters import Letter
from bulletin_site.mail.transport.talking import Talk
from tests.transport.conftest import a_message

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
        connection = Connection(ours, patience=Patience(5))
        connection.extensions = {"PIPELINING": ""}
        self._size = size
        self.outcomes: list[tuple[int, Outcome]] = []
        self.talk = Talk(connection, timeout=5)
        with closing(self._theirs), closing(self.talk):
            self.talk.offer(Letter(0, a_message()))
            self._hear(OPENED)
            for n, group in enumerate(groups, 1):
                if self.talk.letters.ready:
                    self.talk.hand_over(Letter(n, a_message()))
                    self._hear(group)
            self.sent = self._theirs.recv(65_536)

    def _hear(self, group: Sequence[str]) -> None:
        said = "".join(f"{answer}\r\n" for answer in group).encode()
        for start in range(0, len(said), self._size):
            self._theirs.sendall(said[start : start + self._size])
            self.talk.receive()
            self.outcomes += self.talk.letters.take_settled()

    @property
    def end(self) -> tuple[list[tuple[int, Outcome]], bool, int | None, int | None]:
        """What became of the letters, whether the session is over, which letter is ready, and
        which may go by another."""
        letters = self.talk.letters
        ready, spared = (each.key if each else None for each in (letters.ready, letters.spared))
        return self.outcomes, self.talk.ended, ready, spared


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
    assert second == Refused("5.1.1 Who?", 550)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_text_that_is_put_off_leaves_the_letter_behind_as_it_is(size: int) -> None:
    conversation = Conversation(("452 4.2.2 Full for now", *OPENED), size=size)
    assert conversation.end == ([(0, Unavailable("4.2.2 Full for now", 452))], False, 1, None)


@pytest.mark.parametrize("size", [1, 1000])
def test_an_answer_to_a_text_that_is_not_out_yet_ends_the_session(size: int) -> None:
    ours, theirs = socket.socketpair()
    connection = Connection(ours, patience=Patience(5))
    connection.extensions = {"PIPELINING": ""}
    talk = Talk(connection, timeout=5)
    with closing(theirs), closing(talk):
        talk.offer(Letter(0, a_message(text="Water.\r\n" * 1_000_000)))
        theirs.sendall("".join(f"{answer}\r\n" for answer in OPENED).encode())
        talk.receive()
        talk.hand_over(Letter(1, a_message()))
        assert talk.wire.unsent
        said = "".join(f"{answer}\r\n" for answer in (KEPT, *OPENED)).encode()
        for start in range(0, len(said), size):
            theirs.sendall(said[start : start + size])
            talk.receive()
    assert talk.ended
    assert talk.letters.ready is None
