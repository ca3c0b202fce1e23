"""Receiving a mail that came to the return path, from whichever source."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from digests.bounces.recording import record
from mail import bounces
from mail.bounces import BounceEvent

logger = logging.getLogger(__name__)


class Receipt(StrEnum):
    """The receipt for a mail that came in: what became of it."""

    RECORDED = "recorded"
    KNOWN = "known"  # its feedback was recorded before
    STRANGE = "strange"  # not about anything that was mailed, or not understood


def receive(data: bytes, *, at: datetime, recipients: Iterable[str] = ()) -> Receipt:
    """Read a mail that came at `at` for `recipients`, and record what it means.

    Raises nothing but the database's errors; then it may be received again.
    """
    name = hashlib.sha256(data).hexdigest()[:12]
    return receive_read(bounces.read(data, recipients=recipients), at=at, name=name)


def receive_read(found: BounceEvent | None, *, at: datetime, name: str) -> Receipt:
    """Record what a mail means that was read before; `name` is what the log calls it."""
    event = record(found, at=at) if found else None
    if event is None:
        logger.info("strange mail %a", name)
        return Receipt.STRANGE
    return Receipt.RECORDED if event.new else Receipt.KNOWN
