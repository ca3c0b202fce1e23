"""Writing down what came back, tied to the delivery, once; and acting on it in the same breath."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from digests.bounces import policy
from digests.bounces.correlation import Correlation, correlate
from digests.models import Feedback
from digests.models.feedback import FeedbackKind
from mail.bounces import BounceKind as Heard
from mail.bounces import Returned

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in the ledger; `new` is False when it stood there before."""

    feedback: Feedback
    new: bool


def record(returned: Returned, *, at: datetime) -> Recorded | None:
    """Write down what came back at `at`, and act on it, in one transaction.

    None when it names nothing that was mailed here, or when a mail was written to an address
    that is not for leaving. The second time changes nothing.
    """
    whose = correlate(returned.places)
    if whose is None:
        return None
    kind = _kind(returned, whose)
    if kind is None:
        return None
    with transaction.atomic():
        feedback, new = Feedback.objects.get_or_create(
            key=_key(returned, whose, kind),
            defaults={
                "delivery_id": whose.delivery_id,
                "subscriber_id": whose.subscriber_id,
                "kind": kind,
                "status": returned.status[:12],
                "detail": returned.detail[:500],
                "received_at": at,
            },
        )
        if new:
            policy.apply(feedback, at=at)
    if new:
        logger.info("feedback %s: %s delivery=%s", feedback.pk, kind.value, whose.delivery_id)
    return Recorded(feedback, new)


def _kind(returned: Returned, whose: Correlation) -> FeedbackKind | None:
    if returned.kind is Heard.REPLY:
        return FeedbackKind.LEFT if whose.leaving else None
    return FeedbackKind[returned.kind.name]


def _key(returned: Returned, whose: Correlation, kind: FeedbackKind) -> str:
    parts = (kind.value, str(whose.delivery_id), str(whose.subscriber_id), returned.identity)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
