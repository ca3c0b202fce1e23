"""The embedded Redis answers, keeps its data over a crash, and replaces one left behind."""

import os
import signal
import time
from pathlib import Path

import pytest

from bulletin_site.local import broker
from tests.support.embedded import serving

pytestmark = pytest.mark.redis


def test_what_it_stored_is_there_after_a_restart(socket: Path, tmp_path: Path) -> None:
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


def test_nobody_answers_where_nobody_listens_and_that_is_known_at_once(socket: Path) -> None:
    began = time.monotonic()
    assert not broker.answers(socket)
    assert time.monotonic() - began < 0.5
