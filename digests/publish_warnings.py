"""The warnings before publication, of what an editor may have overlooked: none of them keeps a
draft from being published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from issues.models import Article, Issue, Section
from pdf_reading.issue_text import StoredFigure, StoredPassage
from publications.models import Bulletin, Topic, key_of

EARLIER = 5  # issues that are looked back at
ALWAYS = 3  # issues in which a topic must have been, one after the other
MAX_NAMED = 10  # articles of a kind that are named
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+\.[^@\s]+")


class Kind(StrEnum):
    """The kinds of warnings."""

    TITLE = "title"
    TOPIC = "topic"
    TWICE = "twice"
    NO_WORDS = "no_words"
    DEAD_LINK = "dead_link"


_SENTENCES: Mapping[str, Promise] = {
    Kind.TITLE: _(
        "The title of the issue, “%(words)s”, is not that of the bulletin: is it in the right one?"
    ),
    Kind.TOPIC: _("There is nothing about “%(words)s”, which was in each of the issues before."),
    Kind.TWICE: _("A headline stands twice: “%(words)s”."),
    Kind.NO_WORDS: _(
        "Pictures without words: who does not see them gets nothing in their place. Give them a "
        "caption or an alternative text:"
    ),
    Kind.DEAD_LINK: _("A link leads nowhere, and is left out: %(words)s"),
}


@dataclass(frozen=True, slots=True)
class PublishWarning:
    """One thing; the articles in which it is, and the `bulletin` that the issue may be of."""

    kind: Kind
    words: str = ""
    articles: tuple[Article, ...] = ()
    bulletin: Bulletin | None = field(default=None)

    def __str__(self) -> str:
        """The sentence in the language in force."""
        return str(_SENTENCES[self.kind]) % {"words": self.words}


def of_draft(issue: Issue) -> list[PublishWarning]:
    """Return what may be wrong with a draft. Six queries at most."""
    articles = list(
        Article.objects.filter(section__issue=issue)
        .only("title", "passages")
        .order_by("section__position", "section", "position", "pk")
    )
    title = of_title(issue, Bulletin.objects.all())
    return [
        *([title] if title else []),
        *_missing_topics(issue),
        *_twice(articles),
        *_without_words(articles),
        *_dead_links(articles),
    ]


def of_title(issue: Issue, bulletins: Iterable[Bulletin]) -> PublishWarning | None:
    """Return the warning that the title is not that of the bulletin, nor of issues before, with
    the one of `bulletins` that it names. Two queries at most."""
    title = key_of(issue.title)
    if not title or _is_called(issue.bulletin, title):
        return None
    if title in {key_of(one.title) for one in _earlier(issue)}:
        return None
    others = (one for one in bulletins if one.pk != issue.bulletin_id)
    named = next((one for one in others if _is_called(one, title)), None)
    return PublishWarning(Kind.TITLE, issue.title, bulletin=named)


def _earlier(issue: Issue) -> list[Issue]:
    published = Issue.objects.published().filter(bulletin=issue.bulletin_id)
    return list(published.exclude(pk=issue.pk).only("title")[:EARLIER])


def _is_called(bulletin: Bulletin, title: str) -> bool:
    name = key_of(bulletin.name)
    return name in title or title in name


def _missing_topics(issue: Issue) -> Iterator[PublishWarning]:
    """Find the topics that were in each of the issues before."""
    earlier = _earlier(issue)
    if len(earlier) < ALWAYS:
        return
    ids = [issue.pk, *(one.pk for one in earlier)]
    found: dict[int, set[int]] = defaultdict(set)
    filled = Section.objects.filter(issue__in=ids, topic__isnull=False, articles__isnull=False)
    for of, about in filled.order_by().values_list("issue", "topic").distinct():
        found[of].add(about)
    always = set.intersection(*(found[one.pk] for one in earlier)) - found[issue.pk]
    if always:
        for topic in Topic.objects.filter(pk__in=always, retired_at=None):
            yield PublishWarning(Kind.TOPIC, str(topic))


def _twice(articles: Iterable[Article]) -> Iterator[PublishWarning]:
    by_title: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_title[key_of(article.title)].append(article)
    for title, same in by_title.items():
        if title and len(same) > 1:
            yield PublishWarning(Kind.TWICE, same[0].title, tuple(same[:MAX_NAMED]))


def _without_words(articles: Iterable[Article]) -> Iterator[PublishWarning]:
    silent = [one for one in articles if any(map(_is_silent, one.passages))]
    if silent:
        yield PublishWarning(Kind.NO_WORDS, articles=tuple(silent[:MAX_NAMED]))


def _is_silent(passage: StoredPassage) -> bool:
    return isinstance(passage, StoredFigure) and not (passage.caption + passage.alternative).strip()


def _dead_links(articles: Iterable[Article]) -> Iterator[PublishWarning]:
    dead: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        for url in {link.url for passage in article.passages for link in passage.links}:
            if not leads_somewhere(url):
                dead[url].append(article)
    for url, where in list(dead.items())[:MAX_NAMED]:
        yield PublishWarning(Kind.DEAD_LINK, url[:200] or "“”", tuple(where[:MAX_NAMED]))


def leads_somewhere(url: str) -> bool:
    """Return whether an address can be followed from a mail: a whole one of the web, or a
    mailbox."""
    try:
        parts: Any = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return _ADDRESS.fullmatch(parts.path) is not None
    whole = parts.scheme.lower() in {"http", "https"} and not re.search(r"\s", url)
    return whole and ("." in host.strip(".") or ":" in host or host == "localhost")
