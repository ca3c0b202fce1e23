"""Complaints: abuse feedback reports (ARF, RFC 5965), which providers send for their readers."""

from __future__ import annotations

from email.message import Message

from bulletin_site.mail.returned.kinds import Kind, Returned
from bulletin_site.mail.returned.parts import blocks_of, field, parts_of
from bulletin_site.mail.transport import in_short

_COMPLAINTS = {"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"}


def read(message: Message) -> Returned | None:
    """What a feedback report says; None where the mail is none, or says that it was no spam
    (`not-spam`, RFC 6430)."""
    for part in parts_of(message, "message/feedback-report"):
        for block in blocks_of(part):
            kind = field(block, "Feedback-Type").lower()
            if kind in _COMPLAINTS:
                detail = in_short(f"{kind}, {field(block, 'User-Agent')}".rstrip(", "))
                return Returned(
                    Kind.COMPLAINED, (field(block, "Original-Mail-From"),), detail=detail
                )
    return None
