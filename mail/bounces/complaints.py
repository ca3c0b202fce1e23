"""Complaints: abuse feedback reports (ARF, RFC 5965), which providers send for their readers."""

from __future__ import annotations

from email.message import Message

from mail.bounces.events import BounceEvent, BounceKind
from mail.bounces.mime_parts import blocks_of, field, parts_of
from mail.outcomes import sanitized

_COMPLAINTS = {"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"}


def read(message: Message) -> BounceEvent | None:
    """Return the complaint of a feedback report; None where the mail is none, or says that it was
    no spam (`not-spam`, RFC 6430)."""
    for part in parts_of(message, "message/feedback-report"):
        for block in blocks_of(part):
            kind = field(block, "Feedback-Type").lower()
            if kind in _COMPLAINTS:
                detail = sanitized(f"{kind}, {field(block, 'User-Agent')}".rstrip(", "))
                return BounceEvent(
                    BounceKind.COMPLAINED, (field(block, "Original-Mail-From"),), detail=detail
                )
    return None
