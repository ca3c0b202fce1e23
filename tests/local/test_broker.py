"""The embedded Redis answers, keeps its data over a crash, and replaces one left behind."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from bulletin_site.local import broker
from bulletin_site.local.processes import Crew, Process

pytestmark = pytest.mark.redis


@pytest.fixture
def socket() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # a path short enough for a socket
        yield Path(folder) / "redis.sock"


@contextmanager
def serving(socket: Path, data: Path) -> Iterator[Redis]:
    code = (
        "from pathlib import Path; from bulletin_site.local import broker;"
        f"broker.serve(Path({str(socket)!r}), data=Path({str(data)!r}))"
    )
    broker.end_left_over(socket)
    with Crew(data.parent / "log") as crew:
        crew.start(Process("broker", (sys.executable, "-c", code)))
        deadline = time.monotonic() + 20
        while not broker.answers(socket):
            crew.check()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with Redis(unix_socket_path=str(socket)) as client:
            yield client


def test_what_it_was_told_is_there_after_a_restart(socket: Path, tmp_path: Path) -> None:
    with serving(socket, tmp_path / "data") as client:
        client.rpush("bells", "one", "two")
    with serving(socket, tmp_path / "data") as client:
        assert client.lrange("bells", 0, -1) == [b"one", b"two"]


def test_a_server_whose_keeper_was_killed_is_replaced(socket: Path, tmp_path: Path) -> None:
    with serving(socket, tmp_path / "data") as client:
        client.set("kept", "yes")
        server = int(client.info()["process_id"])
        keeper = int(Path(f"/proc/{server}/stat").read_text().split()[3])
        time.sleep(1.5)  # appendfsync everysec
        os.kill(keeper, signal.SIGKILL)
    with serving(socket, tmp_path / "data") as client:
        assert client.get("kept") == b"yes"
        assert client.info()["process_id"] != server


def test_nobody_answers_where_nobody_listens(socket: Path) -> None:
    assert not broker.answers(socket)
