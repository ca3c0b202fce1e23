"""Named points at which a process can be killed on purpose, to prove that nothing is lost.

Off unless CHAOS is set. Then a process that comes to a point for which there is a file of that
name in DATA_DIR/chaos removes the file and kills itself (SIGKILL): one file, one death.
"""

from __future__ import annotations

import os
import signal
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

PREPARED: Final = "prepared"  # who gets what is committed, no bell has been rung
CLAIMED: Final = "claimed"  # a claim is committed
BEGUN: Final = "begun"  # a start is in the journal, the text is not out
ANSWERED: Final = "answered"  # the mail server answered, and nothing is written down
COMMITTED: Final = "committed"  # results are committed, the task is not acknowledged

POINTS: Final = (PREPARED, CLAIMED, BEGUN, ANSWERED, COMMITTED)


def crash_here(point: str) -> None:
    """Die here, if that was asked for."""
    if folder := _folder():
        try:
            (folder / point).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def _folder() -> Path | None:
    """Where it is asked for; None when it cannot be. Looked up once in a process."""
    return Path(settings.DATA_DIR, "chaos") if settings.CHAOS else None
