"""Link keys: a number of a row's own, without which no token or return path names the row.

The number by which the database knows a row would not do: a database that is restored from a
backup gives the numbers of the rows that it lost to other rows. So each row that is named in mail
has a link key of 32 bits, random, made with the row. It is known to whoever has such a link, and
no secret: the MAC keeps others from making links.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, F, Func
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

LINK_KEYS = 1 << 32  # how many there are


def random_link_key() -> int:
    """Return a link key for a new row, or for one whose links are to end."""
    return secrets.randbelow(LINK_KEYS)


def next_link_key() -> Combinable:
    """Return the link key after that of the row, as an expression for an UPDATE."""
    return (F("link_key") + 1) % LINK_KEYS


def link_key_after(link_key: int) -> int:
    """Return what `next_link_key` gives for a row with that link key."""
    return (link_key + 1) % LINK_KEYS


def is_same_or_former(link_key: int, *, of: int) -> bool:
    """Return whether `link_key` is one that the row with the link key `of` has or had, if each
    after the first was made by `next_link_key`. Wrong for one in 400,000 of other rows."""
    return 0 <= (of - link_key) % LINK_KEYS < 10_000


class RandomLinkKey(Func):
    """A random link key made by the database itself: for rows that it makes, and for those of a
    process that does not know the column yet."""

    output_field = BigIntegerField[int, int]()
    template = f"(random() & {LINK_KEYS - 1})"  # of SQLite

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> Any:
        """Return the SQL for PostgreSQL, which is evaluated for each row anew."""
        template = f"floor(random() * {LINK_KEYS})::bigint"
        return self.as_sql(compiler, connection, template=template, **more)


def link_key_field() -> BigIntegerField[int, int]:
    """Return the column of a row's link key."""
    return BigIntegerField(default=random_link_key, db_default=RandomLinkKey(), editable=False)
