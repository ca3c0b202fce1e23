"""The counts that each chunk keeps of its deliveries, so that nobody reads a million rows for them.

Whoever changes what became of deliveries holds the rows of their chunks meanwhile. Free chunks are
counted before they are let go, claimed ones when they are given back; until then their rows are
looked at, which are few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from digests.models import Batch, Digest
from digests.models.delivery import DeliveryStatus

Tally = dict[str, int]

KEPT = (
    DeliveryStatus.QUEUED,
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNCERTAIN,
    DeliveryStatus.SKIPPED,
)
_AT_ONCE = 500  # chunks that are named in one statement

_COUNTS = ", ".join(f"COUNT(*) FILTER (WHERE status = '{status}')" for status in KEPT)
_LATELY = "settled_at > digests_chunk.lately_to OR digests_chunk.lately_to IS NULL"
_OF_THE_CHUNK = """FROM digests_delivery AS delivery
            WHERE delivery.edition_id = digests_chunk.edition_id
                AND delivery.id BETWEEN digests_chunk.first AND digests_chunk.last"""
_COUNT = f"""
    UPDATE digests_chunk
    SET (waiting, sent, failed, uncertain, skipped, due_at) = (
            SELECT {_COUNTS}, MIN(due_at) FILTER (WHERE status = '{DeliveryStatus.QUEUED}')
            {_OF_THE_CHUNK}
        )"""  # noqa: S608 - our words
_GIVE_BACK = f"""
    UPDATE digests_chunk
    SET claim = '', leased_until = NULL,
        (waiting, sent, failed, uncertain, skipped, due_at, lately, lately_from, lately_to) = (
            SELECT {_COUNTS}, MIN(due_at) FILTER (WHERE status = '{DeliveryStatus.QUEUED}'),
                COUNT(settled_at) FILTER (WHERE {_LATELY}),
                MIN(settled_at) FILTER (WHERE {_LATELY}),
                MAX(settled_at)
            {_OF_THE_CHUNK}
        )
    WHERE claim = %s"""  # noqa: S608
# One statement, so that a chunk that is given back meanwhile is counted once.
_KEPT = f"""
    WITH held AS MATERIALIZED (
        SELECT edition_id, first, last FROM digests_chunk WHERE digest_id = %s AND claim <> ''
    )
    SELECT waiting, sent, failed, uncertain, skipped FROM (
        SELECT COALESCE(SUM(waiting), 0) AS waiting, COALESCE(SUM(sent), 0) AS sent,
            COALESCE(SUM(failed), 0) AS failed, COALESCE(SUM(uncertain), 0) AS uncertain,
            COALESCE(SUM(skipped), 0) AS skipped
        FROM digests_chunk WHERE digest_id = %s AND claim = ''
    ) AS free
    UNION ALL
    SELECT {_COUNTS}
    FROM held
    JOIN digests_delivery AS delivery
        ON delivery.edition_id = held.edition_id AND delivery.id BETWEEN held.first AND held.last
    """  # noqa: S608


def kept(digest: int) -> Tally:
    """How many of the deliveries in chunks of a digest are in each state. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [digest, digest])
        found = cursor.fetchall()
    return {
        status.value: int(sum(numbers))
        for status, numbers in zip(KEPT, zip(*found, strict=True), strict=True)
    }


def hold(chunks: QuerySet[Batch]) -> list[int]:
    """Let nobody else change these chunks until the transaction ends; their ids. One query."""
    return list(chunks.select_for_update().order_by("pk").values_list("pk", flat=True))


def give_back(claim: str) -> int:
    """Count the chunks of a claim, which the transaction has to hold, and have them claimed anew
    when the first of their deliveries is due; how many they were. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [claim])
        return int(cursor.rowcount)


def recount(digest: Digest) -> None:
    """Count all chunks of a digest."""
    with changing(digest.pk, Batch.objects.filter(digest=digest)):
        pass


@contextmanager
def changing(digest: int, chunks: QuerySet[Batch]) -> Iterator[None]:
    """Hold a digest and some of its chunks while what became of their deliveries is changed; then
    count these chunks, and stamp the digest with what that makes of it where it is finished.

    The digest is held first, by everybody: so two never wait for each other.
    """
    with transaction.atomic():
        row = Digest.objects.filter(pk=digest)
        list(row.select_for_update(no_key=True).values_list("pk"))
        held = hold(chunks)
        yield
        _count(held)
        if held:
            _stamp(row)


def _stamp(row: QuerySet[Digest]) -> None:
    finished = row.filter(finished_at__isnull=False).exclude(outcome={})
    for pk, excluded, outcome in list(finished.values_list("pk", "excluded", "outcome")):
        counts = kept(pk) | {DeliveryStatus.EXCLUDED.value: sum(excluded.values())}
        row.update(outcome=outcome | {"counts": counts})


def _count(chunks: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for n in range(0, len(chunks), _AT_ONCE):
            some = chunks[n : n + _AT_ONCE]
            cursor.execute(f"{_COUNT} WHERE id IN ({', '.join(['%s'] * len(some))})", some)
