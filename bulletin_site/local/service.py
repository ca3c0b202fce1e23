"""The processes that make up the service on one machine."""

from __future__ import annotations

import fcntl
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bulletin_site.local import broker
from bulletin_site.local.supervisor import Process, Supervisor


class AlreadyRunning(Exception):
    """Another process runs the service from this data directory."""


class PortTaken(Exception):
    """Somebody else listens on a port that we need; `port` says which, `variable` moves us."""

    def __init__(self, port: int, variable: str) -> None:
        super().__init__(port)
        self.port = port
        self.variable = variable


class NotReadyInTime(Exception):
    """A server did not answer in time."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the data directory for this process. Raises AlreadyRunning."""
    with Path(settings.DATA_DIR, "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


def start_servers(supervisor: Supervisor) -> None:
    """Start what the service leans on and the environment does not name: broker, mail catcher."""
    _check_ports()
    if not settings.REDIS_URL:
        broker.end_left_over(settings.REDIS_SOCKET)
        supervisor.start(_server("broker", "-m", "bulletin_site.local.broker"))
        _wait(supervisor, lambda: broker.answers(settings.REDIS_SOCKET))
    if settings.MAIL_IS_CAUGHT:
        supervisor.start(_server("catcher", "-m", "bulletin_site.local.catcher"))
        _wait(supervisor, lambda: _listens(settings.EMAIL_PORT) and _listens(settings.CATCHER_PORT))


def start_site(supervisor: Supervisor) -> None:
    """Start the site, the workers and the beat.

    Each queue has a worker of its own, so that neither a long digest nor a PDF that takes
    minutes to read delays a reader's confirmation.
    """
    supervisor.start(_python("web", "-m", "gunicorn", "bulletin_site.wsgi"))
    supervisor.start(_worker("digests", size=settings.WORKER_PROCESSES))
    supervisor.start(_worker("notices", size=1))
    supervisor.start(_worker("reading", size=1))
    supervisor.start(_python("beat", "-m", "celery", "-A", "bulletin_site", "beat"))
    _wait(supervisor, lambda: _listens(settings.PORT))


def _worker(queue: str, *, size: int) -> Process:
    return _python(
        f"worker-{queue}", "-m", "celery", "-A", "bulletin_site", "worker",
        "-Q", queue, "-c", str(size), "-n", f"{queue}@%h", "--without-mingle",
    )  # fmt: skip


def _python(name: str, *arguments: str) -> Process:
    return Process(name, (sys.executable, *arguments))


def _server(name: str, *arguments: str) -> Process:
    return Process(name, (sys.executable, *arguments), is_dependency=True)


def _check_ports() -> None:
    wanted = {settings.PORT: "PORT"}
    if settings.MAIL_IS_CAUGHT:
        wanted |= {settings.EMAIL_PORT: "CATCHER_SMTP_PORT", settings.CATCHER_PORT: "CATCHER_PORT"}
    for port, variable in wanted.items():
        if _listens(port):
            raise PortTaken(port, variable)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(supervisor: Supervisor, ready: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        supervisor.check()
        if time.monotonic() > deadline:
            raise NotReadyInTime
        time.sleep(0.1)
