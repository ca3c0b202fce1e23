"""Issues that readers are still to be told of: written down by statements of many rows.

Which issues a digest holds for a reader is told by the mask of their edition. That makes one rule
of "never twice, never missed" (docs/cadence.md): an issue is pending for a reader, or a delivery of
theirs tells of it, or they were not reading when it was published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.lookups import Exact

from digests.models import Delivery, Digest
from digests.models.delivery import MAY_INFORM, SkipReason
from issues.models import Issue

# Whoever gets nothing for one of these reasons is told later. Who left is not, nor is anybody of
# what was cancelled, but for what that carried of other issues.
KEPT = frozenset(
    {
        SkipReason.LATER,
        SkipReason.PAUSED,
        SkipReason.SUPPRESSED,
        SkipReason.WITHDRAWN,
        SkipReason.EXPIRED,
    }
)

_MAY_INFORM = ", ".join(f"'{status}'" for status in MAY_INFORM)

# Each issue in a digest with its bit, and whether it is the digest's own.
_HELD = """
    SELECT digest.id AS digest_id, digest.issue_id, 0 AS position, 1 AS own
    FROM digests_digest AS digest
    WHERE digest.issue_id IS NOT NULL AND digest.corrects_id IS NULL
        AND digest.taken_back_at IS NULL
    UNION ALL
    SELECT carried.digest_id, carried.issue_id, carried.position, 0 AS own
    FROM digests_carriedissue AS carried
    JOIN digests_digest AS digest ON digest.id = carried.digest_id
    WHERE digest.taken_back_at IS NULL AND carried.article_id IS NULL"""

# That no delivery of the reader beside this one tells of the issue.
_BY_NO_OTHER = f"""NOT EXISTS (
    SELECT 1
    FROM digests_delivery AS other
    JOIN digests_edition AS said ON said.id = other.edition_id
    JOIN ({_HELD}) AS also ON also.digest_id = other.digest_id AND also.issue_id = held.issue_id
    WHERE other.subscriber_id = delivery.subscriber_id AND other.id <> delivery.id
        AND (said.issue_mask >> also.position) & 1 = 1
        AND other.status IN ({_MAY_INFORM})
)"""  # noqa: S608 - our words

# That no delivery of the reader beside this one tells of the article, which is carried alone.
_ARTICLE_BY_NO_OTHER = f"""NOT EXISTS (
    SELECT 1
    FROM digests_delivery AS other
    JOIN digests_edition AS said ON said.id = other.edition_id
    JOIN digests_carriedissue AS also ON also.digest_id = other.digest_id
        AND also.article_id = carried.article_id AND (said.issue_mask >> also.position) & 1 = 1
    WHERE other.subscriber_id = delivery.subscriber_id AND other.id <> delivery.id
        AND other.status IN ({_MAY_INFORM})
)"""  # noqa: S608 - our words

_OF_ISSUES = f"""
    FROM digests_delivery AS delivery
    JOIN digests_edition AS edition ON edition.id = delivery.edition_id
    JOIN ({_HELD}) AS held ON held.digest_id = delivery.digest_id
        AND (edition.issue_mask >> held.position) & 1 = 1
    WHERE delivery.id IN ({{chosen}}) AND delivery.subscriber_id IS NOT NULL"""
_OF_ARTICLES = """
    FROM digests_delivery AS delivery
    JOIN digests_edition AS edition ON edition.id = delivery.edition_id
    JOIN digests_carriedissue AS carried ON carried.digest_id = delivery.digest_id
        AND carried.article_id IS NOT NULL AND (edition.issue_mask >> carried.position) & 1 = 1
    WHERE delivery.id IN ({chosen}) AND delivery.subscriber_id IS NOT NULL"""

_KEEP = f"""
    INSERT INTO digests_pendingissue (subscriber_id, issue_id)
    SELECT delivery.subscriber_id, held.issue_id {_OF_ISSUES}
        AND held.own <= %s AND {_BY_NO_OTHER}
    ON CONFLICT DO NOTHING"""

_KEEP_ARTICLES = f"""
    INSERT INTO digests_pendingarticle (subscriber_id, article_id)
    SELECT delivery.subscriber_id, carried.article_id {_OF_ARTICLES}
        AND {_ARTICLE_BY_NO_OTHER}
    ON CONFLICT DO NOTHING"""

_INFORMED = f"""
    SELECT delivery.id {_OF_ISSUES} AND NOT {_BY_NO_OTHER}
    UNION SELECT delivery.id {_OF_ARTICLES} AND NOT {_ARTICLE_BY_NO_OTHER}"""

_DROP_ARTICLES = """
    DELETE FROM digests_pendingarticle WHERE id IN (
        SELECT pending.id
        FROM digests_delivery AS delivery
        JOIN digests_edition AS edition ON edition.id = delivery.edition_id
        JOIN digests_carriedissue AS carried ON carried.digest_id = delivery.digest_id
            AND (edition.issue_mask >> carried.position) & 1 = 1
        JOIN digests_pendingarticle AS pending ON pending.subscriber_id = delivery.subscriber_id
            AND pending.article_id = carried.article_id
        WHERE delivery.id IN ({chosen})
    )"""

_DROP = f"""
    DELETE FROM digests_pendingissue WHERE id IN (
        SELECT pending.id
        FROM digests_delivery AS delivery
        JOIN digests_edition AS edition ON edition.id = delivery.edition_id
        JOIN ({_HELD}) AS held ON held.digest_id = delivery.digest_id
            AND (edition.issue_mask >> held.position) & 1 = 1
        JOIN digests_pendingissue AS pending ON pending.subscriber_id = delivery.subscriber_id
            AND pending.issue_id = held.issue_id
        WHERE delivery.id IN ({{chosen}})
    )"""  # noqa: S608 - our words


def keep(deliveries: QuerySet[Delivery], *, carried_only: bool = False) -> None:
    """Write down as pending what these deliveries, which will tell nobody, held: all their issues,
    or those alone that are not the digest's own. Nothing of a correction. Two statements."""
    select, params = deliveries.order_by().values("pk").query.sql_with_params()
    _keep(select, params, carried_only=carried_only)


