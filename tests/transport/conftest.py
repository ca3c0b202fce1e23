"""What the tests of handing over share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from bulletin_site.mail.servers import Server
from bulletin_site.mail.transport import Message, Outcome
from bulletin_site.mail.transport.fleet import Fleet
from tests.transport.odd import Odd, serving


def a_message(recipient: str = "reader@example.org", *, text: str = "Hello") -> Message:
    data = f"Subject: News\r\n\r\n{text}\r\n".encode()
    return Message(sender="letters@example.org", recipient=recipient, pieces=[data])


@pytest.fixture
def odd() -> Iterator[Odd]:
    """A mail server that answers as it is told."""
    with serving(Odd()) as running:
        yield running


def hand_over(server: Server, *messages: Message, sessions: int = 1) -> list[Outcome]:
    """The outcomes of `messages` in their order, each settled once and begun before that."""
    outcomes: dict[int, Outcome] = {}

    def note(settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        assert not outcomes.keys() & {key for key, _ in settled}
        assert not outcomes.keys() & set(begun)
        outcomes.update(settled)

    with closing(Fleet([server], sessions=sessions)) as fleet:
        fleet.hand_over(iter(enumerate(messages)), note=note)
    return [outcomes[n] for n in sorted(outcomes)]
