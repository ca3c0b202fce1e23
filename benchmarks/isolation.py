"""The isolation of a benchmark from what is real, before anything else.

To be called before Django's settings are loaded.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dotenv import dotenv_values
from redis import Redis

from bulletin_site.local.isolation import REACHING_OUT, NotIsolated, require_isolation

TOP = Path(__file__).resolve().parent.parent
NO_FILE = "/dev/null"  # as ENV_FILE: the checkout's own settings are none of a trial's


def begin(*, database: str = "", redis: str = "", but: tuple[str, ...] = ()) -> None:
    """Take nothing of the caller's settings or the checkout's .env. Ends the process where these
    reach out, `but` for what is named, or where `database` (a URL, beside which a new one is made)
    has readers or `redis` anything in it."""
    environment = {**dotenv_values(os.environ.get("ENV_FILE") or TOP / ".env"), **os.environ}
    own = {name for name in ("DATABASE_URL",) if environment.get(name) == database}
    try:
        found = {name: value or "" for name, value in environment.items()}
        require_isolation(found, readers=_readers(database), but={*own, "REDIS_URL", *but})
    except NotIsolated as error:
        what = f"{error.names} set" if error.names else f"{error.readers} readers in that database"
        sys.exit(f"Not here: there is {what}. A trial needs a machine and a database without them.")
    if redis and Redis.from_url(redis).dbsize():
        sys.exit("Not here: that Redis is not empty.")
    for name in REACHING_OUT:
        os.environ.pop(name, None)
    os.environ["ENV_FILE"] = NO_FILE


def _readers(database: str) -> int:
    """Return how many readers there are in the database that a URL names."""
    if not database.startswith("postgres"):
        return 0
    import psycopg  # noqa: PLC0415 - the memory of what uses no PostgreSQL is measured without it

    with psycopg.connect(database, connect_timeout=10) as connection:
        if connection.execute("SELECT to_regclass('subscribers_subscriber')").fetchone() == (None,):
            return 0
        row = connection.execute("SELECT count(*) FROM subscribers_subscriber").fetchone()
        return int(row[0]) if row else 0
