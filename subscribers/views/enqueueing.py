"""Ringing for a worker."""

from __future__ import annotations

import logging

from celery import Task
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(task: Task[[int], None], subscriber_id: int) -> None:
    """Have `task` done for a reader; where no worker can be told, the next sweep finds it."""
    try:
        task.delay(subscriber_id)
    except OperationalError:
        log.warning("%s not queued subscriber=%s", task.name.rpartition(".")[2], subscriber_id)
