"""Forgetting who signed up and never confirmed, who left long ago, and what only mattered for a
while."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from subscribers import erased_addresses
from subscribers.models import AddressChange, NoticeLimit, SignUpRequest, Subscriber, Subscription
from subscribers.models.notice_limit import DAY

AFTER = timedelta(days=7)  # as long as the link to confirm works
MAX_ROWS = 500  # rows of each table in one transaction

log = logging.getLogger(__name__)


def forget(*, at: datetime) -> bool:
    """Forget MAX_ROWS at the most of each kind. Returns whether there may be more.

    Who was confirmed once, or ever followed a topic, is forgotten LEFT_READERS_DAYS after they
    left: a keyed hash alone is kept, so that no list brings them back (`erased_addresses`).
    """
    gone = [
        _delete(SignUpRequest.objects.filter(requested_at__lte=at - AFTER)),
        _delete(_never_confirmed(before=at - AFTER)),
        _delete(NoticeLimit.objects.filter(_is_over(at))),
        _delete(AddressChange.objects.forgettable(at=at)),
        _erase(_left(before=at - timedelta(days=settings.LEFT_READERS_DAYS)), at=at),
    ]
    if any(gone):
        kinds = "requests=%s subscribers=%s notice limits=%s address changes=%s left=%s"
        log.info(f"forgot {kinds}", *gone)
    return max(gone) == MAX_ROWS


def _never_confirmed(*, before: datetime) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(
        ~Exists(SignUpRequest.objects.filter(subscriber=OuterRef("pk"))),
        ~Exists(Subscription.objects.filter(subscriber=OuterRef("pk"))),
        confirmed_at__isnull=True,
        signed_up_at__lte=before,
    )


def _left(*, before: datetime) -> QuerySet[Subscriber]:
    """Return who left and has not signed up again since."""
    return Subscriber.objects.filter(
        ~Exists(SignUpRequest.objects.filter(subscriber=OuterRef("pk"))),
        unsubscribed_at__lte=before,
    )


def _is_over(at: datetime) -> Q:
    """Return the condition that a limit holds nobody up; also one of a clock that was ahead."""
    return Q(last_at__lte=at - DAY) | Q(last_at__gt=at + DAY)


def _erase(readers: QuerySet[Subscriber], *, at: datetime) -> int:
    """Erase some of `readers`. Returns how many, as `_delete`."""
    keys = readers.order_by("unsubscribed_at").values_list("pk", flat=True)[:MAX_ROWS]
    return sum(erased_addresses.forget(key, of=readers, at=at) for key in list(keys))


@transaction.atomic
def _delete(
    rows: QuerySet[SignUpRequest]
    | QuerySet[Subscriber]
    | QuerySet[NoticeLimit]
    | QuerySet[AddressChange],
) -> int:
    """Delete some of `rows`. Returns how many: MAX_ROWS at most, which nobody may change
    meanwhile."""
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    keys = list(locked.values_list("pk", flat=True)[:MAX_ROWS])
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
