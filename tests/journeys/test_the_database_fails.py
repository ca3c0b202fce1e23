"""The site as gunicorn serves it, while its PostgreSQL is restarted, and while it is silent."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.ports import free_ports
from tests.support.postgres import Postgres, postgres
from tests.support.service import TOP


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL of our own."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def port(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where gunicorn serves the site, in one process with four threads."""
    (port,) = free_ports(1)
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path_factory.mktemp("site")),
        "DATABASE_URL": server.url,
    }
    run = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(run, cwd=TOP, env=environment, check=True)
    subprocess.run(
        [*run[:2], "collectstatic", "--no-input", "-v0"], cwd=TOP, env=environment, check=True
    )
    bind = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", "1", "--threads", "4"]
    site = subprocess.Popen([*command, "bulletin_site.wsgi"], cwd=TOP, env=environment)
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError):
            asked(port, "/")
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield port
    site.terminate()
    site.wait(30)


def asked(port: int, path: str) -> tuple[int, float]:
    """The status of a page, and after how many seconds it came."""
    began = time.monotonic()
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as http:
        http.request("GET", path)
        return http.getresponse().status, time.monotonic() - began


def test_after_a_restart_of_the_database_no_page_fails(server: Postgres, port: int) -> None:
    assert [asked(port, "/")[0] for _ in range(8)] == [200] * 8  # a kept connection a thread
    with server.away():
        assert asked(port, "/healthz")[0] == 503
    assert [asked(port, "/")[0] for _ in range(8)] == [200] * 8


def test_while_the_database_is_silent_the_health_address_says_so_within_a_second(
    server: Postgres, port: int
) -> None:
    with server.silent():
        for _ in range(3):
            status, seconds = asked(port, "/healthz")
            assert status == 503
            assert seconds < 1.5  # of a busy machine


def test_who_connects_to_a_silent_database_gives_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://postgres@127.0.0.1:{silent.getsockname()[1]}/postgres"
        ran = subprocess.run(
            [sys.executable, "manage.py", "showmigrations"],
            cwd=TOP,
            env={"DATA_DIR": str(tmp_path), "DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "OperationalError" in ran.stderr
