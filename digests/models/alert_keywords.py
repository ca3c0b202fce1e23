"""The keywords for which articles stand in front of an edition, as its row keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

MAX_KEYWORDS = 2  # of one article
MAX_BYTES = 2000  # an index of PostgreSQL takes some 2,700 of a row


class Matched(NamedTuple):
    """The keywords of a reader that an article has, and where in its text (`Digest.texts`) the
    sentence is that is shown: `length` characters from `start` on, 0 where only the headline has
    one."""

    keywords: tuple[str, ...] = ()
    start: int = 0
    length: int = 0


def stored(matched: Sequence[Matched]) -> str:
    """Return the `Edition.alert_keywords` of articles in the order of its `alert_articles`; those
    at the end stand without their keywords if there are more than a row takes."""
    for shown in range(len(matched), 0, -1):
        kept = _json(matched[:shown])
        if len(kept.encode()) <= MAX_BYTES:
            return kept
    return ""


def _json(matched: Sequence[Matched]) -> str:
    """Each phrase is written down once; articles name it by its number."""
    keywords = list(dict.fromkeys(phrase for one in matched for phrase in one.keywords))
    rows = [
        [one.start, one.length, *(keywords.index(phrase) for phrase in one.keywords)]
        for one in matched
    ]
    return json.dumps([keywords, rows], ensure_ascii=False, separators=(",", ":"))


def loaded(alert_keywords: str, articles: Sequence[int]) -> Mapping[int, Matched]:
    """Return what `stored` was given, by the ids of the `articles`."""
    if not alert_keywords:
        return {}
    keywords, rows = json.loads(alert_keywords)
    return {
        article: Matched(tuple(keywords[n] for n in numbers), start, length)
        for article, (start, length, *numbers) in zip(articles, rows, strict=False)
        if numbers
    }
