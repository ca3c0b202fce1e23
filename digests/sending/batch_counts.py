"""The counts that each batch keeps of its deliveries, so that nobody reads a million rows for them.

Whoever changes the status of deliveries locks the rows of their batches meanwhile. Free batches
are counted before they are unlocked, claimed ones when they are given back; until then their
deliveries are counted, which are few.
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
_AT_ONCE = 500  # batches that are named in one statement

_COUNTS = ", ".join(f"COUNT(*) FILTER (WHERE status = '{status}')" for status in KEPT)
_LATELY = "settled_at > digests_batch.lately_to OR digests_batch.lately_to IS NULL"
_OF_THE_BATCH = """FROM digests_delivery AS delivery
            WHERE delivery.edition_id = digests_batch.edition_id
                AND delivery.id BETWEEN digests_batch.first AND digests_batch.last"""
_COUNT = f"""
    UPDATE digests_batch
    SET (waiting, sent, failed, uncertain, skipped, due_at) = (
            SELECT {_COUNTS}, MIN(due_at) FILTER (WHERE status = '{DeliveryStatus.QUEUED}')
            {_OF_THE_BATCH}
        )"""  # noqa: S608 - our words
_GIVE_BACK = f"""
    UPDATE digests_batch
    SET claim = '', leased_until = NULL,
        (waiting, sent, failed, uncertain, skipped, due_at, lately, lately_from, lately_to) = (
            SELECT {_COUNTS}, MIN(due_at) FILTER (WHERE status = '{DeliveryStatus.QUEUED}'),
                COUNT(settled_at) FILTER (WHERE {_LATELY}),
                MIN(settled_at) FILTER (WHERE {_LATELY}),
                MAX(settled_at)
            {_OF_THE_BATCH}
        )
    WHERE claim = %s"""  # noqa: S608
# One statement, so that a batch that is given back meanwhile is counted once.
_KEPT = f"""
    WITH held AS MATERIALIZED (
        SELECT edition_id, first, last FROM digests_batch WHERE digest_id = %s AND claim <> ''
    )
    SELECT waiting, sent, failed, uncertain, skipped FROM (
        SELECT COALESCE(SUM(waiting), 0) AS waiting, COALESCE(SUM(sent), 0) AS sent,
            COALESCE(SUM(failed), 0) AS failed, COALESCE(SUM(uncertain), 0) AS uncertain,
            COALESCE(SUM(skipped), 0) AS skipped
        FROM digests_batch WHERE digest_id = %s AND claim = ''
    ) AS free
    UNION ALL
    SELECT {_COUNTS}
    FROM held
    JOIN digests_delivery AS delivery
        ON delivery.edition_id = held.edition_id AND delivery.id BETWEEN held.first AND held.last
    """  # noqa: S608


def kept(digest: int) -> Tally:
    """Count the deliveries in the batches of a digest by status. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [digest, digest])
        found = cursor.fetchall()
    return {
        status.value: int(sum(numbers))
        for status, numbers in zip(KEPT, zip(*found, strict=True), strict=True)
    }


def lock(batches: QuerySet[Batch]) -> list[int]:
    """Lock these batches until the transaction ends. Returns their ids. One query."""
    return list(batches.select_for_update().order_by("pk").values_list("pk", flat=True))


def give_back(claim: str) -> int:
    """Count the batches of a claim, which the transaction has locked, and free them for when the
    first of their deliveries is due. Returns how many they were. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [claim])
        return int(cursor.rowcount)


def recount(digest: Digest) -> None:
    """Count all batches of a digest."""
    with changing(digest.pk, Batch.objects.filter(digest=digest)):
        pass


@contextmanager
def changing(digest: int, batches: QuerySet[Batch]) -> Iterator[None]:
    """Lock a digest and some of its batches while the status of their deliveries is changed; then
    count these batches, and update the stamp of the digest where it is finished.

    Everybody locks the digest first: so two never wait for each other.
    """
    with transaction.atomic():
        row = Digest.objects.filter(pk=digest)
        list(row.select_for_update(no_key=True).values_list("pk"))
        held = lock(batches)
        yield
        _count(held)
        if held:
            _stamp(row)


def _stamp(row: QuerySet[Digest]) -> None:
    finished = row.filter(finished_at__isnull=False).exclude(outcome={})
    for pk, excluded, outcome in list(finished.values_list("pk", "excluded", "outcome")):
        counts = kept(pk) | {DeliveryStatus.EXCLUDED.value: sum(excluded.values())}
        row.update(outcome=outcome | {"counts": counts})


def _count(batches: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for n in range(0, len(batches), _AT_ONCE):
            some = batches[n : n + _AT_ONCE]
            cursor.execute(f"{_COUNT} WHERE id IN ({', '.join(['%s'] * len(some))})", some)
