"""The editions of a digest that some readers are to share."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from digests.models import Digest, Edition


class Key(NamedTuple):
    """The key of an edition within its digest: columns, by their names."""

    language: str
    topic_mask: int
    issue_mask: int
    alert_articles: str = ""
    alert_keywords: str = ""


_TYPES = {"topic_mask": "bigint", "issue_mask": "bigint"}
_PART = {"postgresql": "(row->>{n})::{type}", "sqlite": "json_extract(row.value, '$[{n}]')"}
_ROWS = {
    "postgresql": "jsonb_array_elements(%s::jsonb) AS row",
    "sqlite": "json_each(%s) AS row",
}


def made(digest: Digest, keys: Collection[Key]) -> dict[Key, int]:
    """The ids of the editions with these keys, made where there are none. Two queries; only these
    are read, because a digest may have nearly as many editions as readers."""
    Edition.objects.bulk_create(
        (Edition(digest=digest, **key._asdict()) for key in keys), ignore_conflicts=True
    )
    part = _PART[connection.vendor]
    wanted = ", ".join(
        f"{part.format(n=n, type=_TYPES.get(name, 'text'))} AS {name}"
        for n, name in enumerate(Key._fields)
    )
    same = " AND ".join(f"edition.{name} = wanted.{name}" for name in Key._fields)
    sql = f"""
        SELECT {", ".join(f"edition.{name}" for name in Key._fields)}, edition.id
        FROM (SELECT {wanted} FROM {_ROWS[connection.vendor]}) AS wanted
        JOIN digests_edition AS edition ON edition.digest_id = %s AND {same}
        """  # noqa: S608 - our words
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(list(keys)), digest.pk])
        return {Key._make(key): pk for *key, pk in cursor.fetchall()}
