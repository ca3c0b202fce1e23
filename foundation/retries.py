"""The times at which a notice is tried again that the mail server did not take. Plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta

LEASE = timedelta(minutes=5)  # longer than a mail server may take for one message
FIRST_DELAY = timedelta(seconds=15)
GIVEN_UP_AFTER = timedelta(days=1)


def next_time(since: datetime, *, at: datetime) -> datetime | None:
    """Return when to try again what has been due since `since`: later each time, by half of the
    time that it has waited. Returns None when that is too long."""
    waited = at - since
    return None if waited > GIVEN_UP_AFTER else at + max(FIRST_DELAY, waited / 2)
