"""Delivery status notifications (RFC 3464, and RFC 6533 for addresses beyond ASCII)."""

from __future__ import annotations

from email.message import Message

from mail.bounces.classification import classify
from mail.bounces.events import BounceEvent, BounceKind
from mail.bounces.mime_parts import blocks_of, field, parts_of
from mail.outcomes import sanitized

_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ENVELOPE_IDS = ("Original-Envelope-Id", "X-Original-Envelope-Id")  # Exim writes the second
_DELIVERED = {"delivered", "relayed", "expanded"}  # RFC 3464, section 2.3.3

# Of several recipients behind one address the best outcome counts: then the address is of use.
_BEST_FIRST = (
    BounceKind.DELIVERED,
    BounceKind.DELAYED,
    BounceKind.SOFT_BOUNCE,
    BounceKind.BLOCKED,
    BounceKind.HARD_BOUNCE,
)


def read(message: Message) -> BounceEvent | None:
    """Return what a delivery status notification reports; None where the mail is none."""
    for part in parts_of(message, *_TYPES):
        blocks = blocks_of(part)
        reported = [_of_recipient(block) for block in blocks if field(block, "Action")]
        if reported:
            kind, status, detail = min(reported, key=lambda one: _BEST_FIRST.index(one[0]))
            ids = tuple(field(block, name) for block in blocks for name in _ENVELOPE_IDS)
            return BounceEvent(kind, tuple(filter(None, ids)), status, detail)
    return None


def _of_recipient(block: Message) -> tuple[BounceKind, str, str]:
    action = field(block, "Action").lower().split()[0]
    status = field(block, "Status")
    diagnostic = field(block, "Diagnostic-Code")
    detail = sanitized(diagnostic.partition(";")[2].strip() or diagnostic or status)
    if action in _DELIVERED:
        return BounceKind.DELIVERED, status[:12], detail
    kind, code = classify(status, diagnostic)
    return (BounceKind.DELAYED if action == "delayed" else kind), code, detail
