"""Messages that the mail server rejected at once: bounces for which no mail comes back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from digests.bounces.recording import record
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.rendering.delivery_tokens import return_key
from mail.bounces import BounceEvent, classify
from mail.bounces.return_path import ReturnPath

MAX_REJECTIONS = 500  # of one call: some ten seconds


def record_rejections(digest: Digest, *, at: datetime, most: int = MAX_REJECTIONS) -> int:
    """Record, as feedback, the rejections of a digest that have none yet. Returns how many, `most`
    of them; where it is that many there may be more.

    Expired deliveries are not among them: those say more about a provider than about its
    mailboxes. One query, and those of `record` for each.
    """
    recorded = Feedback.objects.filter(delivery=OuterRef("pk"))
    since = recorded.filter(received_at__gte=OuterRef("settled_at"))  # of one that was sent again
    failed = Delivery.objects.filter(digest=digest, status=DeliveryStatus.FAILED, reason="")
    unrecorded = failed.filter(Q(~Exists(recorded)) | Q(~Exists(since), resends__gt=0))
    rejected = unrecorded.values_list("pk", "smtp_response", "resends")
    return_path, new = ReturnPath(), 0
    for pk, smtp_response, resends in list(rejected[:most]):
        classified = classify("", smtp_response)
        returned = BounceEvent(
            classified.kind,
            key_texts=(return_path.signed_key(return_key(digest, pk)),),
            status=classified.status,
            detail=smtp_response,
            identity=f"refused {resends}" if resends else "refused",
        )
        found = record(returned, at=at)
        new += found is not None and found.new
    return new
