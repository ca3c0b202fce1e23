"""Bounces that follow no standard (qmail, old Exchange, providers' own): what flufl.bounce
recognises, and the only module that knows it."""

from __future__ import annotations

import re
from email.message import Message

from flufl.bounce import all_failures

from mail.bounces.classification import classify
from mail.bounces.events import BounceEvent, BounceKind
from mail.bounces.mime_parts import text_of
from mail.outcomes import sanitized

_CODE = re.compile(r"(?<![\d.])[45](?:\d\d|\.\d{1,3}\.\d{1,3})(?![\d.])")
_MAX_LINES = 500


def read(message: Message) -> BounceEvent | None:
    """Return what a bounce in a form of its own reports; None where flufl.bounce knows none."""
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - its detectors fail on broken mails, each in its own way
        return None
    if not (temporary or permanent):
        return None
    diagnostic = _diagnostic(text_of(message))
    kind, status = classify("", diagnostic)
    if not permanent:
        kind = BounceKind.DELAYED
    return BounceEvent(kind, (), status, sanitized(diagnostic))


def _diagnostic(text: str) -> str:
    """Return the line with a code and the two after it, or the beginning."""
    lines = [line[:500] for line in text.splitlines()[:_MAX_LINES]]
    for n, line in enumerate(lines):
        if _CODE.search(line):
            return " ".join(lines[n : n + 3])
    return " ".join(lines)[:2000]
