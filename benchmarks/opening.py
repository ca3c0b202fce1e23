"""How fast a digest is opened: `python -m benchmarks.opening [--readers 1000000]`.

Everything from publishing to the stamp that who gets what is written down, on PostgreSQL, with
the statements that workers run; beside it, as a measure of the machine, PostgreSQL copying as
many rows of five columns with one index.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time

import psycopg

from benchmarks import trial
from benchmarks.chaos.stage import of_its_own


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--topics", type=int, default=8)
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    given = parser.parse_args()
    trial.begin(database=given.database)
    with tempfile.TemporaryDirectory() as name, of_its_own(given.database) as url:
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": name, "LOG_LEVEL": "WARNING"}
        from benchmarks import audience  # noqa: PLC0415 - Django must know its settings first

        issue = audience.made(given.readers, topics=given.topics, articles=40)
        before, began = _peak(), time.monotonic()
        counts = audience.opened(issue)
        seconds = time.monotonic() - began
        copied = _copied(url)
        print(f"{given.readers} readers: {seconds:.1f} s, {seconds / copied:.1f} x a bare copy")
        print(f"peak memory: {before} MB before, {_peak()} MB after")
        print(f"{counts.waiting} waiting + {counts.excluded} excluded of {counts.candidates}")


def _copied(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        began = time.monotonic()
        connection.execute("CREATE TABLE bare (id bigint, a bigint, b bigint, c text, d text)")
        connection.execute("CREATE INDEX ON bare (id)")
        connection.execute(
            "INSERT INTO bare SELECT id, digest_id, edition_id, status, reason"
            " FROM digests_delivery"
        )
        return time.monotonic() - began


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
