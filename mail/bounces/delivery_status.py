"""Delivery status notifications (RFC 3464, and RFC 6533 for addresses beyond ASCII)."""

from __future__ import annotations

from email.message import Message

from mail.bounces.classification import classify
from mail.bounces.kinds import BounceKind, Returned
from mail.bounces.mime_parts import blocks_of, field, parts_of
from mail.outcomes import sanitized

_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ENVELOPE_IDS = ("Original-Envelope-Id", "X-Original-Envelope-Id")  # Exim writes the second
_DELIVERED = {"delivered", "relayed", "expanded"}  # RFC 3464, section 2.3.3

# Of several recipients behind one address the luckiest counts: then the address is of use.
_LUCK = (
    BounceKind.DELIVERED,
    BounceKind.DELAYED,
    BounceKind.SOFT_BOUNCE,
    BounceKind.BLOCKED,
    BounceKind.HARD_BOUNCE,
)


def read(message: Message) -> Returned | None:
    """What a delivery status notification says; None where the mail is none."""
    for part in parts_of(message, *_TYPES):
        blocks = blocks_of(part)
        told = [_of_recipient(block) for block in blocks if field(block, "Action")]
        if told:
            kind, status, detail = min(told, key=lambda one: _LUCK.index(one[0]))
            ids = tuple(field(block, name) for block in blocks for name in _ENVELOPE_IDS)
            return Returned(kind, tuple(filter(None, ids)), status, detail)
    return None


def _of_recipient(block: Message) -> tuple[BounceKind, str, str]:
    action = field(block, "Action").lower().split()[0]
    status = field(block, "Status")
    said = field(block, "Diagnostic-Code")
    detail = sanitized(said.partition(";")[2].strip() or said or status)
    if action in _DELIVERED:
        return BounceKind.DELIVERED, status[:12], detail
    diagnosis = classify(status, said)
    if action == "delayed":
        return BounceKind.DELAYED, diagnosis.status, detail
    return diagnosis.kind, diagnosis.status, detail
