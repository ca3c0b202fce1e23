"""Claiming chunks: a worker takes some for a while; what a dead worker held comes back."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bulletin_site import points
from digests.mailing import ledger
from digests.mailing.journal import Journal, left_over, taken_over
from digests.models import Chunk, Delivery, Digest
from digests.models.delivery import Status
from digests.printing import COLUMNS, Addressee

logger = logging.getLogger(__name__)

_LOOKED_AT = 64  # free chunks among which a claim is chosen


@dataclass(frozen=True, slots=True)
class Claim:
    """Chunks that this process may send, and the journal of what it does with them."""

    name: str
    chunks: tuple[Chunk, ...]
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
    except BaseException:
        journal.abandon()  # the database may have heard it, and only its answer was lost
        raise
    if not chunks:
        journal.close()
        return None
    points.reached(points.CLAIMED)
    return Claim(name, chunks, journal)


def _take(digest: Digest, name: str, *, at: datetime, most: int) -> tuple[Chunk, ...]:
    free = Chunk.objects.free(at=at).filter(digest=digest).order_by("due_at", "pk")
    with transaction.atomic():
        # The rows are chosen before the UPDATE: as its sub-query PostgreSQL may choose them
        # more than once, and then takes more than it was asked for.
        found = list(free.select_for_update(skip_locked=True)[:_LOOKED_AT])
        before = accumulate((chunk.waiting for chunk in found), initial=0)
        chosen = [chunk for chunk, sum_ in zip(found, before, strict=False) if sum_ < most]
        taken = Chunk.objects.filter(pk__in=[chunk.pk for chunk in chosen], claim="").update(
            claim=name, leased_until=at + lease()
        )
    return tuple(chosen) if taken == len(chosen) else tuple(Chunk.objects.filter(claim=name))


def renewed(claim: Claim, *, at: datetime) -> bool:
    """Whether the lease could be begun anew: not where the claim was lost, or where the digest was
    paused or cancelled meanwhile. One query."""
    going = Digest.objects.filter(paused_at=None, cancelled_at=None)
    held = Chunk.objects.filter(claim=claim.name, digest__in=going)
    return held.update(leased_until=at + lease()) == len(claim.chunks)


def due(claim: Claim, *, at: datetime) -> list[Addressee]:
    """Who is to be mailed by a claim, edition by edition, and what hinders it. One query."""
    rows = Delivery.objects.claimed(claim.name).due(at=at).with_hindrance(at=at)
    return list(map(Addressee._make, rows.order_by("edition_id", "pk").values_list(*COLUMNS)))


def release(name: str) -> None:
    """Give the chunks of a claim back. One query."""
    _free(Chunk.objects.filter(claim=name))


def reopen(digest: Digest) -> None:
    """Have chunks claimed again whose deliveries wait anew. One query."""
    _free(Chunk.objects.filter(digest=digest, claim=""))


def _free(chunks: QuerySet[Chunk]) -> None:
    """Have `chunks` claimed when the first of their deliveries is due; not at all where nobody
    waits."""
    waiting = Delivery.objects.filter(
        edition=OuterRef("edition"),
        pk__gte=OuterRef("first"),
        pk__lte=OuterRef("last"),
        status=Status.QUEUED,
    )
    in_all = waiting.order_by().values("edition")
    chunks.update(
        claim="",
        leased_until=None,
        waiting=Coalesce(Subquery(in_all.annotate(n=Count("pk")).values("n")), 0),
        due_at=Subquery(in_all.annotate(first_due=Min("due_at")).values("first_due")),
    )


def leave_alone(digest: Digest, *, until: datetime) -> None:
    """Have nothing of a digest claimed before `until`. One query."""
    Chunk.objects.filter(digest=digest, claim="", due_at__lt=until).update(due_at=until)


def recover(*, at: datetime) -> None:
    """Settle what dead workers held.

    What the journal calls settled is written down; what it calls begun has no known end; all
    else waits again. A claim whose journal is not on this machine is left to its own for two
    leases; after that the machine is lost, and of all that still waits in its chunks nobody
    knows what became of it.
    """
    here = left_over()
    for name in here:
        with taken_over(name) as records:
            if records is not None and Chunk.objects.filter(claim=name).exists():
                ledger.settle(records.settled, at=at)
                ledger.doubt(records.doubtful, at=at)
                release(name)
                logger.warning(
                    "claim %s: its worker died, %s are in doubt", name, len(records.doubtful)
                )
    lost = Chunk.objects.filter(leased_until__lt=at - lease()).exclude(claim="")
    lost = lost.exclude(claim__in=left_over()).exclude(claim__in=here)
    for name in list(lost.order_by().values_list("claim", flat=True).distinct()):
        doubtful = Delivery.objects.claimed(name).due(at=at)
        ledger.doubt(list(doubtful.values_list("pk", flat=True)), at=at)
        release(name)
        logger.error("claim %s: its machine is lost", name)
