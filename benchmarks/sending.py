"""The cost of sending a digest: `python -m benchmarks.sending` (`--help` names the parameters).

Real Celery workers, a new database of PostgreSQL and a Redis of its own; a sink on the loopback
address (`benchmarks.sink`), whose cost is counted apart. Beside it, into the same sink: Postfix's
`smtp-source`, which has its message ready and writes nothing down, as many processes with as many
kept sessions, and Django's plain way, which renders a reader's mail and sends it with
EmailMultiAlternatives.
Processor times are from /proc; the measure of PostgreSQL is that of the database's own backends.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from benchmarks import isolation
from benchmarks.chaos.stage import of_its_own
from benchmarks.measuring import Meter, family, microseconds


class Result(NamedTuple):
    """Messages, seconds, microseconds of our processes and of PostgreSQL for each message."""

    messages: int
    seconds: float
    ours: float
    database: float = 0.0

    @property
    def cost(self) -> float:
        """Microseconds for each message, all in all."""
        return self.ours + self.database


def main() -> None:
    """Measure, and print."""
    arguments = _arguments()
    isolation.begin(database=arguments.database, redis=arguments.redis)
    with tempfile.TemporaryDirectory() as name, _sink(Path(name)) as (sink, port):
        with of_its_own(arguments.database) as url:
            os.environ |= {
                "DATABASE_URL": url, "REDIS_URL": arguments.redis, "DATA_DIR": name,
                "LOG_LEVEL": "WARNING", "EMAIL_URL": f"smtp://127.0.0.1:{port}",
                "WORKER_PROCESSES": str(arguments.workers), "RETURN_PATH": "bounces@example.org",
            }  # fmt: skip
            from benchmarks import audience  # noqa: PLC0415 - Django must know its settings first

            issue = audience.made(
                arguments.readers, topics=arguments.topics, articles=arguments.articles
            )
            with contextlib.nullcontext() if arguments.redis else _broker():
                ours = _ours(arguments, issue, sink, Path(name), url)
            size = audience.size(issue)
            floor = _floor(arguments, port, size=size)
            plain = _plain(issue, arguments.plain)
        sink.send_signal(signal.SIGTERM)
        sink.wait()
        _print(ours, floor, plain, size=size)
        _account(Path(name), arguments.readers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("readers", 100_000), ("topics", 8), ("articles", 40), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--plain", type=int, default=200, help="messages sent Django's plain way")
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--redis", default="", help="an empty one; '' for the embedded one")
    return parser.parse_args()


def _ours(
    arguments: argparse.Namespace,
    issue: object,
    sink: subprocess.Popen[bytes],
    data: Path,
    url: str,
) -> Result:
    from benchmarks import audience  # noqa: PLC0415

    with _workers(arguments.workers) as pid, psycopg.connect(url, autocommit=True) as watch:
        before = microseconds(sink.pid)
        workers, backends = Meter(), Meter()
        workers.look(family(pid), known=False)
        began = time.time()
        digest = audience.published(issue)
        prepared = 0.0
        while not audience.finished(digest):
            time.sleep(0.25)
            workers.look(family(pid), known=len(family(pid)) > 1 and bool(workers.used))
            backends.look(_backends(watch))
            prepared = prepared or (time.time() - began if audience.prepared(digest) else 0.0)
        ended = time.time()
        first = float((data / "first").read_text()) - began
        messages = audience.sent(digest)
        print(f"prepared after {prepared:.1f} s, first message after {first:.1f} s")
        print(f"peak memory of a process: {workers.peak:.0f} MB")
        print(f"sink: {(microseconds(sink.pid) - before) / messages:.0f} µs a message")
    return Result(
        messages, ended - began - first, workers.used / messages, backends.used / messages
    )


@contextmanager
def _broker() -> Iterator[None]:
    """The embedded Redis, in the folder that the environment names."""
    from django.conf import settings  # noqa: PLC0415 - reads the environment

    from bulletin_site.local import broker  # noqa: PLC0415

    with subprocess.Popen([sys.executable, "-m", "bulletin_site.local.broker"]) as server:
        try:
            while not broker.answers(settings.REDIS_SOCKET):
                time.sleep(0.1)
            yield
        finally:
            server.terminate()


@contextmanager
def _workers(processes: int) -> Iterator[int]:
    command = [
        sys.executable, "-m", "celery", "-A", "bulletin_site", "worker",
        "-Q", "digests", "-c", str(processes), "--without-mingle", "--without-gossip",
    ]  # fmt: skip
    with subprocess.Popen(command, env={**os.environ, "LOG_LEVEL": "WARNING"}) as worker:
        time.sleep(6)  # until they are up
        try:
            yield worker.pid
        finally:
            worker.terminate()


def _floor(arguments: argparse.Namespace, port: str, *, size: int) -> Result | None:
    """Return what `smtp-source` costs, as many of it as there are workers, with as many sessions
    each: of three runs the one in the middle."""
    source = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")
    if source is None:
        return None
    messages = min(arguments.readers, 50_000) // arguments.workers
    command = [
        source, "-4", "-d", "-s", "4", "-m", str(messages), "-l", str(size),
        "-f", "letters@example.org", "-t", "reader@example.org", f"127.0.0.1:{port}",
    ]  # fmt: skip
    runs = [
        _run([command] * arguments.workers, messages=messages * arguments.workers) for _ in range(3)
    ]
    return sorted(runs, key=lambda run: run.ours)[1]


def _run(commands: list[list[str]], *, messages: int) -> Result:
    """Return what these cost that run at the same time."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    started = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    failed = [process.args for process in started if process.wait()]
    if failed:
        sys.exit(f"smtp-source failed: {failed}")
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.time() - began
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Result(messages, seconds, used * 1e6 / messages)


def _plain(issue: object, messages: int) -> Result:
    from benchmarks import audience  # noqa: PLC0415

    used, began = time.process_time(), time.time()
    audience.send_plainly(issue, messages)
    return Result(
        messages, time.time() - began, (time.process_time() - used) * 1e6 / max(1, messages)
    )


def _print(ours: Result, floor: Result | None, plain: Result, *, size: int) -> None:
    print(f"{'':26}{'messages':>9}{'a second':>10}{'µs ours':>9}{'µs db':>7}   {size} bytes each")
    for name, row in (("Bulletin", ours), ("smtp-source", floor), ("Django's plain way", plain)):
        if row is not None:
            rate = row.messages / row.seconds
            print(f"{name:26}{row.messages:9}{rate:10.0f}{row.ours:9.0f}{row.database:7.0f}")
    if floor is not None:
        print(f"{ours.cost / floor.cost:.2f} x smtp-source")
    print(f"1/{plain.cost / ours.cost:.0f} of the plain way")


def _account(data: Path, readers: int) -> None:
    ids = [each for each in (data / "ids").read_text().split("\n") if each.startswith("20")]
    print(f"{readers} readers, {len(ids)} mails, {len(ids) - len(set(ids))} copies too many")


@contextmanager
def _sink(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(folder)]) as sink:
        while not (folder / "port").exists():
            time.sleep(0.05)
        try:
            yield sink, (folder / "port").read_text()
        finally:
            sink.terminate()


def _backends(watch: psycopg.Connection) -> list[int]:
    rows = watch.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND application_name <> 'bench'",
    )  # fmt: skip
    return [pid for (pid,) in rows]


if __name__ == "__main__":
    main()