def keep_carried(digest: Digest) -> None:
    """Write down what the waiting deliveries of a digest held beside its own issue. Two
    statements."""
    keep(Delivery.objects.filter(digest=digest).waiting(), carried_only=True)


def keep_of(deliveries: Sequence[int]) -> None:
    """Write down what the deliveries of these ids held, as `keep`."""
    if deliveries:
        _keep(", ".join(["%s"] * len(deliveries)), tuple(deliveries), carried_only=False)


def _keep(chosen: str, params: Sequence[Any], *, carried_only: bool) -> None:
    sql = _KEEP.format(chosen=chosen)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, int(not carried_only)])
        cursor.execute(_KEEP_ARTICLES.format(chosen=chosen), list(params))


def drop(deliveries: QuerySet[Delivery]) -> None:
    """Have nothing be pending that these deliveries, which wait to be sent, tell of. Two
    statements."""
    select, params = deliveries.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_DROP.format(chosen=select), params)
        cursor.execute(_DROP_ARTICLES.format(chosen=select), params)


def informed_since(deliveries: QuerySet[Delivery]) -> set[int]:
    """Return the ids of those of `deliveries` whose readers another mail has told of what they
    held, or of some of it. One query."""
    select, params = deliveries.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_INFORMED.format(chosen=select), [*params, *params])
        return {pk for (pk,) in cursor.fetchall()}


def informing(issue: Issue | int) -> Iterator[QuerySet[Delivery]]:
    """Yield the deliveries that tell of a whole issue: of its own digest, and of those that carry
    it."""
    deliveries = Delivery.objects.filter(status__in=MAY_INFORM, digest__taken_back_at=None)
    own = F("edition__issue_mask").bitand(1)
    yield deliveries.filter(digest__in=Digest.objects.of_issue(issue).without_corrections()).filter(
        Exact(own, 1)
    )
    position: Any = F("digest__carried_issues__position")
    bit = F("edition__issue_mask").bitrightshift(position).bitand(1)
    yield deliveries.filter(
        Exact(bit, 1), digest__carried_issues__issue=issue, digest__carried_issues__article=None
    )
