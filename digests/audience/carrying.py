"""The issues that a digest carries beside its own: those that some of its readers have not been
told of, because they get their mail by the week or month, had paused, or their mail failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from digests.audience.topic_masks import MAX_TOPICS
from digests.models import CarriedIssue, Digest, PendingArticle, PendingIssue
from digests.models.digest import Occasion
from digests.sending import pending
from issues.models import Article, Issue, Section
from subscribers.models import Subscriber

MAX_ISSUES = 62  # one bit each of a signed 64-bit number


def pending_issues(digest: Digest, readers: QuerySet[Subscriber]) -> list[int]:
    """Return the ids of the issues that are pending for some of `readers`, the newest first: as
    many as there are bits for, the oldest before all others. One query.

    Whatever is older than CATCH_UP_DAYS, was withdrawn, or is on the web alone is passed over.
    """
    wanted = PendingIssue.objects.filter(issue=OuterRef("pk"), subscriber__in=readers)
    if digest.occasion == Occasion.ISSUE:
        wanted = wanted.filter(later=False)  # who changed their cadence catches up by itself
    found = _standing(digest).filter(Exists(wanted)).order_by("published_at", "pk")
    others = found.exclude(pk__in=digest.issue_ids).values_list("pk", flat=True)
    return list(others[: MAX_ISSUES - digest.own_mask])[::-1]


def pending_articles(digest: Digest, readers: QuerySet[Subscriber]) -> list[Article]:
    """Return the articles that were put back and are pending for some of `readers`, with their
    sections, the oldest first. One query."""
    wanted = PendingArticle.objects.filter(article=OuterRef("pk"), subscriber__in=readers)
    found = (
        Article.objects.mailed()
        .standing()
        .filter(
            Exists(wanted),
            section__in=Section.objects.mailed(),
            section__issue__in=_standing(digest),
        )
    )
    return list(found.only("section").select_related("section").order_by("pk")[:MAX_ISSUES])


def write_down(digest: Digest, issues: Sequence[int], articles: Sequence[Article]) -> None:
    """Write down that the digest carries `issues`, and `articles` of others, and which topics it
    has by that; of the newest none that would bring more topics, or issues, than there are bits.
    """
    topics: list[int] = list(digest.topics)
    carried: list[int] = []
    for issue in reversed(issues):  # the oldest waited longest
        own = Section.objects.filter(issue=issue).mailed().topic_ids()
        more = list(dict.fromkeys([*topics, *own]))
        if len(more) > MAX_TOPICS:
            break
        topics = more
        carried.insert(0, issue)
    rows = [CarriedIssue(issue_id=issue) for issue in carried]
    for article in articles:
        topic = article.section.topic_id
        more = topics if topic is None or topic in topics else [*topics, topic]
        if len(more) <= MAX_TOPICS and len(rows) < MAX_ISSUES - digest.own_mask:
            topics = more
            rows.append(CarriedIssue(issue_id=article.section.issue_id, article=article))
    if not rows:
        return
    for n, row in enumerate(rows, start=digest.own_mask):
        row.digest, row.position = digest, n
    CarriedIssue.objects.bulk_create(rows)
    digest.topics = topics
    Digest.objects.filter(pk=digest.pk).update(topics=topics)
    digest.forget_carried()


def add_missing(digest: Digest, readers: QuerySet[Subscriber]) -> None:
    """Write down as pending what was published while the digest's `readers` were away, and for new
    readers the latest issue that there is, if nobody told them of it."""
    if digest.occasion == Occasion.WELCOME:
        latest = _standing(digest, ever=True).order_by("-published_at", "-pk")[:1]
        _forget_what_was_before(readers)
        _add_missing(readers, latest)
    elif digest.occasion == Occasion.CATCH_UP:
        away = readers.filter(missing_since__isnull=False)
        if since := away.order_by("missing_since").values_list("missing_since", flat=True).first():
            _add_missing(away, _standing(digest).filter(published_at__gt=since)[:MAX_ISSUES])


def _add_missing(readers: QuerySet[Subscriber], issues: Iterable[Issue]) -> None:
    """Write down as pending those of `issues` that no delivery of the `readers` tells of, and that
    appeared since they are `missing_since`. Two queries for each issue."""
    for issue in issues:
        here = Q(missing_since=None) | Q(missing_since__lt=issue.published_at)
        missing = readers.filter(here)
        for informing in pending.informing(issue):
            missing = missing.filter(~Exists(informing.filter(subscriber=OuterRef("pk"))))
        PendingIssue.objects.bulk_create(
            (
                PendingIssue(subscriber_id=pk, issue=issue)
                for pk in missing.values_list("pk", flat=True)
            ),
            ignore_conflicts=True,
        )


def _forget_what_was_before(readers: QuerySet[Subscriber]) -> None:
    """Have nothing be pending for readers who left and came back that was pending when they
    left."""
    before = PendingIssue.objects.filter(
        subscriber__in=readers, issue__published_at__lte=F("subscriber__confirmed_at")
    )
    before.delete()
    articles = PendingArticle.objects.filter(
        subscriber__in=readers,
        article__section__issue__published_at__lte=F("subscriber__confirmed_at"),
    )
    articles.delete()


def _standing(digest: Digest, *, ever: bool = False) -> QuerySet[Issue]:
    """Return the issues of the bulletin that were mailed, and of which a digest may hold articles;
    `ever`: also those that are older than CATCH_UP_DAYS."""
    until: datetime = digest.due_at or digest.opened_at
    window = Q() if ever else Q(published_at__gt=until - timedelta(settings.CATCH_UP_DAYS))
    articles = Article.objects.mailed().standing().filter(section__in=Section.objects.mailed())
    return Issue.objects.filter(
        window,
        Exists(articles.filter(section__issue=OuterRef("pk"))),
        bulletin=digest.bulletin_id,
        status=Issue.Status.PUBLISHED,
        web_only=False,
        published_at__lte=until,
    )
