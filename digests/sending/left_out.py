"""Articles that a digest left out because they were withdrawn, and who is told of them when they
are put back.

Which mail has an article and which has not is known for each digest, not for each reader: it was
withdrawn when the digest was rendered, or from some moment on, when the digest was resumed without
it. From then on it stays left out, also if it is put back before the last mail has gone. So nothing
is written down for a reader before an article is put back, and once, then (docs/cadence.md).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from digests.models import Delivery, Digest, LeftOut, PendingIssue
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.rendering.composing import mask_of
from digests.sending import pending
from issues.models import Article
from subscribers.models import KeywordAlert, Subscription

logger = logging.getLogger(__name__)

_KEEP = """
    INSERT INTO digests_pendingarticle (subscriber_id, article_id)
    SELECT chosen.subscriber_id, %s FROM ({chosen}) AS chosen
    WHERE TRUE ON CONFLICT DO NOTHING"""  # SQLite needs the WHERE before ON


def since_rendered(digest: Digest) -> None:
    """Write down which articles of the digest's issues stand in none of its mails: they were
    withdrawn when its blocks were set. One query."""
    there = {pk for pk, _text in digest.texts}
    sections = digest.mailed_sections().filter(issue__in=digest.issue_ids)
    of_issues = Article.objects.mailed().filter(section__in=sections).order_by()
    absent = [pk for pk in of_issues.values_list("pk", flat=True) if pk not in there]
    _write_down(digest, absent, since=digest.opened_at)


def from_now_on(digest: Digest, *, at: datetime) -> None:
    """Write down that what is sent from `at` on has none of the articles that are withdrawn. The
    row of the digest is held. One query where there is none."""
    if digest.corrects_id is None:
        _write_down(digest, digest.withdrawn_articles(), since=at)


def keep_for(deliveries: QuerySet[Delivery], digest: Digest) -> None:
    """Write down that the readers of `deliveries`, which are about to be sent again, are still to
    be told of what is left out (`from_now_on`), unless they had it with the mail before, or were
    told of its issue by another. The row of the digest is held. One query where there is none."""
    rows = LeftOut.objects.filter(digest=digest).select_related("article__section")
    for row in rows:
        others = deliveries.exclude(pk__in=pending.informed_since(deliveries))
        without = Q(status__in=(DeliveryStatus.FAILED, DeliveryStatus.SKIPPED))
        if not row.made_up:
            without |= Q(settled_at__gte=row.since)
        _keep(row.article, _telling(others, digest, row.article).filter(without))


def _telling(
    deliveries: QuerySet[Delivery], digest: Digest, article: Article
) -> QuerySet[Delivery]:
    """Return those by which a known reader is told of an article's issue, or of it alone."""
    mask = mask_of(digest.bits_of(article.pk, article.section.issue_id))
    with_mask = deliveries.order_by().alias(shared=F("edition__issue_mask").bitand(mask))
    return with_mask.filter(~Q(shared=0), subscriber__isnull=False)


def _write_down(digest: Digest, articles: list[int] | frozenset[int], *, since: datetime) -> None:
    LeftOut.objects.bulk_create(
        (LeftOut(digest=digest, article_id=pk, since=since) for pk in articles),
        ignore_conflicts=True,
    )


def make_up(digest: Digest) -> None:
    """Write down who is still to be told of what a finished digest left out and stands again. The
    row of the digest is held. One query where there is nothing.

    It waits until the digest is finished: whose mail failed is told of the whole issue, and so of
    the article.
    """
    rows = LeftOut.objects.filter(digest=digest, digest__taken_back_at=None).standing()
    for row in rows.select_related("article__section__issue"):
        count = sum(_keep(row.article, missing) for missing in _missing(digest, row))
        LeftOut.objects.filter(pk=row.pk).update(made_up=True)
        logger.info("article %s is pending for %s of digest %s", row.article_id, count, digest.pk)


def make_up_for(articles: QuerySet[Article]) -> None:
    """Write down who is still to be told of `articles`, which are put back: of each digest at once
    or, where it is under way, when it is finished. One query where no digest left them out."""
    digests = LeftOut.objects.filter(article__in=articles).standing().values("digest")
    with transaction.atomic():
        held = Digest.objects.filter(pk__in=digests).defer("blocks", "texts").order_by("pk")
        for digest in held.select_for_update(of=("self",)):
            if digest.finished_at is not None:
                make_up(digest)


def _missing(digest: Digest, row: LeftOut) -> Iterator[QuerySet[Delivery]]:
    """Yield the deliveries of a digest whose readers follow an article, or have keyword alerts, and
    were told of its issue without it; then those of who followed nothing else."""
    article, issue = row.article, row.article.section.issue
    follows = Subscription.objects.filter(
        subscriber=OuterRef("subscriber"), topic=article.section.topic_id, ended_at=None
    )
    alerts = KeywordAlert.objects.filter(subscriber=OuterRef("subscriber"))
    rows = Delivery.objects.filter(
        Q(Exists(follows)) | Q(Exists(alerts)), digest=digest, subscriber__isnull=False
    ).order_by()
    # Of what somebody had sent again it was written down then (`keep_for`).
    yield _telling(rows, digest, article).filter(
        status__in=(DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN),
        settled_at__gte=row.since,
        resends=0,
    )
    if row.since <= digest.opened_at and issue.pk in digest.issue_ids:
        asked = rows.filter(
            ~Exists(PendingIssue.objects.filter(issue=issue, subscriber=OuterRef("subscriber"))),
            status=DeliveryStatus.EXCLUDED,
            reason=SkipReason.NOTHING,
            subscriber__confirmed_at__lte=issue.published_at,
        )
        for informing in pending.informing(issue):
            asked = asked.filter(~Exists(informing.filter(subscriber=OuterRef("subscriber"))))
        yield asked


def _keep(article: Article, deliveries: QuerySet[Delivery]) -> int:
    select, params = deliveries.values("subscriber_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.format(chosen=select), [article.pk, *params])
        return int(cursor.rowcount)
