"""Link keys: a number of a row's own, without which no token or return path names the row.

The number by which the database knows a row would not do: a database that is restored from a
backup gives the numbers of the rows that it lost to other rows. So each row that is named in mail
has a link key of 32 bits, drawn at random when the row is made. It is known to whoever has such a
link, and no secret: the seal keeps others from making links.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, F, Func
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

MANY = 1 << 32  # how many there are


def drawn() -> int:
    """A link key for a new row, or for one whose links are to end."""
    return secrets.randbelow(MANY)


def following() -> Combinable:
    """The link key after that of the row, for an UPDATE."""
    return (F("link_key") + 1) % MANY


def after(link_key: int) -> int:
    """What `following` gives for a row with that link key."""
    return (link_key + 1) % MANY


def is_former(link_key: int, *, of: int) -> bool:
    """Whether `link_key` is one that the row with the link key `of` has or had: `following` was
    taken so many times since. Of another row's this says so once in 400,000."""
    return 0 <= (of - link_key) % MANY < 10_000


class Drawn(Func):
    """A link key drawn by the database itself: for rows that it makes, and for those of a process
    that does not know the column yet."""

    output_field = BigIntegerField[int, int]()
    template = f"(random() & {MANY - 1})"  # of SQLite

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> Any:
        """On PostgreSQL, each row anew."""
        template = f"floor(random() * {MANY})::bigint"
        return self.as_sql(compiler, connection, template=template, **more)


def link_key_field() -> BigIntegerField[int, int]:
    """The column of a row's link key."""
    return BigIntegerField(default=drawn, db_default=Drawn(), editable=False)
