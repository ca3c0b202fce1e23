"""Writing down what came back, tied to the delivery, once; and acting on it in the same breath."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bulletin_site.mail.returned import Kind as Heard
from bulletin_site.mail.returned import Returned
from digests.feedback import consequences
from digests.feedback.whose import About, about
from digests.models import Feedback
from digests.models.feedback import Kind

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
    whose = about(returned.places)
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
                "heard_at": at,
            },
        )
        if new:
            consequences.act(feedback, at=at)
    if new:
        logger.info("feedback %s: %s delivery=%s", feedback.pk, kind.value, whose.delivery_id)
    return Recorded(feedback, new)


def _kind(returned: Returned, whose: About) -> Kind | None:
    if returned.kind is Heard.WRITTEN:
        return Kind.LEFT if whose.leaving else None
    return Kind(returned.kind.value)


def _key(returned: Returned, whose: About, kind: Kind) -> str:
    parts = (kind.value, str(whose.delivery_id), str(whose.subscriber_id), returned.identity)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
