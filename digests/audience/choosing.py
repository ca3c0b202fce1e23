"""The readers of one step, in a temporary table: what each of them is to get, by statements whose
rows never pass through Python.

What a reader follows, and what they are still to be told of, is looked up once, so that whoever
changes their topics meanwhile cannot fall between two statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from digests.audience import topic_masks
from digests.models import Digest, PendingArticle
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import pending
from issues.models import Article


class Choice(NamedTuple):
    """The choice of a reader who gets mail: what they follow of a digest."""

    reader: int
    language: str
    topic_mask: int
    issue_mask: int


@contextmanager
def chosen(digest: Digest, readers: QuerySet[Any]) -> Iterator[None]:
    """Have the table `chosen` hold `readers`, which have a `topic_mask` and a reason why they are
    `excluded`, with their issue mask, as long as the block runs.

    What was pending for who is not excluded is pending no more: this digest tells of it.
    """
    select, params = readers.values(
        "pk", "language", "topic_mask", "excluded"
    ).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE TEMPORARY TABLE chosen AS
            SELECT asked.*, CAST({digest.own_mask} AS bigint) AS issue_mask
            FROM ({select}) AS asked""",  # noqa: S608 - our words
            params,
        )
        if digest.issue_ids[1:] or digest.put_back or not digest.own_mask:
            _take_pending(cursor, digest)
            _forget_articles(cursor, digest)
            _restrict_topics(cursor, digest)
        if digest.own_mask and _was_taken_back(digest):
            cursor.execute(_FORGET_OWN, [digest.issue_id])
        yield
        cursor.execute("DROP TABLE chosen")


def choices(readers: Collection[int]) -> Iterator[Choice]:
    """Yield what those of `readers` chose who are not excluded. One query."""
    if not readers:
        return
    places = ", ".join(["%s"] * len(readers))
    sql = f"""SELECT pk, language, topic_mask, issue_mask FROM chosen
        WHERE excluded = '' AND pk IN ({places})"""  # noqa: S608 - our words
    with connection.cursor() as cursor:
        cursor.execute(sql, list(readers))
        yield from map(Choice._make, cursor.fetchall())


def add_deliveries(digest: Digest, *, some_have_one: bool) -> int:
    """Write the editions and the deliveries of those who are `chosen`, but for those who have one.
    Returns how many.

    They are laid down edition by edition, as they are claimed and settled later.
    """
    opened_at = connection.ops.adapt_datetimefield_value(digest.opened_at)
    with connection.cursor() as cursor:
        cursor.execute(_ADD_EDITIONS, [digest.pk])
        # To have the database ask that of each row costs 1.7 µs a reader.
        passed_over = "ON CONFLICT DO NOTHING" if some_have_one else ""
        cursor.execute(_ADD_DELIVERIES + passed_over, [digest.pk, opened_at, digest.pk])
        return int(cursor.rowcount)


def keep_pending(digest: Digest) -> None:
    """Write down that who is `chosen`, and gets nothing for a reason that passes, is still to be
    told of the digest's own issue; and who follows nothing in an issue that announces topics, of
    that, so that their next mail tells of the topics."""
    with connection.cursor() as cursor:
        if digest.own_mask:
            cursor.execute(_KEEP_PENDING, [digest.issue_id])
        announcing = reduce(or_, digest.announced().values(), 0)
        for n, issue in enumerate(digest.issue_ids):
            if announcing >> n & 1:
                later = digest.occasion not in topic_masks.WITH_EACH_ISSUE
                cursor.execute(_KEEP_ANNOUNCING, [issue, later, digest.pk, 1 << n])


def _take_pending(cursor: Any, digest: Digest) -> None:
    """Delete what is pending of the issues that the digest carries, and set it in the masks. What
    another digest takes at the same moment is not there for this one."""
    cursor.execute("CREATE TEMPORARY TABLE taken (reader bigint, bit bigint)")
    for statement in _TAKE[connection.vendor]:
        cursor.execute(statement, [digest.pk] if "%s" in statement else None)
    if digest.put_back:
        for statement in _TAKE_ARTICLES[connection.vendor]:
            cursor.execute(statement, [digest.pk])
    cursor.execute(
        """UPDATE chosen SET issue_mask = issue_mask + held.mask
        FROM (SELECT reader, SUM(bit) AS mask FROM taken GROUP BY reader) AS held
        WHERE held.reader = chosen.pk"""
    )
    cursor.execute("DROP TABLE taken")


def _forget_articles(cursor: Any, digest: Digest) -> None:
    """Delete which articles are pending for who is told of their issue as a whole."""
    rows = Article.objects.filter(section__issue__in=digest.issue_ids)
    waiting = rows.filter(Exists(PendingArticle.objects.filter(article=OuterRef("pk"))))
    for article, issue in waiting.order_by().values_list("pk", "section__issue"):
        bit = 1 << digest.issue_ids.index(issue)
        cursor.execute(_FORGET_ARTICLE, [article, bit])


