"""The service under test: `manage.py serve`, with a database and a mail server of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis

from benchmarks.isolation import NO_FILE
from tests.support.ports import free_ports

TOP = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 300.0  # seconds


@dataclass(slots=True)
class Stage:
    """The places of everything. `smtp` are the ports of two mail servers with one mood, which take
    `slow` seconds for each text; `cluster` is the folder of a PostgreSQL of our own, if there is
    one."""

    data: Path
    environment: dict[str, str]
    smtp: tuple[int, ...]
    cluster: Path | None = None
    slow: float = 0.0

    def run(self, code: str) -> str:
        """Return what `code` prints in a Django shell of the service."""
        return self.start(code).communicate()[0].strip()

    def start(self, code: str) -> subprocess.Popen[str]:
        """The same, without waiting for it."""
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
        return subprocess.Popen(
            command, cwd=TOP, env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def mood(self, mood: str) -> None:
        """Have the mail server behave so from now on."""
        (self.data / "mood").write_text(mood)

    def taken(self) -> list[str]:
        """The Message-IDs of what the mail server took, in order."""
        return [line.split()[0] for line in self._lines("taken")]

    def unanswered(self) -> int:
        """Return after how many texts the mail server said nothing."""
        return len(self._lines("unanswered"))

    def _lines(self, name: str) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return (self.data / name).read_text().splitlines()
        return []

    def redis(self) -> Redis:
        """The embedded Redis."""
        where = self.run("from django.conf import settings; print(settings.REDIS_SOCKET)")
        return Redis(unix_socket_path=where)

    def processes(self, word: str) -> list[int]:
        """The service's processes with a word in their command line."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = f"DATA_DIR={self.data}".encode() in (folder / "environ").read_bytes()
                if ours and word.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return sorted(found)

    def serve_mail(self, port: int) -> subprocess.Popen[bytes]:
        """Start the mail server of a port."""
        words = [str(port), str(self.data), str(self.slow)]
        command = [sys.executable, "-m", "benchmarks.chaos.flaky", *words]
        return subprocess.Popen(command, cwd=TOP, env=self.environment)

    def end(self, word: str) -> None:
        """Kill the processes with a word in their command line."""
        for pid in self.processes(word):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def restart_postgres(self) -> None:
        """Stop our PostgreSQL at once, as a crash does, and start it again."""
        if self.cluster:
            _pg_ctl(self.cluster, "-m", "immediate", "restart")


@contextlib.contextmanager
def staged(database: str | None, *, slow: float = 0.0) -> Iterator[Stage]:
    """A running service on `database` (a URL), on a PostgreSQL of our own, or on SQLite (""),
    whose mail servers take `slow` seconds for each text."""
    with contextlib.ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        data.chmod(0o755)
        cluster = data / "postgres" if database is None else None
        if cluster:
            database = stack.enter_context(_cluster(cluster))
        web, catcher, *smtp = free_ports(4)
        environment = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": NO_FILE,
            "DATA_DIR": str(data),
            "PORT": str(web),
            "CATCHER_PORT": str(catcher),
            "EMAIL_URL": " ".join(f"smtp://127.0.0.1:{port}/?timeout=4&final=4" for port in smtp),
            "SITE_URL": f"http://localhost:{web}",
            "SEND_LEASE_SECONDS": "6",
            "LOG_LEVEL": "WARNING",
            "CHAOS": "true",
            **({"DATABASE_URL": database} if database else {}),
        }
        (data / "mood").write_text("well")
        (data / "chaos").mkdir()
        stage = Stage(data, environment, tuple(smtp), cluster, slow)
        for port in smtp:
            stage.serve_mail(port)
        stack.callback(stage.end, "benchmarks.chaos.flaky")
        stack.enter_context(_running([sys.executable, "manage.py", "serve"], environment))
        _await_port(web)
        yield stage


@contextlib.contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextlib.contextmanager
def of_its_own(url: str) -> Iterator[str]:
    """A new database beside the one that a URL names, and dropped in the end."""
    name = f"trial_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own; it will not run as root, so it runs as its own user."""
    folder.mkdir()
    shutil.chown(folder, "postgres", "postgres")
    (port,) = free_ports(1)
    _as_postgres(_binary("initdb"), "-D", folder, "-A", "trust", "-U", "postgres")
    _pg_ctl(folder, "-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", "start")
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        _pg_ctl(folder, "-m", "immediate", "stop")


def _pg_ctl(folder: Path, *words: Any) -> None:
    _as_postgres(_binary("pg_ctl"), "-w", "-s", "-D", folder, "-l", folder / "log", *words)


def _as_postgres(*command: Any) -> None:
    subprocess.run(
        ["runuser", "-u", "postgres", "--", *map(str, command)],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )


def _binary(name: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        raise SystemExit("There is no PostgreSQL here; give --database a URL, or '' for SQLite.")
    return found[-1]


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise SystemExit("The service did not start.")
