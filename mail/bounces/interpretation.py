"""What a mail that came back means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from email.message import Message

from mail.bounces import complaints, delivery_status, heuristics
from mail.bounces.kinds import BounceKind, Returned
from mail.bounces.mime_parts import TooManyParts, field, original, taken_apart

# Where mail servers write down whom a mail was for, the surest first; To is what its writer says.
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_OF_THE_ORIGINAL = ("Return-Path", "List-Unsubscribe")


def read(data: bytes, *, recipients: Iterable[str] = ()) -> Returned | None:
    """What a mail means that came for `recipients` (of its envelope, where that is known).

    None for what answers by itself (RFC 3834), such as a notice of absence, and for what is
    too complicated to be a report. Raises nothing; takes milliseconds whatever the bytes are.
    """
    try:
        message = taken_apart(data)
    except TooManyParts:
        return None
    report = delivery_status.read(message) or complaints.read(message)
    if report is None and not _answers_by_itself(message):
        report = heuristics.read(message) or Returned(BounceKind.REPLY, ())
    if report is None:
        return None
    places = (*recipients, *_written_for(message), *report.places, *_enclosed(message))
    found = tuple(dict.fromkeys(filter(None, places)))
    return replace(report, places=found, identity=_identity(message, data))


def _answers_by_itself(message: Message) -> bool:
    return field(message, "Auto-Submitted").lower().startswith("auto-replied")


def _written_for(message: Message) -> list[str]:
    return [field(message, name) for name in _RECIPIENTS]


def _enclosed(message: Message) -> list[str]:
    returned = original(message)
    return [field(returned, name) for name in _OF_THE_ORIGINAL] if returned else []


def _identity(message: Message, data: bytes) -> str:
    """The mail's own Message-ID; where it has none, a hash of its body, because each server that
    hands it on adds to its header."""
    body = data.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return field(message, "Message-ID")[:200] or hashlib.sha256(body).hexdigest()