def _restrict_topics(cursor: Any, digest: Digest) -> None:
    """Leave in each topic mask what the issues and articles in the issue mask are about."""
    topics = _topics_by_bit(digest)
    cursor.execute("SELECT DISTINCT issue_mask FROM chosen WHERE excluded = ''")
    for (mask,) in cursor.fetchall():
        within = 0
        for n, there in topics.items():
            within |= there if mask >> n & 1 else 0
        cursor.execute(
            "UPDATE chosen SET topic_mask = topic_mask & %s WHERE issue_mask = %s", [within, mask]
        )


def _topics_by_bit(digest: Digest) -> dict[int, int]:
    """Return the topic mask of what each bit of an issue mask stands for."""
    masks: dict[int, int] = defaultdict(int)
    rows = digest.articles().order_by().values_list("pk", "section__issue", "section__topic")
    for article, issue, topic in rows:
        if topic in digest.topics:
            for bit in digest.bits_of(article, issue):
                masks[bit] |= 1 << digest.topics.index(topic)
    return masks


def _was_taken_back(digest: Digest) -> bool:
    return Digest.objects.filter(issue=digest.issue_id, taken_back_at__isnull=False).exists()


def _take(table: str, carries: str) -> dict[str, tuple[str, ...]]:
    """Return the statements that move what is pending for the chosen readers into `taken`, by the
    kind of database; `carries` says which carried row brings a row of `table`."""
    carries = f"carried.digest_id = %s AND {carries}"
    found = f"""
        FROM {table} AS pending
        JOIN digests_carriedissue AS carried ON {carries}
        JOIN chosen ON chosen.pk = pending.subscriber_id
        WHERE chosen.excluded = ''"""
    return {
        "postgresql": (
            f"""WITH gone AS (
                DELETE FROM {table} AS pending
                USING digests_carriedissue AS carried, chosen
                WHERE {carries}
                    AND chosen.pk = pending.subscriber_id AND chosen.excluded = ''
                RETURNING pending.subscriber_id, carried.position
            )
            INSERT INTO taken
            SELECT subscriber_id, CAST(1 AS bigint) << position FROM gone""",  # noqa: S608
        ),
        "sqlite": (  # where one transaction writes at a time
            f"INSERT INTO taken SELECT pending.subscriber_id, 1 << carried.position {found}",
            f"DELETE FROM {table} WHERE id IN (SELECT pending.id {found})",  # noqa: S608
        ),
    }


_TAKE = _take(
    "digests_pendingissue",
    "carried.issue_id = pending.issue_id AND carried.article_id IS NULL",
)
_TAKE_ARTICLES = _take("digests_pendingarticle", "carried.article_id = pending.article_id")
_FORGET_ARTICLE = """
    DELETE FROM digests_pendingarticle
    WHERE article_id = %s AND subscriber_id IN (
        SELECT pk FROM chosen WHERE excluded = '' AND issue_mask & %s <> 0
    )"""
_FORGET_OWN = """
    DELETE FROM digests_pendingissue
    WHERE issue_id = %s AND subscriber_id IN (SELECT pk FROM chosen WHERE excluded = '')"""
_ADD_EDITIONS = """
    INSERT INTO digests_edition (digest_id, language, topic_mask, issue_mask, alert_articles)
    SELECT DISTINCT %s, language, topic_mask, issue_mask, '' FROM chosen
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
        AND edition.topic_mask = chosen.topic_mask AND edition.issue_mask = chosen.issue_mask
        AND edition.alert_articles = '' AND chosen.excluded = ''
    WHERE TRUE
    ORDER BY edition.id, chosen.pk
    """  # noqa: S608 - our words; SQLite needs the WHERE before ON
_KEPT = ", ".join(f"'{reason.value}'" for reason in sorted(pending.KEPT))
_KEEP_PENDING = f"""
    INSERT INTO digests_pendingissue (subscriber_id, issue_id, later)
    SELECT pk, %s, excluded = '{SkipReason.LATER}' FROM chosen WHERE excluded IN ({_KEPT})
    ON CONFLICT DO NOTHING"""  # noqa: S608 - our words
_KEEP_ANNOUNCING = f"""
    INSERT INTO digests_pendingissue (subscriber_id, issue_id, later, announcing)
    SELECT chosen.pk, %s, %s, TRUE
    FROM chosen
    JOIN digests_delivery AS delivery
        ON delivery.digest_id = %s AND delivery.subscriber_id = chosen.pk
    WHERE delivery.reason = '{SkipReason.NOTHING}' AND chosen.issue_mask & %s <> 0
    ON CONFLICT DO NOTHING"""  # noqa: S608 - our words
