"""Enqueueing tasks: the one way to wake a worker, which tolerates a broker that is away.

Work stands in the tables, and a task only wakes a worker for it; so a task that cannot be enqueued
is no loss: the next sweep, a few seconds later, finds the work. How long the broker is waited for
says `CELERY_BROKER_TRANSPORT_OPTIONS`.
"""

from __future__ import annotations

import logging
from functools import partial

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: Task[..., None], *args: int | str, expires: float | None = None) -> bool:
    """Enqueue `task` for a worker, who drops it after `expires` seconds. Returns False where the
    broker is away, which is logged."""
    try:
        task.apply_async(args, expires=expires)  # type: ignore[arg-type]  # None: never
    except OperationalError:
        keys = [arg for arg in args if isinstance(arg, int)]
        logger.warning("%s not enqueued %s", task.name, keys)
        return False
    return True


def enqueue_on_commit(task: Task[..., None], *args: int | str) -> None:
    """Enqueue `task` when the transaction commits that is open; at once where there is none."""
    transaction.on_commit(partial(enqueue, task, *args))
