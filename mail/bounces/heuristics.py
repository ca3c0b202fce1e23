"""Bounces that follow no standard (qmail, old Exchange, providers' own): what flufl.bounce
recognises, and the only module that knows it."""

from __future__ import annotations

import re
from email.message import Message

from flufl.bounce import all_failures

from mail.bounces.classification import classify
from mail.bounces.kinds import BounceKind, Returned
from mail.bounces.mime_parts import text_of
from mail.outcomes import sanitized

_CODE = re.compile(r"(?<![\d.])[45](?:\d\d|\.\d{1,3}\.\d{1,3})(?![\d.])")
_MOST_LINES = 500


def read(message: Message) -> Returned | None:
    """What a bounce in a form of its own says; None where it is not known as a bounce."""
    try:
        passing, final = all_failures(message)
    except Exception:  # noqa: BLE001 - its detectors fail on broken mails, each in its own way
        return None
    if not (passing or final):
        return None
    said = _said(text_of(message))
    kind, status = classify("", said)
    return Returned(kind if final else BounceKind.DELAYED, (), status, sanitized(said))


def _said(text: str) -> str:
    """The line with a code and the two after it, or the beginning."""
    lines = [line[:500] for line in text.splitlines()[:_MOST_LINES]]
    for n, line in enumerate(lines):
        if _CODE.search(line):
            return " ".join(lines[n : n + 3])
    return " ".join(lines)[:2000]
