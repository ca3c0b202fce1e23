"""Whether this process was told to end (SIGTERM): then it finishes what it has in hand.

Told to Celery's main process, it means the processes of its pool, which do the work: they look
at a mark that they share with it. Told to one of them, it means that one and its task; told to
all at once, as by systemd, it means the same as told to the main one.
"""

from __future__ import annotations

import mmap
import os
import signal
from typing import Any

from celery.signals import task_postrun, task_prerun

# Shared by fork, and without a lock, which a process that is killed would take along.
_all_told = mmap.mmap(-1, 1)
_loaded_in = os.getpid()


class _Process:
    """What this one was told since its task began, and what SIGTERM meant before."""

    told = False
    before: Any = None


_here = _Process()


def requested() -> bool:
    """Whether to take up nothing more."""
    return _here.told or bool(_all_told[0])


def request(**_kwargs: Any) -> None:
    """Have all processes of this worker finish what they have in hand."""
    _all_told[0] = 1


def listen(**_kwargs: Any) -> None:
    """In a process of the pool: take SIGTERM as told, as long as a task runs.

    Not from now on: when a process begins, the pool sets its own handlers last of all, and what
    has no task in hand may end at once.
    """
    if os.getpid() != _loaded_in:  # a pool may be no process of its own
        task_prerun.connect(_begin, weak=False)
        task_postrun.connect(_end, weak=False)


def _begin(**_kwargs: Any) -> None:
    _here.told = False
    _here.before = signal.signal(signal.SIGTERM, _hear)


def _end(**_kwargs: Any) -> None:
    signal.signal(signal.SIGTERM, _here.before)


def _hear(*_args: Any) -> None:
    _here.told = True
