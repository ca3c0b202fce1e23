"""A real worker and a real beat have a heartbeat each; the killed and the hanging have none."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.service import TOP, Service, own_database

pytestmark = [pytest.mark.redis, pytest.mark.timeout(300)]

HEARTBEATS = """
from digests.models import Heartbeat
print(*(f"{name} {at.isoformat()}" for name, at in Heartbeat.objects.last_seen().items()))
"""
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[tuple[Service, Start]]:
    """Tables and a Redis of our own, and how to start a process beside them."""
    with own_database(tmp_path) as database, contextlib.ExitStack() as stack:
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **database}

        def start(*words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", *words]
            process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.DEVNULL)
            stack.callback(process.wait, 30)
            stack.callback(process.kill)
            return process

        service = Service("", environment, start("bulletin_site.local.broker"))
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=TOP, env=environment, check=True)
        yield service, start


def heartbeats(service: Service) -> dict[str, datetime]:
    words = service.run(HEARTBEATS).split()
    return {
        name: datetime.fromisoformat(at) for name, at in zip(words[::2], words[1::2], strict=True)
    }


def await_heartbeats(service: Service, *names: str, after: datetime | None = None) -> None:
    deadline = time.monotonic() + 90
    while True:
        found = heartbeats(service)
        if set(names) <= found.keys() and (after is None or all(found[n] > after for n in names)):
            return
        assert time.monotonic() < deadline, found
        time.sleep(1)


def test_a_worker_has_heartbeats_without_a_beat_and_a_beat_without_a_worker(
    processes: tuple[Service, Start],
) -> None:
    service, start = processes
    celery = ("celery", "-A", "bulletin_site")
    worker = start(*celery, "worker", "-Q", "notices,reading", "-c", "1", "--without-mingle")
    beat = start(*celery, "beat")
    await_heartbeats(service, "notices", "reading", "beat")
    beat.kill()
    beat.wait()
    gone = heartbeats(service)["beat"]
    await_heartbeats(service, "notices", "reading", after=gone)
    assert heartbeats(service)["beat"] == gone
    worker.send_signal(signal.SIGSTOP)  # like one whose loop hangs
    stopped = heartbeats(service)["notices"]
    start(*celery, "beat")
    await_heartbeats(service, "beat", after=stopped)
    assert heartbeats(service)["notices"] == stopped
    assert "digests" not in heartbeats(service)
