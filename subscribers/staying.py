"""Staying with fewer emails, in place of unsubscribing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from subscribers import preferences
from subscribers.models import Subscriber


class Instead(StrEnum):
    """The acts that a reader may choose instead of unsubscribing."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    PAUSE = "pause"


# From the most frequent to the least.
_CADENCES = (Subscriber.Cadence.ISSUE, Subscriber.Cadence.WEEKLY, Subscriber.Cadence.MONTHLY)


def alternatives(reader: Subscriber, *, at: datetime) -> Sequence[Instead]:
    """Return what would mean fewer emails for `reader` than at present."""
    now = _CADENCES.index(Subscriber.Cadence(reader.cadence))
    fewer = [Instead(cadence.value) for cadence in _CADENCES[1:] if _CADENCES.index(cadence) > now]
    return fewer if reader.is_paused(at=at) else [*fewer, Instead.PAUSE]


def stay(reader: Subscriber, instead: Instead, *, at: datetime) -> bool:
    """Do that for `reader` from `at`. Returns False when they are not confirmed or have left, or it
    was so before."""
    if instead is Instead.PAUSE:
        done = preferences.pause(reader.pk, at=at)
    else:
        done = preferences.change_cadence(reader.pk, instead.value, at=at)
    reader.refresh_from_db(fields=["cadence", "paused_until", "unsubscribed_at"])
    return done
