"""Search over the headlines and texts of all articles.

Each article has its whole text in one column, folded as keyword alerts fold theirs: without case,
width, traditional characters, or spaces beside Chinese ones. A word is found wherever it stands, in
Chinese as in English, without a dictionary and with one query on every database. The column is
written down by whoever needs it and by the sweep, never by who edits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from issues.models import Article, Issue
from pdf_reading.issue_text import InvalidContent
from publications import rights
from subscribers.keywords.folding import folded

MAX_LENGTH = 200  # characters of what is searched for
MAX_WORDS = 8
MAX_HITS = 50
MAX_WRITTEN = 200  # articles whose column a search fills at most: half a second
BEFORE, AFTER = 30, 110  # characters around what was found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt, and whether it was searched for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An article, with where in its text the words stand."""

    article: Article
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, those of the newest issues first, and whether there are `more`."""

    hits: tuple[Hit, ...] = ()
    more: bool = False


def find(query: str, *, within: frozenset[int] | None = None) -> Found:
    """Return the articles in which all words of `query` stand, `within` some bulletins or all.

    Three queries, and some more where articles were changed since the last sweep."""
    words = _words(query)
    if not words:
        return Found()
    write_missing(limit=MAX_WRITTEN)
    there = rights.limit(_with(words), within)
    rows = list(there.values_list("pk", flat=True)[: MAX_HITS + 1])
    shown = rows[:MAX_HITS]
    articles = Article.objects.select_related("section__issue__bulletin").in_bulk(shown)
    hits = (Hit(articles[pk], excerpt(articles[pk], words)) for pk in shown if pk in articles)
    return Found(tuple(hits), more=len(rows) > MAX_HITS)


def write_missing(*, limit: int) -> int:
    """Write down what is searched in articles that are new or were changed. Returns how many."""
    if not Article.objects.filter(search_text=None).exists():
        return 0
    with transaction.atomic():  # nobody changes them between reading and writing
        missing = Article.objects.filter(search_text=None).order_by("-pk")
        articles = list(missing.select_for_update(skip_locked=True)[:limit])
        for article in articles:
            article.search_text = key_of(_readable_text(article))
        Article.objects.bulk_update(articles, ["search_text"], batch_size=100)
    return len(articles)


def whole_text(article: Article) -> str:
    """Return all words of an article, headline first. Raises InvalidContent."""
    return "\n".join([*_head(article), *(text for one in article.passages for text in one.texts)])


def _head(article: Article) -> list[str]:
    return [article.title, article.subtitle, article.source, article.byline]


def _readable_text(article: Article) -> str:
    """Return all words, or those of the head alone where the JSON of the passages is wrong."""
    try:
        return whole_text(article)
    except InvalidContent:
        return "\n".join(_head(article))


def excerpt(article: Article, words: list[str]) -> tuple[Piece, ...]:
    """Return the text around the first of `words` below the headline, with all of them marked."""
    below = _readable_text(article).partition("\n")[2]
    text = " ".join(below.split())
    places = [match.span() for match in _pattern(words).finditer("".join(map(_folded, text)))]
    first, end = places[0] if places else (0, 0)
    start, stop = max(first - BEFORE, 0), min(end + AFTER, len(text))
    pieces = [Piece("…" if start else "", found=False)]
    here = start
    for first, end in places:
        if end <= stop:
            pieces += [Piece(text[here:first], found=False), Piece(text[first:end], found=True)]
            here = end
    pieces.append(Piece(text[here:stop] + ("…" if stop < len(text) else ""), found=False))
    return tuple(one for one in pieces if one.text)


def key_of(text: str) -> str:
    """Return what is the same for texts that differ in what makes no difference to a search."""
    whole = folded(unicodedata.normalize("NFC", text)).text.casefold()
    return " ".join(unicodedata.normalize("NFKC", whole).split())


@lru_cache(maxsize=10_000)
def _folded(character: str) -> str:
    """Return a character without case and width where that is one character again, so that it
    stands at the same place."""
    folded = key_of(character)
    return folded if len(folded) == 1 else character


def _words(query: str) -> list[str]:
    keys = map(key_of, query[:MAX_LENGTH].replace("\0", " ").split())
    return [key for key in dict.fromkeys(keys) if key][:MAX_WORDS]


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Return a pattern of the words, between whose letters a line may have been broken."""
    return re.compile("|".join(r"\s?".join(map(re.escape, word)) for word in words))


def _with(words: list[str]) -> QuerySet[Article]:
    """Return the articles that hold all words, those of the newest issues first. Not by LIKE, of
    which SQLite and PostgreSQL fold case and letters in their own ways."""
    holds = Q()
    for word in words:
        holds &= Q(GreaterThan(StrIndex("search_text", Value(word)), 0))
    there = Article.objects.exclude(section__issue__status=Issue.Status.BINNED)
    return there.filter(holds).order_by(
        "-section__issue__uploaded_at", "-section__issue", "section__position", "position", "pk"
    )
