"""Taking the address of a reader who is erased out of what mail servers said of them."""

from __future__ import annotations

from typing import Any

from digests.models import Delivery, Feedback
from foundation.masking import without_addresses
from subscribers.erased_addresses import erasing
from subscribers.models import Subscriber


def listen() -> None:
    """Have it done whenever a reader is erased."""
    erasing.connect(_forget_what_was_said, dispatch_uid="digests.erasing")


def _forget_what_was_said(reader: Subscriber, **_more: Any) -> None:
    """Take addresses out of the answers to the mails of a reader, and of what came back."""
    said = Delivery.objects.filter(subscriber=reader, smtp_response__contains="@")
    for pk, text in list(said.values_list("pk", "smtp_response")):
        Delivery.objects.filter(pk=pk).update(smtp_response=without_addresses(text))
    came_back = Feedback.objects.filter(subscriber=reader) | Feedback.objects.filter(
        delivery__subscriber=reader
    )
    for pk, text in list(came_back.filter(detail__contains="@").values_list("pk", "detail")):
        Feedback.objects.filter(pk=pk).update(detail=without_addresses(text))
