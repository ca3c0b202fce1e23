"""Fault injection: named points at which a process is killed, to prove that nothing is lost.

Off unless CHAOS is set. Then a process that comes to a point for which there is a file of that
name in DATA_DIR/chaos removes the file and kills itself (SIGKILL): one file, one crash.
"""

from __future__ import annotations

import os
import signal
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

PREPARED: Final = "prepared"  # who gets what is committed, no task has been enqueued
CLAIMED: Final = "claimed"  # a claim is committed
BEGUN: Final = "begun"  # a start is in the journal, the text is not sent
ANSWERED: Final = "answered"  # the mail server responded, and nothing is written down
COMMITTED: Final = "committed"  # results are committed, the task is not acknowledged

POINTS: Final = (PREPARED, CLAIMED, BEGUN, ANSWERED, COMMITTED)


def crash_here(point: str) -> None:
    """Kill this process if a file asks for a crash at `point`."""
    if folder := _folder():
        try:
            (folder / point).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def _folder() -> Path | None:
    """Return the folder of the files that ask for crashes; None unless CHAOS is set."""
    return Path(settings.DATA_DIR, "chaos") if settings.CHAOS else None
