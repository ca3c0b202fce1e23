"""Complaints: abuse feedback reports (ARF, RFC 5965), which providers send for their readers."""

from __future__ import annotations

from email.message import Message

from mail.bounces.kinds import BounceKind, Returned
from mail.bounces.mime_parts import blocks_of, field, parts_of
from mail.outcomes import sanitized

_COMPLAINTS = {"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"}


def read(message: Message) -> Returned | None:
    """What a feedback report says; None where the mail is none, or says that it was no spam
    (`not-spam`, RFC 6430)."""
    for part in parts_of(message, "message/feedback-report"):
        for block in blocks_of(part):
            kind = field(block, "Feedback-Type").lower()
            if kind in _COMPLAINTS:
                detail = sanitized(f"{kind}, {field(block, 'User-Agent')}".rstrip(", "))
                return Returned(
                    BounceKind.COMPLAINED, (field(block, "Original-Mail-From"),), detail=detail
                )
    return None
