"""Mails that come back, and the keys by which they say what they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from digests import sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.rendering.delivery_tokens import return_key
from mail.bounces.return_path import ReturnPath
from publications.models import Bulletin, Topic
from tests.support.factories import NOON, a_digest, a_draft

MAILS = Path(__file__).parents[1] / "bounces" / "mails"
LATER = NOON + timedelta(hours=1)
Enclose = Callable[..., bytes]


def sent_digest(bulletin: Bulletin, topics: list[Topic], *, days: int = 0) -> Digest:
    """A digest of which every delivery was sent, so many days after the first."""
    at = LATER + timedelta(days=days)
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    digest = a_digest(draft, at=at)
    Delivery.objects.filter(digest=digest, status=DeliveryStatus.QUEUED).update(
        status=DeliveryStatus.SENT, settled_at=at
    )
    sending.recount(digest)
    return digest


def key_of(delivery: Delivery) -> str:
    return ReturnPath().signed_key(return_key(delivery.digest, delivery.pk))


def mail(name: str, key: str) -> bytes:
    """A mail of the folder, with a signed key in the places where one stands in life."""
    data = (MAILS / f"{name}.eml").read_bytes().replace(b"KEY", key.encode())
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
