"""When a notice that the mail server did not take is tried again. Plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta

LEASE = timedelta(minutes=5)  # longer than a mail server may take for one message
FIRST_DELAY = timedelta(seconds=15)
GIVEN_UP_AFTER = timedelta(days=1)


def next_time(wanted_at: datetime, *, at: datetime) -> datetime | None:
    """When to try again what is wanted since `wanted_at`: later each time, by half of the time
    that it has been wanted. None when that is too long."""
    waited = at - wanted_at
    return None if waited > GIVEN_UP_AFTER else at + max(FIRST_DELAY, waited / 2)
