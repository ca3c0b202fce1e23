"""Feedback from a mail provider's webhook; the only module that knows Anymail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.utils import timezone

from digests.bounces.recording import record
from digests.models import Digest
from digests.rendering.delivery_tokens import mailing_key, return_key
from mail.bounces import BounceEvent, BounceKind
from mail.bounces.classification import classify
from mail.bounces.return_path import ReturnPath
from mail.delivery import sanitized

# A Message-ID as `digests.rendering.messages` makes it; believed because the webhook has a secret.
_OURS = re.compile(r"(\d{14}\.(\d{1,18}))\.(\d{1,14})@")
_KINDS = {
    EventType.DELIVERED: BounceKind.DELIVERED,
    EventType.DEFERRED: BounceKind.DELAYED,
    EventType.COMPLAINED: BounceKind.COMPLAINED,
    EventType.UNSUBSCRIBED: BounceKind.LEFT,
}
_REASONS = {
    RejectReason.INVALID: BounceKind.HARD_BOUNCE,
    RejectReason.SPAM: BounceKind.COMPLAINED,
    RejectReason.UNSUBSCRIBED: BounceKind.LEFT,
    RejectReason.BLOCKED: BounceKind.BLOCKED,
}


def listen() -> None:
    """Record each event of a provider from now on; once, however often this is called."""
    tracking.connect(_on_event, dispatch_uid="digests.bounces")


def _on_event(*, event: AnymailTrackingEvent, esp_name: str, **_: object) -> None:
    returned = returned_of(event, provider=esp_name)
    if returned is not None:
        record(returned, at=event.timestamp or timezone.now())


def returned_of(event: AnymailTrackingEvent, *, provider: str) -> BounceEvent | None:
    """Return what an event says; None for those that say nothing of what became of the mail."""
    response = " ".join(filter(None, (event.mta_response, event.description)))
    kind, status = _KINDS.get(event.event_type), ""
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED}:
        kind, status = classify("", response)
        kind = _REASONS.get(event.reject_reason, kind)
    if kind is None:
        return None
    return BounceEvent(
        kind, _places(event), status, sanitized(response), _identity(event, provider)
    )


def _places(event: AnymailTrackingEvent) -> tuple[str, ...]:
    """The signed return path that was sent along, or the key in a Message-ID of ours."""
    metadata: dict[str, Any] = event.metadata or {}
    return (*map(str, metadata.values()), *_return_path_of(str(event.message_id or "")))


def _return_path_of(message_id: str) -> Iterator[str]:
    """The signed return path of the mail with that Message-ID, if it is one of a digest that
    there is."""
    for mailing, digest_id, delivery_id in _OURS.findall(message_id):
        digest = Digest.objects.defer("blocks", "texts").filter(pk=digest_id).first()
        if digest is not None and mailing_key(digest) == mailing:
            yield ReturnPath().signed_key(return_key(digest, int(delivery_id)))


def _identity(event: AnymailTrackingEvent, provider: str) -> str:
    parts = (event.event_type, event.message_id, event.recipient, event.timestamp)
    return f"{provider} {event.event_id or ' '.join(map(str, parts))}"
