"""The clock of this machine, watched for jumps: what forgets by age must not believe a wrong one.

The wall clock is compared with the time since the machine was started, which nobody sets, counted
from when this module was imported (once, before a worker's processes are made).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

JUMP = timedelta(hours=1)
TRUSTED_AFTER = timedelta(days=1)  # a clock that was set right by its jump is believed then

log = logging.getLogger(__name__)


def _since_start() -> float:
    """Return the seconds since the machine was started, also those in which it slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """Tells whether the wall clock has run evenly."""

    def __init__(
        self, *, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _since_start
    ) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()
        self._jumped_at: float | None = None

    def is_steady(self) -> bool:
        """Return whether the clock has not jumped by JUMP, in either direction, within
        TRUSTED_AFTER."""
        now = self._steady()
        offset = self._wall() - now
        if abs(offset - self._offset) > JUMP.total_seconds():
            log.warning("the clock jumped seconds=%d", offset - self._offset)
            self._jumped_at = now
        self._offset = offset  # a clock that is corrected bit by bit does not jump
        return self._jumped_at is None or now - self._jumped_at > TRUSTED_AFTER.total_seconds()


clock = SteadyClock()
