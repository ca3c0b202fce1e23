"""Claiming batches under a lease, and recovering the claims of dead workers."""

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
from digests.sending import journal as journals
from digests.sending.journal import Journal, Records
from foundation import fault_injection

logger = logging.getLogger(__name__)

AHEAD = timedelta(hours=1)  # by which no two clocks of one service differ
_CANDIDATES = 64  # free batches among which a claim is chosen


@dataclass(frozen=True, slots=True)
class Claim:
    """Batches of a digest that this process may send, by their ids, and the journal of what it does
    with them."""

    name: str
    digest: int
    batches: frozenset[int]
    journal: Journal


def lease() -> timedelta:
    """Return how long a claim holds unless it is renewed."""
    return timedelta(seconds=settings.SEND_LEASE_SECONDS)


def claim(digest: Digest, *, at: datetime, most: int) -> Claim | None:
    """Claim due batches of together about `most` waiting deliveries. Returns None when nothing is
    free.

    Two workers never get the same one: each batch is taken by an UPDATE that asks whether it is
    free, and on PostgreSQL those that another worker is claiming are skipped. Two queries.
    """
    name = secrets.token_hex(16)
    journal = Journal(name)
    try:
        batches = _take(digest, name, at=at, most=most)
        if batches:
            restored_backup.count_claim()
    except BaseException:
        journal.abandon()  # the database may have done it, and only its answer was lost
        raise
    if not batches:
        journal.close()
        return None
    fault_injection.crash_here(fault_injection.CLAIMED)
    return Claim(name, digest.pk, batches, journal)


def _take(digest: Digest, name: str, *, at: datetime, most: int) -> frozenset[int]:
    adapt = connection.ops.adapt_datetimefield_value
    skips = connection.features.has_select_for_update_skip_locked
    sql = _TAKE.format(skip_locked="FOR UPDATE SKIP LOCKED" if skips else "")
    found = [digest.pk, adapt(at), digest.pk, _CANDIDATES]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*found, name, adapt(at + lease()), most])
        return frozenset(pk for (pk,) in cursor.fetchall())


# Free is what `BatchQuerySet.free` calls so. The free ones are MATERIALIZED: as a plain sub-query
# PostgreSQL may choose them more than once, and then takes more than it was asked for.
_TAKE = """
    WITH free AS MATERIALIZED (
        SELECT id, due_at, waiting
        FROM digests_batch
        WHERE digest_id = %s AND claim = '' AND due_at <= %s AND EXISTS (
            SELECT 1 FROM digests_digest
            WHERE id = %s AND paused_at IS NULL AND cancelled_at IS NULL
        )
        ORDER BY due_at, id
        LIMIT %s
        {skip_locked}
    ), queue AS (
        SELECT id, SUM(waiting) OVER (ORDER BY due_at, id) - waiting AS before FROM free
    )
    UPDATE digests_batch
    SET claim = %s, leased_until = %s
    FROM queue
    WHERE digests_batch.id = queue.id AND queue.before < %s AND digests_batch.claim = ''
    RETURNING digests_batch.id"""


def renewed(claim: Claim, *, at: datetime) -> bool:
    """Renew the lease. Returns False where the claim was lost, or where the digest was paused or
    cancelled meanwhile. One query."""
    going = Digest.objects.filter(paused_at=None, cancelled_at=None)
    held = Batch.objects.filter(claim=claim.name, digest__in=going)
    return held.update(leased_until=at + lease()) == len(claim.batches)


def write(claim: Claim, change: Callable[[], object]) -> None:
    """Change deliveries of a claim. Where some of its batches were lost meanwhile, and may be
    counted already, they are counted anew."""
    with transaction.atomic():
        if len(batch_counts.lock(Batch.objects.filter(claim=claim.name))) == len(claim.batches):
            change()
            return
    with batch_counts.changing(claim.digest, Batch.objects.filter(pk__in=claim.batches)):
        change()


def give_back(claim: Claim) -> None:
    """Free the batches of a claim."""
    if release(claim.name) < len(claim.batches):
        write(claim, lambda: None)


@transaction.atomic
def release(name: str) -> int:
    """Free the batches of the claim of that name. Returns how many they were. Two queries."""
    batch_counts.lock(Batch.objects.filter(claim=name))
    return batch_counts.give_back(name)


def postpone(digest: Digest, *, until: datetime) -> None:
    """Let nothing of a digest be claimed before `until`. One query."""
    Batch.objects.filter(digest=digest, claim="", due_at__lt=until).update(due_at=until)


def hasten(*, at: datetime) -> None:
    """Have digests that a clock opened which ran ahead count as opened at `at`, and what waits of
    them be due: else it would wait for weeks, and what is withdrawn meanwhile would go out with it.
    One query where there is none."""
    for digest in Digest.objects.unfinished().filter(opened_at__gt=at + AHEAD):
        early = Delivery.objects.filter(digest=digest, due_at=digest.opened_at)
        with batch_counts.changing(digest.pk, Batch.objects.filter(digest=digest, claim="")):
            ledger.hasten(early, at=at)
            Digest.objects.filter(pk=digest.pk).update(opened_at=at)
        logger.warning("digest %s was opened by a clock that ran ahead", digest.pk)


def recover(*, at: datetime) -> None:
    """Recover the claims of dead workers.

    What the journal calls settled is written down; what it calls begun is uncertain; all else
    waits again. A claim whose journal is not on this machine is left to its own for two leases;
    after that the machine is lost, and all that still waits in its batches is uncertain, as it is
    where a journal is not whole. One claim that cannot be recovered does not keep the others from
    it.
    """
    here = journals.names()
    for name in here:
        with _isolated(name), journals.take_over(name) as records:
            if records is not None:
                _settle(name, records, at=at)
    lost = Batch.objects.filter(leased_until__lt=at - lease()).exclude(claim="")
    lost = lost.exclude(claim__in=journals.names()).exclude(claim__in=here)
    for name in list(lost.order_by().values_list("claim", flat=True).distinct()):
        with _isolated(name):
            _mark_all_uncertain(name, at=at)
            logger.error("claim %s: its machine is lost", name)


@contextmanager
def _isolated(name: str) -> Iterator[None]:
    """Log what goes wrong with one claim; the next sweep tries it again."""
    try:
        yield
    except DataError:
        logger.exception("claim %s: its journal cannot be written down", name)
    except OSError as error:
        logger.warning("claim %s: its journal cannot be read: %s", name, error.strerror)


@transaction.atomic
def _settle(name: str, records: Records, *, at: datetime) -> None:
    if not batch_counts.lock(Batch.objects.filter(claim=name)):
        return
    ledger.settle(records.settled, at=at)
    ledger.mark_uncertain(records.unanswered, at=at)
    logger.warning("claim %s: its worker died, %s are uncertain", name, len(records.unanswered))
    if records.whole:
        batch_counts.give_back(name)
    else:
        logger.error("claim %s: its journal is not whole", name)
        _mark_all_uncertain(name, at=at)


@transaction.atomic
def _mark_all_uncertain(name: str, *, at: datetime) -> None:
    """Mark all that still waits in a claim as uncertain."""
    batch_counts.lock(Batch.objects.filter(claim=name))
    waiting = Delivery.objects.claimed(name).due(at=at)
    ledger.mark_uncertain(list(waiting.values_list("pk", flat=True)), at=at)
    batch_counts.give_back(name)
