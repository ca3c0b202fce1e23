"""The editions of a digest that some readers are to share."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db import connection

from digests.models import Digest, Edition

Key = tuple[str, int, str]  # language, topic mask, alert articles

_WANTED = {
    "postgresql": """SELECT row->>0 AS language, (row->>1)::bigint AS topic_mask,
            row->>2 AS alert_articles
        FROM jsonb_array_elements(%s::jsonb) AS row""",
    "sqlite": """SELECT json_extract(value, '$[0]') AS language,
            json_extract(value, '$[1]') AS topic_mask, json_extract(value, '$[2]') AS alert_articles
        FROM json_each(%s)""",
}


def made(digest: Digest, keys: Collection[Key]) -> dict[Key, int]:
    """The ids of the editions with these keys, made where there are none. Two queries; only these
    are read, because a digest may have nearly as many editions as readers."""
    Edition.objects.bulk_create(
        (
            Edition(digest=digest, language=language, topic_mask=mask, alert_articles=articles)
            for language, mask, articles in keys
        ),
        ignore_conflicts=True,
    )
    sql = f"""
        SELECT edition.language, edition.topic_mask, edition.alert_articles, edition.id
        FROM ({_WANTED[connection.vendor]}) AS wanted
        JOIN digests_edition AS edition
            ON edition.digest_id = %s AND edition.language = wanted.language
            AND edition.topic_mask = wanted.topic_mask
            AND edition.alert_articles = wanted.alert_articles
        """  # noqa: S608 - our words
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(list(keys)), digest.pk])
        return {(language, mask, ids): pk for language, mask, ids, pk in cursor.fetchall()}
