"""Readers whose keyword alerts match articles: their editions have these in front."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet

from digests.audience import editions
from digests.models import Delivery, Digest
from digests.sending import ledger
from issues import search
from subscribers.keywords.query import phrase_of
from subscribers.keywords.texts import SearchedTexts
from subscribers.models import KeywordAlert, Subscriber

MAX_ALERT_ARTICLES = 20  # articles in front; a phrase that stands everywhere is no alert
IN_HEADLINE, IN_TEXT = range(2)


class _Article(NamedTuple):
    """The whole text of an article, and the length of its headline, with which that begins."""

    pk: int
    text: str
    headline: int


@dataclass
class Matcher:
    """The articles of a digest in which phrases are looked for, each phrase once however many
    readers have it. An article costs some 10 ms when the first phrase is looked for."""

    digest: Digest
    _met: dict[str, dict[int, int]] = field(default_factory=dict)

    def met(self, key: str, phrase: str) -> dict[int, int]:
        """Return the articles with a phrase, and whether it stands IN_HEADLINE or IN_TEXT."""
        if key not in self._met:
            self._met[key] = {
                self._pks[n]: IN_HEADLINE if spans[0][0] < self._articles[n].headline else IN_TEXT
                for n, spans in self._texts.spans(phrase_of(phrase)).items()
            }
        return self._met[key]

    def in_front(self, found: dict[int, int]) -> str:
        """Return the `Edition.alert_articles` for articles and where phrases stand in them: those
        with one in their headline first, each kind in the order of the issue."""
        order = sorted((where, self._order[pk]) for pk, where in found.items())
        return ",".join(str(self._pks[n]) for _, n in order[:MAX_ALERT_ARTICLES])

    @cached_property
    def _articles(self) -> list[_Article]:
        """The mailed articles in the order of the issue."""
        rows = (
            self.digest.articles()
            .only("title", "subtitle", "source", "byline", "passages")
            .order_by("section__position", "section", "position", "pk")
        )
        return [_Article(row.pk, search.whole_text(row), len(row.title)) for row in rows]

    @cached_property
    def _texts(self) -> SearchedTexts:
        return SearchedTexts(article.text for article in self._articles)

    @cached_property
    def _pks(self) -> list[int]:
        return [article.pk for article in self._articles]

    @cached_property
    def _order(self) -> dict[int, int]:
        return {pk: n for n, pk in enumerate(self._pks)}


def add_deliveries(
    matcher: Matcher, readers: QuerySet[Subscriber], *, chosen: QuerySet[Any]
) -> int:
    """Write the deliveries of those of `readers` whose keyword alerts match, and their editions.
    Returns how many. `chosen` are the same readers with their `topic_mask` and why they are
    `excluded`."""
    met = matched_articles(matcher, readers)
    if not met:
        return 0
    rows = chosen.filter(excluded="").values_list("pk", "language", "topic_mask")
    keys = {pk: (language, bits, met[pk]) for pk, language, bits in rows if pk in met}
    ids = editions.made(matcher.digest, set(keys.values()))
    Delivery.objects.bulk_create(
        ledger.new_delivery(matcher.digest, pk, edition_id=ids[key]) for pk, key in keys.items()
    )
    return len(keys)


def matched_articles(matcher: Matcher, readers: QuerySet[Subscriber]) -> dict[int, str]:
    """Return the `Edition.alert_articles` of those of `readers` whose keyword alerts match, by
    their ids. One query, and one more for the first phrase."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    wanted = KeywordAlert.objects.filter(subscriber__in=readers).order_by()
    for reader, key, phrase in wanted.values_list("subscriber", "key", "phrase"):
        for article, where in matcher.met(key, phrase).items():
            found[reader][article] = min(where, found[reader].get(article, where))
    return {reader: matcher.in_front(articles) for reader, articles in found.items() if articles}
