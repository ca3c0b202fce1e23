"""The archive that the public pages show: bulletins, their published issues, the articles of
these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from issues.models import Article, Issue, Section
from issues.models.article import ArticleQuerySet
from issues.models.issue import figure_path
from pdf_reading.issue_text import StoredFigure
from publications.models import Bulletin


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The articles before and after one, in the order of the issue."""

    previous: Article | None
    next: Article | None


@dataclass(frozen=True, slots=True)
class IssuesBeside:
    """The issues published before and after one."""

    previous: Issue | None
    next: Issue | None


def bulletins() -> QuerySet[Bulletin]:
    """Return all bulletins, each with `latest`: when its latest issue was published, None for
    never."""
    published = Q(issues__status=Issue.Status.PUBLISHED)
    return Bulletin.objects.annotate(latest=Max("issues__published_at", filter=published))


def issues(*, drafts: bool = False) -> QuerySet[Issue]:
    """Return the issues that everybody may see, newest first; with `drafts` also the drafts."""
    seen = Issue.objects.select_related("bulletin")
    if not drafts:
        return seen.published()
    return seen.filter(status__in=(Issue.Status.PUBLISHED, Issue.Status.DRAFT))


def years(bulletin: Bulletin) -> list[int]:
    """Return the years in which issues of a bulletin were published, the latest first. One
    query."""
    published = Issue.objects.published().filter(bulletin=bulletin)
    return [day.year for day in published.datetimes("published_at", "year", order="DESC")]


def issues_beside(issue: Issue) -> IssuesBeside:
    """Return the published issues before and after one of the same bulletin. Two queries."""
    at = issue.published_at
    if at is None:
        return IssuesBeside(None, None)
    others = issues().filter(bulletin=issue.bulletin_id).exclude(pk=issue.pk)
    before = Q(published_at__lt=at) | Q(published_at=at, pk__lt=issue.pk)
    return IssuesBeside(
        previous=others.filter(before).first(),
        next=others.exclude(before).order_by("published_at", "pk").first(),
    )


class Withdrawn(Exception):
    """The `issue` was withdrawn, or an `article` of it; or its file is asked for, in which a
    withdrawn article stands."""

    def __init__(self, issue: Issue, article: Article | None = None) -> None:
        super().__init__(issue.pk)
        self.issue = issue
        self.article = article


def issue(bulletin_slug: str, pk: int, *, drafts: bool = False) -> Issue:
    """Return an issue that everybody may see, with whether it `lacks` an article that was
    withdrawn. Raises Issue.DoesNotExist, and Withdrawn. One query."""
    seen = {Issue.Status.PUBLISHED, Issue.Status.WITHDRAWN}
    if drafts:
        seen.add(Issue.Status.DRAFT)
    gone = Article.objects.filter(section__issue=OuterRef("pk"), withdrawn_at__isnull=False)
    found = (
        Issue.objects.filter(status__in=seen)
        .select_related("bulletin")
        .annotate(lacks=Exists(gone))
        .get(bulletin__slug=bulletin_slug, pk=pk)
    )
    if found.status == Issue.Status.WITHDRAWN:
        raise Withdrawn(found)
    return found


def sections(issue: Issue) -> QuerySet[Section]:
    """Return the sections that have articles, in order, with these articles but not their text.

    Two queries.
    """
    articles = Article.objects.standing().named()
    filled = issue.sections.filter(articles__in=Article.objects.standing()).distinct()
    return filled.prefetch_related(Prefetch("articles", articles))


def articles(issue: Issue) -> ArticleQuerySet:
    """Return the articles of an issue in the order in which they are read, also those that were
    withdrawn."""
    return (
        Article.objects.filter(section__issue=issue)
        .select_related("section")
        .order_by("section__position", "section", "position", "pk")
    )


def neighbours(article: Article, *, issue: Issue) -> Neighbours:
    """Return the articles before and after one that were not withdrawn. One query."""
    rows = list(articles(issue).named().filter(Q(withdrawn_at=None) | Q(pk=article.pk)))
    here = rows.index(article)
    before = rows[here - 1] if here else None
    return Neighbours(before, rows[here + 1] if here + 1 < len(rows) else None)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The page of a PDF on which an article begins, by its number there."""

    number: int
    url: str


def pdf_page(article: Article, *, issue: Issue) -> PdfPage | None:
    """Return where an article begins; None where its issue has no such page. One query."""
    file = issue.file_of_page(article.first_page)
    if file is None:
        return None
    return PdfPage(file.own(article.first_page), file.url_of_page(article.first_page))


@dataclass(frozen=True, slots=True)
class Correction:
    """The time at which some articles were corrected, and what the editor says of it."""

    at: datetime
    remark: str
    articles: tuple[Article, ...]


def corrections(issue: Issue, *, article: Article | None = None) -> list[Correction]:
    """Return the corrections of an issue, or of one of its articles, the latest first. Two queries
    where there are any, else one."""
    mailed = issue.digests.exclude(corrects=None).defer("blocks")
    wanted = {one.pk: set(one.corrected_articles) for one in mailed}
    read = {one.pk: one for one in articles(issue).standing().named()} if wanted else {}
    return [
        Correction(
            at=one.opened_at,
            remark=one.remark,
            articles=tuple(found for pk, found in read.items() if pk in wanted[one.pk]),
        )
        for one in mailed
        if article is None or article.pk in wanted[one.pk]
    ]


def is_withdrawn(issue: Issue, name: str) -> bool:
    """Return whether a picture of an issue stands in withdrawn articles alone. One query."""
    rows = Article.objects.filter(section__issue=issue).only("withdrawn_at", "passages")
    where = {row.withdrawn_at is None for row in rows if name in _images(row)}
    return where == {False}


def _images(article: Article) -> set[str]:
    return {one.image for one in article.passages if isinstance(one, StoredFigure)}


def figure(issue: Issue, name: str) -> File[bytes]:
    """Return the picture `name` of an issue. Raises FileNotFoundError."""
    if not re.fullmatch(r"[\w-]+\.(?:png|jpg)", name):
        raise FileNotFoundError(name)
    return default_storage.open(figure_path(issue, name))
