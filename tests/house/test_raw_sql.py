"""Raw SQL names the tables of sending alone; all else is asked by Django's models."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

TOP = Path(settings.BASE_DIR)
ROOMS = (
    "bulletin_site",
    "backoffice",
    "digests",
    "issues",
    "subscribers",
    "publications",
    "audit_log",
)
TABLES = (
    "digest",
    "edition",
    "batch",
    "delivery",
    "carriedissue",
    "pendingissue",
    "pendingarticle",
)
SENDING = {f"digests_{name}" for name in TABLES}
# What the database knows of its surroundings is PostgreSQL's own, and counted in one statement.
RESTORED_BACKUP = {"digests_origin", "digests_folder"}
SQL = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\b|::regclass")
TABLE = re.compile(r"\b(?:digests|issues|subscribers|publications|auth)_[a-z_]+\b")


def tables(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if SQL.search(text):
                yield from TABLE.findall(text)


def test_raw_sql_names_the_tables_of_sending_alone() -> None:
    found = {
        (str(path.relative_to(TOP)), table)
        for room in ROOMS
        for path in (TOP / room).rglob("*.py")
        if "migrations" not in path.parts
        for table in tables(path.read_text(encoding="utf-8"))
        if table not in SENDING
    }
    assert found == {("digests/sending/restored_backup.py", table) for table in RESTORED_BACKUP}


def test_a_table_of_another_room_is_found() -> None:
    assert list(tables("'SELECT 1 FROM subscribers_subscriber'")) == ["subscribers_subscriber"]
