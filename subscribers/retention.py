"""Forgetting who signed up and never confirmed, and what only mattered for a while."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from subscribers.models import NoticeLimit, SignUpRequest, Subscriber, Subscription
from subscribers.models.notice_limit import DAY

AFTER = timedelta(days=7)  # as long as the link to confirm works
MAX_ROWS = 500  # rows of each table in one transaction

log = logging.getLogger(__name__)


def forget(*, at: datetime) -> bool:
    """Forget MAX_ROWS at the most of each kind. Returns whether there may be more.

    Nobody is forgotten who was confirmed once, or ever followed a topic: also who has left, or
    signed up again without confirming that, stays known.
    """
    gone = [
        _delete(SignUpRequest.objects.filter(requested_at__lte=at - AFTER)),
        _delete(_never_confirmed(before=at - AFTER)),
        _delete(NoticeLimit.objects.filter(last_at__lte=at - DAY)),
    ]
    if any(gone):
        log.info("forgot requests=%s subscribers=%s notice limits=%s", *gone)
    return max(gone) == MAX_ROWS


def _never_confirmed(*, before: datetime) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(
        ~Exists(SignUpRequest.objects.filter(subscriber=OuterRef("pk"))),
        ~Exists(Subscription.objects.filter(subscriber=OuterRef("pk"))),
        confirmed_at__isnull=True,
        signed_up_at__lte=before,
    )


@transaction.atomic
def _delete(rows: QuerySet[SignUpRequest] | QuerySet[Subscriber] | QuerySet[NoticeLimit]) -> int:
    """Delete some of `rows`. Returns how many: MAX_ROWS at most, which nobody may change
    meanwhile."""
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    keys = list(locked.values_list("pk", flat=True)[:MAX_ROWS])
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
