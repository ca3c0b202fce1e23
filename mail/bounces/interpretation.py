"""Interpret a mail that came back: a report, a complaint, a bounce of no standard, or a reply."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from email.message import Message

from mail.bounces import complaints, delivery_status, heuristics
from mail.bounces.events import BounceEvent, BounceKind
from mail.bounces.mime_parts import TooManyParts, field, parse, returned_message

# Where mail servers note the recipient of a mail, the surest first; To is what its writer says.
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_RETURNED_FIELDS = ("Return-Path", "List-Unsubscribe")


def read(data: bytes, *, recipients: Iterable[str] = ()) -> BounceEvent | None:
    """Return what a mail means that came for `recipients` (of its envelope, where that is known).

    Returns None for an automatic reply (RFC 3834), such as a notice of absence, and for what is too
    complicated to be a report. Raises nothing; takes milliseconds whatever the bytes are.
    """
    try:
        message = parse(data)
    except TooManyParts:
        return None
    report = delivery_status.read(message) or complaints.read(message)
    if report is None and not _is_automatic_reply(message):
        report = heuristics.read(message) or BounceEvent(BounceKind.REPLY, ())
    if report is None:
        return None
    texts = (
        *recipients,
        *_recipients_in(message),
        *report.key_texts,
        *_fields_of_returned_message(message),
    )
    key_texts = tuple(dict.fromkeys(filter(None, texts)))
    return replace(report, key_texts=key_texts, identity=_identity(message, data))


def _is_automatic_reply(message: Message) -> bool:
    return field(message, "Auto-Submitted").lower().startswith("auto-replied")


def _recipients_in(message: Message) -> list[str]:
    return [field(message, name) for name in _RECIPIENTS]


def _fields_of_returned_message(message: Message) -> list[str]:
    returned = returned_message(message)
    return [field(returned, name) for name in _RETURNED_FIELDS] if returned else []


def _identity(message: Message, data: bytes) -> str:
    """Return the mail's own Message-ID; where it has none, a hash of its body, because each server
    that relays it adds to its header."""
    body = data.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return field(message, "Message-ID")[:200] or hashlib.sha256(body).hexdigest()
