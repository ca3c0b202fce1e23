"""Readers whose keyword alerts match articles: their editions have these in front."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from digests.audience import choosing, editions
from digests.audience.editions import Key
from digests.models import Delivery, Digest, alert_keywords
from digests.models.alert_keywords import MAX_KEYWORDS, Matched
from digests.rendering import composing, searched
from digests.sending import ledger
from issues.models import Article
from subscribers.keywords.query import phrase_of
from subscribers.keywords.texts import SearchedTexts
from subscribers.models import KeywordAlert, Subscriber

MAX_ALERT_ARTICLES = 20  # articles in front; a phrase that stands everywhere is no alert
IN_HEADLINE, IN_TEXT = range(2)


class Alerts(NamedTuple):
    """The articles in front of an edition, and for which phrases: the values of its
    `alert_articles` and `alert_keywords`."""

    articles: str
    keywords: str


class Hit(NamedTuple):
    """The place of a phrase in an article: `where` is IN_HEADLINE or IN_TEXT; `start` and `length`
    are of its first place below the head, `length` 0 where there is none."""

    where: int
    start: int = 0
    length: int = 0


@dataclass
class Matcher:
    """The articles of a digest in which phrases are looked for, each phrase once however many
    readers have it. An article costs some 10 ms when the first phrase is looked for."""

    digest: Digest
    _met: dict[str, dict[int, Hit]] = field(default_factory=dict)

    def met(self, key: str, phrase: str) -> dict[int, Hit]:
        """Return the articles with a phrase, and where it stands in each."""
        if key not in self._met:
            self._met[key] = {
                self._pks[n]: _hit(self._articles[n][1], spans)
                for n, spans in self._texts.spans(phrase_of(phrase)).items()
            }
        return self._met[key]

    def within(
        self, found: Mapping[int, list[tuple[Hit, str]]], issue_mask: int
    ) -> dict[int, list[tuple[Hit, str]]]:
        """Return what was found in articles of which the mask tells."""
        return {pk: hits for pk, hits in found.items() if issue_mask & self._masks[pk]}

    def in_front(self, found: dict[int, list[tuple[Hit, str]]]) -> Alerts:
        """Return what stands in front of an edition, for articles and the hits of phrases in them:
        articles with one in their headline first, each kind in the order of the issue; and of
        several phrases of one article those in the headline first."""
        for hits in found.values():
            hits.sort(key=lambda one: (one[0].where, one[1]))
        order = sorted((hits[0][0].where, self._order[pk]) for pk, hits in found.items())
        shown = [self._pks[n] for _, n in order[:MAX_ALERT_ARTICLES]]
        return Alerts(
            ",".join(map(str, shown)), alert_keywords.stored([_matched(found[pk]) for pk in shown])
        )

    @cached_property
    def _articles(self) -> list[tuple[int, str]]:
        """The ids and texts of the mailed articles, in the order of the issue."""
        return searched.texts(self.digest)

    @cached_property
    def _masks(self) -> dict[int, int]:
        """The issue mask by which each article is there."""
        rows = self.digest.articles().order_by().values_list("pk", "section__issue")
        return {pk: composing.mask_of(self.digest.bits_of(pk, issue)) for pk, issue in rows}

    @cached_property
    def _texts(self) -> SearchedTexts:
        return SearchedTexts(text for _, text in self._articles)

    @cached_property
    def _pks(self) -> list[int]:
        return [pk for pk, _ in self._articles]

    @cached_property
    def _order(self) -> dict[int, int]:
        return {pk: n for n, pk in enumerate(self._pks)}


def _hit(text: str, spans: list[tuple[int, int]]) -> Hit:
    """Return the hit of a phrase that stands at these places of an article."""
    where = IN_HEADLINE if spans[0][0] < searched.headline_ends(text) else IN_TEXT
    body = searched.body_begins(text)
    below = ((start, stop - start) for start, stop in spans if start >= body)
    return Hit(where, *next(below, ()))


def _matched(hits: list[tuple[Hit, str]]) -> Matched:
    """Return what is shown of the phrases of an article: the sentence is that of the first which
    the text has."""
    shown = hits[:MAX_KEYWORDS]
    quoted = next((hit for hit, _ in shown if hit.length), Hit(IN_HEADLINE))
    return Matched(tuple(phrase for _, phrase in shown), quoted.start, quoted.length)


def add_deliveries(matcher: Matcher, readers: QuerySet[Subscriber]) -> int:
    """Write the deliveries of those of `readers` whose keyword alerts match, and their editions.
    Returns how many. The readers are those of the step (`choosing.chosen`)."""
    met = _met(matcher, readers)
    keys = {}
    for choice in choosing.choices(met):
        if found := matcher.within(met[choice.reader], choice.issue_mask):
            keys[choice.reader] = Key(*choice[1:], *matcher.in_front(found))
    if not keys:
        return 0
    ids = editions.made(matcher.digest, set(keys.values()))
    Delivery.objects.bulk_create(
        ledger.new_delivery(matcher.digest, pk, edition_id=ids[key]) for pk, key in keys.items()
    )
    return len(keys)


def any_match(articles: QuerySet[Article], readers: QuerySet[Subscriber]) -> bool:
    """Return whether a keyword alert of one of `readers` matches one of `articles`. Two queries."""
    wanted = KeywordAlert.objects.filter(subscriber__in=readers).order_by()
    keywords = dict(wanted.values_list("key", "phrase"))
    texts = SearchedTexts(searched.text_of(one) for one in (articles if keywords else ()))
    return any(texts.spans(phrase_of(keyword)) for keyword in keywords.values())


def matched_articles(matcher: Matcher, readers: QuerySet[Subscriber]) -> dict[int, Alerts]:
    """Return what stands in front for those of `readers` whose keyword alerts match, by their ids.
    One query, and one more for the first phrase."""
    met = _met(matcher, readers)
    return {reader: matcher.in_front(articles) for reader, articles in met.items()}


def _met(
    matcher: Matcher, readers: QuerySet[Subscriber]
) -> dict[int, dict[int, list[tuple[Hit, str]]]]:
    """Return the articles that match, and the hits of phrases in each, by the ids of the
    readers."""
    found: dict[int, dict[int, list[tuple[Hit, str]]]] = defaultdict(lambda: defaultdict(list))
    wanted = KeywordAlert.objects.filter(subscriber__in=readers).order_by()
    for reader, key, phrase in wanted.values_list("subscriber", "key", "phrase"):
        for article, hit in matcher.met(key, phrase).items():
            found[reader][article].append((hit, phrase))
    return {reader: dict(articles) for reader, articles in found.items()}
