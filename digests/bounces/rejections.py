"""Messages that the mail server refused at once: bounces that need no mail to come back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from digests.bounces.recording import record
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.rendering.delivery_tokens import return_key
from mail.bounces import Returned, classify
from mail.bounces.return_path import ReturnPath

MOST = 500  # of one call: some ten seconds


def record_rejections(digest: Digest, *, at: datetime, most: int = MOST) -> int:
    """Write down, and act on, what was refused of a digest and not heard before; how many, `most`
    of them. Where it was that many there may be more.

    What was parked is not among them: that says more about a provider than about its mailboxes.
    One query, and those of `record` for each.
    """
    heard = Feedback.objects.filter(delivery=OuterRef("pk"))
    failed = Delivery.objects.filter(digest=digest, status=DeliveryStatus.FAILED, reason="")
    refused = list(failed.filter(~Exists(heard)).values_list("pk", "answer")[:most])
    return_path, new = ReturnPath(), 0
    for pk, answer in refused:
        diagnosis = classify("", answer)
        returned = Returned(
            diagnosis.kind,
            places=(return_path.sealed(return_key(digest, pk)),),
            status=diagnosis.status,
            detail=answer,
            identity="refused",
        )
        recorded = record(returned, at=at)
        new += recorded is not None and recorded.new
    return new
