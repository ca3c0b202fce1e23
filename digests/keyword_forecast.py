"""Phrases that a reader thinks of watching for: what they would have found in the last issues."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues import search
from issues.models import Article, Issue, Section
from publications.models import Bulletin
from subscribers.keywords.query import phrase_of
from subscribers.keywords.texts import SearchedTexts

ISSUES = 3  # that are looked at
KEYWORDS = 20  # that are looked for at most
SHOWN = 3  # articles for each
RATED = 13  # issues by whose times one knows how many there are a month
MONTH = timedelta(days=30.4)
OFTEN = timedelta(hours=12)  # issues that follow each other faster were published afterwards
FEW = 6  # articles of which no phrase has too many
BEFORE, AFTER = 40, 90  # characters around what was found
ENDS = "。！？!?…\n"
CACHED = 6  # issues whose words a process remembers: some MB each

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words, and whether it is what is looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An article with a phrase: its headline, and where the phrase stands below that, words around
    it; none where it stands in the headline."""

    url: str
    headline: tuple[Piece, ...]
    words: tuple[Piece, ...]
    issue: str


@dataclass(frozen=True, slots=True)
class PhraseForecast:
    """The articles that a phrase would have found, of all `articles` of so many `issues`, and how
    many that would be `monthly`; None where nobody can say that yet."""

    phrase: str
    count: int
    hits: tuple[Hit, ...]
    articles: int
    issues: int
    monthly: float | None

    @property
    def everywhere(self) -> bool:
        """Whether it is in so many articles that being told of it says little."""
        return self.articles >= FEW and self.count * 2 > self.articles

    @property
    def more(self) -> int:
        """The number of articles that are not among the `hits`."""
        return self.count - len(self.hits)

    def in_words(self) -> str:
        """Return how many it found, and how often that would be."""
        if not self.count:
            if self.issues == 1:
                return _("Nothing in the latest issue")
            return _("Nothing in the last %(issues)d issues") % {"issues": self.issues}
        if self.issues == 1:
            text = ngettext(
                "%(count)d article in the latest issue",
                "%(count)d articles in the latest issue",
                self.count,
            )
        else:
            text = ngettext(
                "%(count)d article in the last %(issues)d issues",
                "%(count)d articles in the last %(issues)d issues",
                self.count,
            )
        said = text % {"count": self.count, "issues": self.issues}
        often = self._often()
        return _("%(found)s, %(often)s") % {"found": said, "often": often} if often else said

    def _often(self) -> str:
        if self.monthly is None:
            return ""
        if self.monthly < 1:
            return _("less than one a month")
        return _("about %(number)d a month") % {"number": round(self.monthly)}


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecasts of several keywords, from so many `issues`."""

    issues: int
    keywords: tuple[PhraseForecast, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """The whole text of an article, which begins with its headline."""

    url: str
    text: str
    headline: int
    name: str  # where there is no headline
    issue: str


def forecast(bulletin: Bulletin, keywords: Sequence[str]) -> Forecast:
    """Return what phrases would have found in the last issues of a bulletin. A query for each of
    them, and one more; the words of an issue are remembered, and cost some 3 ms an article the
    first time."""
    issues = list(Issue.objects.published().filter(bulletin=bulletin)[:RATED])
    looked_at = issues[:ISSUES]
    texts = [_texts(bulletin, issue) for issue in looked_at]
    searched = [_searched(tuple(one.text for one in row)) for row in texts]
    monthly = _a_month(issues)
    return Forecast(
        len(looked_at),
        tuple(_of_phrase(one, texts, searched, monthly) for one in keywords[:KEYWORDS]),
    )


def _texts(bulletin: Bulletin, issue: Issue) -> list[_Text]:
    """Return the articles of an issue that readers can be mailed, in order."""
    articles = (
        Article.objects.standing()
        .mailed()
        .filter(section__in=Section.objects.filter(issue=issue).mailed())
        .only("title", "subtitle", "source", "byline", "passages")
        .order_by("section__position", "section", "position", "pk")
    )
    return [
        _Text(
            reverse("issues:article", args=[bulletin.slug, issue.pk, row.pk]),
            unicodedata.normalize("NFC", search.whole_text(row)),
            len(unicodedata.normalize("NFC", row.title)),
            "" if row.title else str(row),
            issue.number or str(issue),
        )
        for row in articles
    ]


@lru_cache(maxsize=CACHED)
def _searched(texts: tuple[str, ...]) -> SearchedTexts:
    return SearchedTexts(texts)


def _of_phrase(
    phrase: str,
    texts: Sequence[Sequence[_Text]],
    searched: Sequence[SearchedTexts],
    issues_a_month: float | None,
) -> PhraseForecast:
    wanted = phrase_of(phrase)
    found = [
        (row[n], spans)
        for row, one in zip(texts, searched, strict=True)
        for n, spans in one.spans(wanted).items()
    ]
    first = sorted(found, key=lambda one: one[1][0][0] >= one[0].headline)[:SHOWN]
    a_month = issues_a_month and len(found) / len(texts) * issues_a_month
    return PhraseForecast(
        phrase,
        len(found),
        tuple(_hit(text, spans) for text, spans in first),
        articles=sum(map(len, texts)),
        issues=len(texts),
        monthly=a_month,
    )


def _a_month(issues: Sequence[Issue]) -> float | None:
    """Return how many issues there are a month, by the last ones; None where that cannot be known:
    there is one alone, or they were published on a day."""
    times = [one.published_at for one in issues if one.published_at]
    if len(times) < 2:
        return None
    apart = (times[0] - times[-1]) / (len(times) - 1)
    return None if apart < OFTEN else MONTH / apart


def _hit(text: _Text, spans: Sequence[Span]) -> Hit:
    in_headline = [span for span in spans if span[1] <= text.headline]
    below = [span for span in spans if span[0] > text.headline]
    headline = (
        (Piece(text.name),)
        if text.name
        else tuple(_marked(text.text, (0, text.headline), in_headline))
    )
    around = () if in_headline or not below else tuple(_around(text.text, below))
    return Hit(text.url, headline, around, text.issue)


def _around(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    """Yield the words around the first of `spans`, from the beginning of the sentence where that
    is near, with all of them that are there."""
    first, end = spans[0]
    start = max(first - BEFORE, 0)
    begins = max(text.rfind(sign, start, first) for sign in ENDS) + 1
    start = begins or start
    lines = text.find("\n", end)
    stop = min(end + AFTER, lines if lines >= 0 else len(text), len(text))
    if not begins and start:
        yield Piece("…")
    yield from _marked(text, (start, stop), spans)
    if stop < len(text) and text[stop] != "\n":
        yield Piece("…")


def _marked(text: str, within: Span, spans: Sequence[Span]) -> Iterator[Piece]:
    here, stop = within
    for first, end in spans:
        if here <= first and end <= stop:
            yield Piece(text[here:first])
            yield Piece(text[first:end], found=True)
            here = end
    yield Piece(text[here:stop])
