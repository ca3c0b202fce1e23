"""Messages, and their delivery to a server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from mail.delivery import Message, Outcome
from mail.delivery.server_group import ServerGroup
from mail.servers import Server


def a_message(recipient: str = "reader@example.org", *, text: str = "Hello") -> Message:
    data = f"Subject: News\r\n\r\n{text}\r\n".encode()
    return Message(sender="letters@example.org", recipient=recipient, pieces=[data])


def deliver(server: Server, *messages: Message, sessions: int = 1) -> list[Outcome]:
    """The outcomes of `messages` in their order, each settled once and begun before that."""
    outcomes: dict[int, Outcome] = {}

    def on_progress(settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        assert not outcomes.keys() & {key for key, _ in settled}
        assert not outcomes.keys() & set(begun)
        outcomes.update(settled)

    with closing(ServerGroup([server], sessions=sessions)) as server_group:
        server_group.deliver(iter(enumerate(messages)), on_progress=on_progress)
    return [outcomes[n] for n in sorted(outcomes)]
