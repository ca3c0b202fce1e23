"""Graceful shutdown: whether SIGTERM asked this process to end, so that it begins nothing more.

SIGTERM to Celery's main process is for the processes of its pool, which do the work: they look at
a flag that they share with it. SIGTERM to one of them is for that one and its task; to all at
once, as by systemd, it is the same as to the main one.
"""

from __future__ import annotations

import mmap
import os
import signal
from typing import Any

from celery.signals import task_postrun, task_prerun

# Shared by fork, and without a lock, which a process that is killed would take along.
_shared_flag = mmap.mmap(-1, 1)
_loaded_in = os.getpid()


class _Process:
    """The process: whether it received SIGTERM since its task began, and the handler before."""

    sigterm_received = False
    handler_before: Any = None


_here = _Process()


def requested() -> bool:
    """Return whether to begin nothing more."""
    return _here.sigterm_received or bool(_shared_flag[0])


def request(**_kwargs: Any) -> None:
    """Ask all processes of this worker to finish what they have begun."""
    _shared_flag[0] = 1


def handle_sigterm_during_tasks(**_kwargs: Any) -> None:
    """Note SIGTERM, in a process of the pool, instead of ending by it as long as a task runs.

    Not from now on: when a process begins, the pool sets its own handlers last of all, and a
    process without a task may end at once.
    """
    if os.getpid() != _loaded_in:  # a pool may be no process of its own
        task_prerun.connect(_begin, weak=False)
        task_postrun.connect(_end, weak=False)


def _begin(**_kwargs: Any) -> None:
    _here.sigterm_received = False
    _here.handler_before = signal.signal(signal.SIGTERM, _on_sigterm)


def _end(**_kwargs: Any) -> None:
    signal.signal(signal.SIGTERM, _here.handler_before)


def _on_sigterm(*_args: Any) -> None:
    _here.sigterm_received = True
