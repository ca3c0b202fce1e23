"""Claiming chunks: a worker takes some for a while; what a dead worker held comes back."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DataError, connection, transaction

from digests.models import Batch, Delivery, Digest
from digests.sending import batch_counts, ledger, restored_backup
from digests.sending.journal import Journal, Records, left_over, taken_over
from foundation import fault_injection

logger = logging.getLogger(__name__)

_LOOKED_AT = 64  # free chunks among which a claim is chosen


@dataclass(frozen=True, slots=True)
class Claim:
    """Chunks of a digest that this process may send, by their ids, and the journal of what it does
    with them."""

    name: str
    digest: int
    chunks: frozenset[int]
    journal: Journal


def lease() -> timedelta:
    """How long a claim holds unless it is renewed."""
    return timedelta(seconds=settings.SEND_LEASE_SECONDS)


def claim(digest: Digest, *, at: datetime, most: int) -> Claim | None:
    """Take due chunks of together about `most` waiting deliveries; None when nothing is free.

    Two workers never get the same one: each chunk is taken by an UPDATE that asks whether it is
    free, and on PostgreSQL those that another worker is taking are passed over. Two queries.
    """
    name = secrets.token_hex(16)
    journal = Journal(name)
    try:
        chunks = _take(digest, name, at=at, most=most)
        if chunks:
            restored_backup.count_claim()
    except BaseException:
        journal.abandon()  # the database may have heard it, and only its answer was lost
        raise
    if not chunks:
        journal.close()
        return None
    fault_injection.crash_here(fault_injection.CLAIMED)
    return Claim(name, digest.pk, chunks, journal)


def _take(digest: Digest, name: str, *, at: datetime, most: int) -> frozenset[int]:
    adapt = connection.ops.adapt_datetimefield_value
    skips = connection.features.has_select_for_update_skip_locked
    sql = _TAKE.format(passing_over="FOR UPDATE SKIP LOCKED" if skips else "")
    found = [digest.pk, adapt(at), digest.pk, _LOOKED_AT]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*found, name, adapt(at + lease()), most])
        return frozenset(pk for (pk,) in cursor.fetchall())


# Free is what `BatchQuerySet.free` calls so. The free ones are MATERIALIZED: as a plain sub-query
# PostgreSQL may choose them more than once, and then takes more than it was asked for.
_TAKE = """
    WITH free AS MATERIALIZED (
        SELECT id, due_at, waiting
        FROM digests_chunk
        WHERE digest_id = %s AND claim = '' AND due_at <= %s AND EXISTS (
            SELECT 1 FROM digests_digest
            WHERE id = %s AND paused_at IS NULL AND cancelled_at IS NULL
        )
        ORDER BY due_at, id
        LIMIT %s
        {passing_over}
    ), queue AS (
        SELECT id, SUM(waiting) OVER (ORDER BY due_at, id) - waiting AS before FROM free
    )
    UPDATE digests_chunk
    SET claim = %s, leased_until = %s
    FROM queue
    WHERE digests_chunk.id = queue.id AND queue.before < %s AND digests_chunk.claim = ''
    RETURNING digests_chunk.id"""


def renewed(claim: Claim, *, at: datetime) -> bool:
    """Whether the lease could be begun anew: not where the claim was lost, or where the digest was
    paused or cancelled meanwhile. One query."""
    going = Digest.objects.filter(paused_at=None, cancelled_at=None)
    held = Batch.objects.filter(claim=claim.name, digest__in=going)
    return held.update(leased_until=at + lease()) == len(claim.chunks)


def write(claim: Claim, change: Callable[[], None]) -> None:
    """Do what changes the deliveries of a claim. Where some of it was lost meanwhile, and may be
    counted already, it is counted anew."""
    with transaction.atomic():
        if len(batch_counts.hold(Batch.objects.filter(claim=claim.name))) == len(claim.chunks):
            change()
            return
    with batch_counts.changing(claim.digest, Batch.objects.filter(pk__in=claim.chunks)):
        change()


def give_back(claim: Claim) -> None:
    """Give the chunks of a claim back."""
    if release(claim.name) < len(claim.chunks):
        write(claim, lambda: None)


@transaction.atomic
def release(name: str) -> int:
    """Give back the chunks of the claim of that name; how many they were. Two queries."""
    batch_counts.hold(Batch.objects.filter(claim=name))
    return batch_counts.give_back(name)


def leave_alone(digest: Digest, *, until: datetime) -> None:
    """Have nothing of a digest claimed before `until`. One query."""
    Batch.objects.filter(digest=digest, claim="", due_at__lt=until).update(due_at=until)


def recover(*, at: datetime) -> None:
    """Settle what dead workers held.

    What the journal calls settled is written down; what it calls begun has no known end; all
    else waits again. A claim whose journal is not on this machine is left to its own for two
    leases; after that the machine is lost, and of all that still waits in its chunks nobody
    knows what became of it: no more than where a journal is not whole. One claim that cannot be
    settled does not keep the others from it.
    """
    here = left_over()
    for name in here:
        with _one_of_many(name), taken_over(name) as records:
            if records is not None:
                _settle(name, records, at=at)
    lost = Batch.objects.filter(leased_until__lt=at - lease()).exclude(claim="")
    lost = lost.exclude(claim__in=left_over()).exclude(claim__in=here)
    for name in list(lost.order_by().values_list("claim", flat=True).distinct()):
        with _one_of_many(name):
            _doubt_all(name, at=at)
            logger.error("claim %s: its machine is lost", name)


@contextmanager
def _one_of_many(name: str) -> Iterator[None]:
    """What goes wrong with one claim is logged, and tried again by the next sweep."""
    try:
        yield
    except DataError:
        logger.exception("claim %s: what it left cannot be written down", name)
    except OSError as error:
        logger.warning("claim %s: its journal cannot be read: %s", name, error.strerror)


@transaction.atomic
def _settle(name: str, records: Records, *, at: datetime) -> None:
    if not batch_counts.hold(Batch.objects.filter(claim=name)):
        return
    ledger.settle(records.settled, at=at)
    ledger.mark_uncertain(records.doubtful, at=at)
    logger.warning("claim %s: its worker died, %s are in doubt", name, len(records.doubtful))
    if records.whole:
        batch_counts.give_back(name)
    else:
        logger.error("claim %s: its journal is not whole", name)
        _doubt_all(name, at=at)


@transaction.atomic
def _doubt_all(name: str, *, at: datetime) -> None:
    """Of what still waits in a claim nobody knows what became of it."""
    batch_counts.hold(Batch.objects.filter(claim=name))
    doubtful = Delivery.objects.claimed(name).due(at=at)
    ledger.mark_uncertain(list(doubtful.values_list("pk", flat=True)), at=at)
    batch_counts.give_back(name)
