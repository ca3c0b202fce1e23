"""The embedded Redis, for tests that need a real one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from bulletin_site.local import broker
from bulletin_site.local.supervisor import Process, Supervisor


@contextmanager
def serving(socket: Path, data: Path) -> Iterator[Redis]:
    """A client of a server that listens on `socket` and keeps its data in `data`."""
    code = (
        "from pathlib import Path; from bulletin_site.local import broker;"
        f"broker.serve(Path({str(socket)!r}), data=Path({str(data)!r}))"
    )
    broker.end_left_over(socket)
    with Supervisor(data.parent / "log") as supervisor:
        supervisor.start(Process("broker", (sys.executable, "-c", code)))
        deadline = time.monotonic() + 20
        while not broker.answers(socket):
            supervisor.check()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with broker.client(socket) as client:
            yield client
