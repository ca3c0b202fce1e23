"""What the public pages show: bulletins, their published issues, the articles in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Max, Prefetch, Q, QuerySet

from issues.models import Article, Issue, Section
from issues.models.article import ArticleQuerySet
from issues.models.issue import figure_path
from pdf_reading.linking import Run, from_json, runs, texts
from publications.models import Bulletin

MARK = re.compile(r"[^\w\s“‘\"'《「]|[（(]?(?:\d+|[a-zA-Z]|[一二三四五六七八九十]+)[.)）、．:：]")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The articles before and after one, in the order of the issue."""

    previous: Article | None
    next: Article | None


def bulletins() -> QuerySet[Bulletin]:
    """All bulletins, each with `latest`: when its latest issue was published, None for never."""
    published = Q(issues__status=Issue.Status.PUBLISHED)
    return Bulletin.objects.annotate(latest=Max("issues__published_at", filter=published))


def issues(*, drafts: bool = False) -> QuerySet[Issue]:
    """The issues that everybody may see, newest first; with `drafts` those that were read, too."""
    seen = Issue.objects.select_related("bulletin")
    if not drafts:
        return seen.published()
    return seen.filter(status__in=(Issue.Status.PUBLISHED, Issue.Status.DRAFT))


def sections(issue: Issue) -> QuerySet[Section]:
    """The sections that have articles, in order, with these articles but not their text.

    Two queries.
    """
    articles = Article.objects.named()
    filled = issue.sections.filter(articles__isnull=False).distinct()
    return filled.prefetch_related(Prefetch("articles", articles))


def articles(issue: Issue) -> ArticleQuerySet:
    """The articles of an issue in the order in which they are read."""
    return (
        Article.objects.filter(section__issue=issue)
        .select_related("section")
        .order_by("section__position", "section", "position", "pk")
    )


def neighbours(article: Article, *, issue: Issue) -> Neighbours:
    """The articles before and after one. One query."""
    rows = list(articles(issue).named())
    here = rows.index(article)
    before = rows[here - 1] if here else None
    return Neighbours(before, rows[here + 1] if here + 1 < len(rows) else None)


def passages(article: Article) -> Iterator[Mapping[str, Any]]:
    """The passages of an article, their words as runs with their links made live.

    A list is `marked` when its entries keep the marks or numbers that they were printed with.
    """
    for passage in article.passages:
        entries = passage.get("entries", [])
        whole = list(runs_of(passage))
        cells = iter(whole[1:])
        yield {
            **passage,
            "runs": whole[0] if whole else (),
            "entries": whole,
            "marked": all(MARK.match(entry) for entry in entries),
            "rows": [[next(cells) for _ in row] for row in passage.get("rows", ())],
        }


def runs_of(passage: Mapping[str, Any]) -> Iterator[tuple[Run, ...]]:
    """The texts of a passage as runs."""
    links = from_json(passage.get("links", ()))
    for part, text in enumerate(texts(passage)):
        yield runs(text, [link for link in links if link.part == part])


@dataclass(frozen=True, slots=True)
class Correction:
    """When some articles were corrected, and what the editor says of it."""

    at: datetime
    remark: str
    articles: tuple[Article, ...]


def corrections(issue: Issue, *, article: Article | None = None) -> list[Correction]:
    """The corrections of an issue, or of one of its articles, the latest first. Two queries
    where there are any, else one."""
    mailed = issue.digests.exclude(corrects=None).defer("blocks")
    wanted = {one.pk: set(one.corrected_articles) for one in mailed}
    read = {one.pk: one for one in articles(issue).named()} if wanted else {}
    return [
        Correction(
            at=one.opened_at,
            remark=one.remark,
            articles=tuple(found for pk, found in read.items() if pk in wanted[one.pk]),
        )
        for one in mailed
        if article is None or article.pk in wanted[one.pk]
    ]


def figure(issue: Issue, name: str) -> File[bytes]:
    """The picture `name` of an issue, a PNG. Raises FileNotFoundError."""
    if not re.fullmatch(r"[\w-]+\.png", name):
        raise FileNotFoundError(name)
    return default_storage.open(figure_path(issue, name))
