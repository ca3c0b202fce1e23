"""The speed at which a digest is opened: `python -m benchmarks.opening [--readers 1000000]`.

Everything from publishing to the stamp that who gets what is written down, on PostgreSQL, with
the statements that workers run; beside it, as a measure of the machine, PostgreSQL copying as
many rows of five columns with one index. The ratio of processor times is the one to go by where
the machine has other work.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg

from benchmarks import isolation
from benchmarks.chaos.stage import of_its_own
from benchmarks.measuring import microseconds


class Cost(NamedTuple):
    """Seconds by the clock, and microseconds of the processor of PostgreSQL's process."""

    seconds: float
    processor: float


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--topics", type=int, default=8)
    parser.add_argument(
        "--weekly", action="store_true", help="readers of a weekly mail, which is opened then, too"
    )
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    given = parser.parse_args()
    isolation.begin(database=given.database)
    with tempfile.TemporaryDirectory() as name, of_its_own(given.database) as url:
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": name, "LOG_LEVEL": "WARNING"}
        from django.db import connection  # noqa: PLC0415 - Django must know its settings first

        from benchmarks import audience  # noqa: PLC0415

        issue, before = audience.made(given.readers, topics=given.topics, articles=40), _peak()
        if given.weekly:
            audience.mailed_weekly()
        with _cost_of(connection.connection) as opening:
            counts = audience.opened(issue)
        if given.weekly:
            print(f"the issue, for nobody yet: {opening[0].seconds:.1f} s")
            with _cost_of(connection.connection) as opening:
                counts = audience.opened_weekly(issue)
        with psycopg.connect(url, autocommit=True) as bare, _cost_of(bare) as copying:
            _copy(bare)
        _print(given.readers, opening[0], copying[0])
        print(f"peak memory: {before} MB before, {_peak()} MB after")
        print(f"{counts.waiting} waiting + {counts.excluded} excluded of {counts.candidates}")


@contextmanager
def _cost_of(connection: psycopg.Connection[Any]) -> Iterator[list[Cost]]:
    """Measure what is done over a connection; the cost is in the list at the end."""
    cost: list[Cost] = []
    pid = connection.info.backend_pid
    began, used = time.monotonic(), microseconds(pid)
    yield cost
    cost.append(Cost(time.monotonic() - began, microseconds(pid) - used))


def _copy(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE bare (id bigint, a bigint, b bigint, c text, d text)")
    connection.execute("CREATE INDEX ON bare (id)")
    connection.execute(
        "INSERT INTO bare SELECT id, digest_id, edition_id, status, reason FROM digests_delivery"
    )


def _print(readers: int, opening: Cost, copying: Cost) -> None:
    print(f"{readers} readers: {opening.seconds:.1f} s, ", end="")
    print(f"{opening.seconds / copying.seconds:.1f} x a bare copy")
    print(f"processor of PostgreSQL: {opening.processor / readers:.1f} µs a reader, ", end="")
    print(f"{opening.processor / copying.processor:.1f} x a bare copy")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
