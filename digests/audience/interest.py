"""The question whether anybody wants what is pending for them, so that no digest is opened that is
a mail to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from digests.audience import keyword_matches
from digests.models import PendingArticle, PendingIssue
from issues.models import Article, Section
from subscribers.models import KeywordAlert, Subscriber, Subscription


def somebody_wants(
    issues: Sequence[int], articles: Sequence[Article], readers: QuerySet[Subscriber]
) -> bool:
    """Return whether one of `readers` for whom an issue, or an article that was put back, is
    pending follows something of it, or has keyword alerts that match. Some queries for each."""
    waiting = list(_waiting(issues, articles, readers))
    return any(_somebody_follows(*one) for one in waiting) or any(
        keyword_matches.any_match(*one) for one in waiting
    )


def mark_asked(
    issues: Sequence[int], articles: Sequence[Article], readers: QuerySet[Subscriber]
) -> None:
    """Mark as asked in vain those of `readers` who have keyword alerts, so that nobody looks for
    their keywords at each sweep: issues come with another mail, and no mail is opened for them;
    articles that were put back are not theirs."""
    alerted = readers.filter(Exists(KeywordAlert.objects.filter(subscriber=OuterRef("pk"))))
    rows = PendingIssue.objects.filter(issue__in=issues, subscriber__in=alerted)
    rows.filter(announcing=False).update(announcing=True)
    PendingArticle.objects.filter(article__in=articles, subscriber__in=alerted).delete()


def _waiting(
    issues: Sequence[int], articles: Sequence[Article], readers: QuerySet[Subscriber]
) -> Iterator[tuple[QuerySet[Article], QuerySet[Subscriber]]]:
    """Yield articles, and those of `readers` who are still to be told of them."""
    standing = Article.objects.mailed().standing().filter(section__in=Section.objects.mailed())
    for issue in issues:
        whole = PendingIssue.objects.filter(issue=issue, announcing=False)
        concerned = readers.filter(pk__in=whole.values("subscriber"))
        yield standing.filter(section__issue=issue), concerned
    for article in articles:
        alone = PendingArticle.objects.filter(article=article)
        concerned = readers.filter(pk__in=alone.values("subscriber"))
        yield standing.filter(pk=article.pk), concerned


def _somebody_follows(articles: QuerySet[Article], readers: QuerySet[Subscriber]) -> bool:
    follows = Subscription.objects.filter(
        subscriber=OuterRef("pk"), topic__in=articles.values("section__topic"), ended_at=None
    )
    return readers.filter(Exists(follows)).exists()
