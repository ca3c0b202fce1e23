"""Claiming deliveries: a worker takes some for a while; what a dead worker held comes back."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from digests.models import Delivery, Digest
from digests.models.delivery import Status

logger = logging.getLogger(__name__)


def lease() -> timedelta:
    """How long a claim holds."""
    return timedelta(seconds=settings.SEND_LEASE_SECONDS)


def claim(digest: Digest, *, at: datetime, most: int) -> list[Delivery]:
    """Take up to `most` due deliveries for the length of a lease, of few editions if possible.

    Two workers never get the same one: each row is taken by an UPDATE that asks for its
    status, and on PostgreSQL rows that another worker is taking are passed over. Each comes
    with its edition and its subscriber. Three queries.
    """
    mark = secrets.token_hex(16)
    due = Delivery.objects.filter(digest=digest).due(at=at).order_by("edition_id", "due_at", "pk")
    with transaction.atomic():
        # The rows are chosen before the UPDATE: as its sub-query PostgreSQL may choose them
        # more than once, and then takes more than `most`.
        chosen = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        taken = Delivery.objects.filter(pk__in=chosen, status=Status.QUEUED).update(
            status=Status.CLAIMED, claim=mark, leased_until=at + lease()
        )
    if not taken:
        return []
    held = Delivery.objects.filter(digest=digest, status=Status.CLAIMED, claim=mark)
    return list(held.select_related("edition", "subscriber__bulletin").order_by("edition_id", "pk"))


def give_back(deliveries: list[Delivery], *, due_at: datetime) -> None:
    """Return claims that were not begun, to be claimed again from `due_at`."""
    if deliveries:
        Delivery.objects.filter(
            pk__in=[delivery.pk for delivery in deliveries],
            status=Status.CLAIMED,
            claim=deliveries[0].claim,
        ).update(status=Status.QUEUED, claim="", leased_until=None, due_at=due_at)


def recover(*, at: datetime) -> None:
    """Settle what dead workers held: not begun → waiting again; begun → uncertain.

    Whether a message that was being handed over reached the mail server cannot be known; it
    is not sent again, because a reader who gets nothing can be helped, and a second copy cannot
    be taken back.
    """
    expired = Delivery.objects.expired(at=at)
    back = expired.filter(status=Status.CLAIMED).update(
        status=Status.QUEUED, claim="", leased_until=None, due_at=at
    )
    uncertain = expired.filter(status=Status.SENDING).update(
        status=Status.UNCERTAIN, claim="", leased_until=None, settled_at=at
    )
    if back or uncertain:
        logger.warning("claims ran out: %s wait again, %s are uncertain", back, uncertain)
