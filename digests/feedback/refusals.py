"""Messages that the mail server refused at once: bounces that need no mail to come back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from bulletin_site.mail.return_path import Key, ReturnPath
from bulletin_site.mail.returned import Returned, diagnose
from digests.feedback.recording import record
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import Status
from digests.printing.tokens import DELIVERY


def hear_refusals(digest: Digest, *, at: datetime) -> int:
    """Write down, and act on, what was refused of a digest and not heard before; how many.

    What was parked is not among them: that says more about a provider than about its mailboxes.
    One query, and those of `record` for each.
    """
    heard = Feedback.objects.filter(delivery=OuterRef("pk"))
    failed = Delivery.objects.filter(digest=digest, status=Status.FAILED, reason="")
    refused = failed.filter(~Exists(heard)).values_list("pk", "answer")
    return_path = ReturnPath()
    for pk, answer in refused:
        diagnosis = diagnose("", answer)
        record(
            Returned(
                diagnosis.kind,
                places=(return_path.sealed(Key(DELIVERY, pk)),),
                status=diagnosis.status,
                detail=answer,
                identity="refused",
            ),
            at=at,
        )
    return len(refused)
