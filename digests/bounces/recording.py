"""Recording feedback, correlated with its delivery, once, and applying the policy to it."""

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
from mail.bounces import BounceEvent, BounceKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Feedback; `new` is False when it was recorded before."""

    feedback: Feedback
    new: bool


def record(returned: BounceEvent, *, at: datetime) -> Recorded | None:
    """Record what came back at `at`, and apply the policy to it, in one transaction.

    Returns None when it names nothing that was mailed here, or when a mail was written to an
    address that is not for leaving. The second time changes nothing.
    """
    correlation = correlate(returned.key_texts)
    if correlation is None:
        return None
    kind = _kind(returned, correlation)
    if kind is None:
        return None
    with transaction.atomic():
        feedback, new = Feedback.objects.get_or_create(
            key=_key(returned, correlation, kind),
            defaults={
                "delivery_id": correlation.delivery_id,
                "subscriber_id": correlation.subscriber_id,
                "kind": kind,
                "status": returned.status[:12],
                "detail": returned.detail[:500],
                "received_at": at,
            },
        )
        if new:
            policy.apply(feedback, at=at)
    if new:
        logger.info("feedback %s: %s delivery=%s", feedback.pk, kind.value, correlation.delivery_id)
    return Recorded(feedback, new)


def _kind(returned: BounceEvent, correlation: Correlation) -> FeedbackKind | None:
    if returned.kind is BounceKind.REPLY:
        return FeedbackKind.LEFT if correlation.leaving else None
    return FeedbackKind[returned.kind.name]


def _key(returned: BounceEvent, correlation: Correlation, kind: FeedbackKind) -> str:
    parts = (
        kind.value,
        str(correlation.delivery_id),
        str(correlation.subscriber_id),
        returned.identity,
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
