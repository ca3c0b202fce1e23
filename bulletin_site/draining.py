"""Whether this worker was told to end (SIGTERM): then it finishes what it has in hand.

Celery tells its main process; the processes of its pool, which do the work, look at a flag
that they share with it. A SIGTERM to one of them, as from systemd, means the same.
"""

from __future__ import annotations

import multiprocessing
import signal
from typing import Any

_told = multiprocessing.Event()


def asked() -> bool:
    """Whether to take up nothing more."""
    return _told.is_set()


def ask(*_args: Any, **_kwargs: Any) -> None:
    """Have all processes of this worker finish what they have in hand."""
    _told.set()


def listen(**_kwargs: Any) -> None:
    """In a process of the pool: take SIGTERM as told."""
    signal.signal(signal.SIGTERM, ask)
