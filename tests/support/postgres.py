"""A PostgreSQL of a test's own, which can be restarted and silenced."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@dataclass(frozen=True)
class Postgres:
    """A running server: where its files are, and its address."""

    folder: Path
    url: str

    @contextmanager
    def away(self) -> Iterator[None]:
        """Meanwhile nobody listens: it is stopped at once, as by a crash, and started again."""
        _run("pg_ctl", "-w", "-s", "-D", self.folder, "-m", "immediate", "stop")
        try:
            yield
        finally:
            _start(self.folder)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Meanwhile it takes connections and says nothing."""
        server = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        pids = [server, *map(int, children)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server on the loopback address; the test is skipped where PostgreSQL is not installed."""
    if not _FOUND:
        pytest.skip("there is no PostgreSQL on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "data")
        folder.mkdir()
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(place, "postgres")
            shutil.chown(folder, "postgres")
        _run("initdb", "-D", folder, "-A", "trust", "-U", "postgres", "-N")
        with (folder / "postgresql.conf").open("a") as file:
            file.write(f"port = {port}\nunix_socket_directories = '{folder}'\nfsync = off\n")
        _start(folder)
        try:
            yield Postgres(folder, f"postgres://postgres@127.0.0.1:{port}/postgres")
        finally:
            _run("pg_ctl", "-w", "-s", "-D", folder, "-m", "immediate", "stop")


def _start(folder: Path) -> None:
    _run("pg_ctl", "-w", "-s", "-D", folder, "-l", folder / "log", "start")


def _run(program: str, *words: object) -> None:
    as_whom = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*as_whom, str(_FOUND[-1] / program), *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
