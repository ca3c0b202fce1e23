"""The whole service, started as its operator would, with a database and a mailbox of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, cached_property
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest
from django.conf import settings

from tests.support.django_shell import DjangoShell

TOP = Path(settings.BASE_DIR)
CHROMIUM = next(
    (
        path
        for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser"))
        if path.exists()
    ),
    None,
)


@dataclass(frozen=True)
class Service:
    """A running service: its address, its environment, the mail in its inbox."""

    url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def data(self) -> Path:
        """Its data directory."""
        return Path(self.environment["DATA_DIR"])

    def run(self, code: str) -> str:
        """What `code` prints in a Django shell of the service."""
        return self._shell.run(code)

    @cached_property
    def _shell(self) -> DjangoShell:
        return DjangoShell(cwd=TOP, env=self.environment)

    def caught(self) -> dict[str, list[EmailMessage]]:
        """The caught mails by recipient."""
        mails: dict[str, list[EmailMessage]] = {}
        for file in (self.data / "caught" / "new").glob("*"):
            mail = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
            mails.setdefault(str(mail["X-Caught-For"]), []).append(mail)
        return mails

    def mail_to(self, address: str, *, seconds: float = 30) -> EmailMessage:
        """The newest mail to `address`, waited for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if mails := self.caught().get(address):
                return mails[-1]
            time.sleep(0.2)
        pytest.fail(f"no mail to {address}; {self.logs()}")

    def logs(self) -> str:
        """The ends of all logs, for a failing test."""
        return "\n".join(
            f"--- {log.name}\n{log.read_text()[-1500:]}" for log in self.data.glob("log/*.log")
        )


@contextlib.contextmanager
def own_database(data: Path) -> Iterator[dict[str, str]]:
    """A new database beside the one that the suite runs on: SQLite, with its tables, or an empty
    one on the same PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        (data / "bulletin.sqlite3").write_bytes(_migrated())
        yield {}
        return
    name = f"journey_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def _migrated() -> bytes:
    """A SQLite database with all tables, made once: each service would take ten seconds to."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": folder}
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=TOP, env=environment, check=True)
        return Path(folder, "bulletin.sqlite3").read_bytes()


def await_site(running: Service) -> None:
    """Wait until the site answers: seconds, or minutes beside other work."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with contextlib.suppress(URLError), urlopen(running.url):
            return
        assert running.process.poll() is None, running.logs()
        time.sleep(0.2)
    pytest.fail(f"the site does not answer; {running.logs()}")
