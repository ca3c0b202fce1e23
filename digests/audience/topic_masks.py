"""Topic masks: which of a digest's topics each reader follows, and the editions that this makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection, models
from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from digests.models import Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from issues.models import Issue, Section
from subscribers.models import Subscriber, Subscription, skip_reason

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


MAX_TOPICS = 62  # one bit each of a signed 64-bit number


class _Choice(TypedDict):
    topic_mask: int
    excluded: str


def too_many_topics(issue: Issue) -> bool:
    """Return whether the sections are about more topics than a digest can hold apart."""
    return len(Section.objects.filter(issue=issue).mailed().topic_ids()) > MAX_TOPICS


def with_topic_mask(
    digest: Digest, readers: QuerySet[Subscriber]
) -> QuerySet[WithAnnotations[Subscriber, _Choice]]:
    """Return each reader's topic mask, bit n for the n-th topic of the digest; and why they are
    excluded, whatever they follow: they have left, paused, or their address is suppressed."""
    excluded = skip_reason(at=digest.opened_at)
    return readers.order_by().annotate(excluded=excluded, topic_mask=_topic_mask(digest))


def counted(digest: Digest, readers: QuerySet[Subscriber]) -> dict[tuple[str, int], int]:
    """Return how many of `readers` there are of each language and topic mask. One query."""
    masks = readers.order_by().annotate(topic_mask=_topic_mask(digest))
    rows = masks.values_list("language", "topic_mask").annotate(number=Count("pk"))
    return {(language, mask): number for language, mask, number in rows}


def _topic_mask(digest: Digest) -> Coalesce:
    number: models.BigIntegerField[int, int] = models.BigIntegerField()
    bits = [When(topic=topic, then=Value(1 << n)) for n, topic in enumerate(digest.topics)]
    bit = Case(*bits, default=Value(0), output_field=number)
    current = Subscription.objects.filter(subscriber=OuterRef("pk"), ended_at=None).order_by()
    # Looked up reader by reader: of a join PostgreSQL would read the whole table at each step.
    followed = current.values("subscriber").annotate(bits=Cast(Sum(bit), number)).values("bits")
    return Coalesce(Subquery(followed), Value(0), output_field=number)


def add_deliveries(digest: Digest, chosen: QuerySet[Any], *, some_have_one: bool) -> int:
    """Write the editions and the deliveries of those who are `chosen`, but for those who have one.
    Returns how many.

    The rows never pass through Python: what each reader follows is looked up once, into a
    temporary table, so that whoever changes their topics meanwhile cannot fall between the two.
    They are laid down edition by edition, as they are claimed and settled later.
    """
    wanted = chosen.values("pk", "language", "topic_mask", "excluded")
    select, params = wanted.query.sql_with_params()
    opened_at = connection.ops.adapt_datetimefield_value(digest.opened_at)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE chosen AS {select}", params)
        cursor.execute(_ADD_EDITIONS, [digest.pk])
        # To have the database ask that of each row costs 1.7 µs a reader.
        passed_over = "ON CONFLICT DO NOTHING" if some_have_one else ""
        cursor.execute(_ADD_DELIVERIES + passed_over, [digest.pk, opened_at, digest.pk])
        new = int(cursor.rowcount)
        cursor.execute("DROP TABLE chosen")
    return new


_ADD_EDITIONS = """
    INSERT INTO digests_edition (digest_id, language, topic_mask, alert_articles)
    SELECT DISTINCT %s, language, topic_mask, '' FROM chosen
    WHERE topic_mask > 0 AND excluded = ''
    ON CONFLICT DO NOTHING"""
_ADD_DELIVERIES = f"""
    INSERT INTO digests_delivery
        (digest_id, subscriber_id, edition_id, status, reason, attempts, due_at, smtp_response)
    SELECT %s, chosen.pk, edition.id,
        CASE WHEN edition.id IS NULL THEN '{DeliveryStatus.EXCLUDED}'
             ELSE '{DeliveryStatus.QUEUED}' END,
        CASE WHEN chosen.excluded <> '' THEN chosen.excluded
             WHEN edition.id IS NULL THEN '{SkipReason.NOTHING}' ELSE '' END,
        0, %s, ''
    FROM chosen
    LEFT JOIN digests_edition AS edition
        ON edition.digest_id = %s AND edition.language = chosen.language
        AND edition.topic_mask = chosen.topic_mask AND edition.alert_articles = ''
        AND chosen.excluded = ''
    WHERE TRUE
    ORDER BY edition.id, chosen.pk
    """  # noqa: S608 - our words; SQLite needs the WHERE before ON
