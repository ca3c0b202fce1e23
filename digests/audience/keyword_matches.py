"""Readers whose keyword alerts match articles: their editions have these in front."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from digests.audience import editions
from digests.models import Delivery, Digest
from digests.sending import ledger
from issues import search
from subscribers.keyword_match import key_of, stands_in
from subscribers.models import KeywordAlert, Subscriber

MAX_ALERT_ARTICLES = 20  # articles in front; a phrase that stands everywhere is no alert


def add_deliveries(digest: Digest, readers: QuerySet[Subscriber], *, chosen: QuerySet[Any]) -> int:
    """Write the deliveries of those of `readers` whose keyword alerts match, and their editions.
    Returns how many. `chosen` are the same readers with their `topic_mask` and why they are
    `excluded`."""
    met = matched_articles(digest, readers)
    if not met:
        return 0
    rows = chosen.filter(excluded="").values_list("pk", "language", "topic_mask")
    keys = {pk: (language, bits, met[pk]) for pk, language, bits in rows if pk in met}
    ids = editions.made(digest, set(keys.values()))
    Delivery.objects.bulk_create(
        ledger.new_delivery(digest, pk, edition_id=ids[key]) for pk, key in keys.items()
    )
    return len(keys)


def matched_articles(digest: Digest, readers: QuerySet[Subscriber]) -> dict[int, str]:
    """Return the `Edition.alert_articles` of those of `readers` whose keyword alerts match, by
    their ids. One query, two where anybody has an alert; each phrase is looked for once."""
    wanted = list(
        KeywordAlert.objects.filter(subscriber__in=readers)
        .order_by()
        .values_list("subscriber", "key")
    )
    if not wanted:
        return {}
    texts = _texts(digest)
    met = _met({key for _, key in wanted}, texts)
    found: dict[int, set[int]] = defaultdict(set)
    for reader, key in wanted:
        found[reader].update(met[key])
    return {
        reader: ",".join([str(pk) for pk in texts if pk in articles][:MAX_ALERT_ARTICLES])
        for reader, articles in found.items()
        if articles
    }


def _texts(digest: Digest) -> dict[int, str]:
    """The whole text of each mailed article in the order of the issue, as
    `subscribers.keyword_match.key_of` leaves it."""
    rows = (
        digest.articles()
        .only("title", "subtitle", "source", "byline", "passages")
        .order_by("section__position", "section", "position", "pk")
    )
    return {article.pk: key_of(search.whole_text(article)) for article in rows}


def _met(keywords: Iterable[str], texts: Mapping[int, str]) -> dict[str, list[int]]:
    return {
        phrase: [pk for pk, text in texts.items() if stands_in(phrase, text)] for phrase in keywords
    }
