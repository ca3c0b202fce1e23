"""Heartbeats: each worker, and the beat, records that it is alive.

The sign of life is the loop in which a worker takes tasks from the broker, and the beat's
publishing of tasks: a process whose loop hangs gives none. It stands in the table, so that it
outlives an emptied Redis; a thread writes it, so that nobody waits for a database that is away.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from digests.models import Heartbeat

logger = logging.getLogger(__name__)

INTERVAL = 15.0  # seconds from one entry to the next


class HeartbeatThread(Thread):
    """Records the heartbeat of `names` when notified, once in INTERVAL."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(daemon=True)
        self._names = sorted(names)
        self._notified = Event()

    def notify(self, **_kwargs: Any) -> None:
        """Receive a sign of life from one of Celery's signals. The first one starts the thread, so
        that none runs yet when the pool is forked."""
        self._notified.set()
        if self.ident is None:
            self.start()

    def run(self) -> None:
        """Record heartbeats until the process ends."""
        written = True
        while True:
            self._notified.wait()
            self._notified.clear()
            before, written = written, self._write()
            if before and not written:
                logger.warning("the heartbeat cannot be written down")
            time.sleep(INTERVAL)

    def _write(self) -> bool:
        try:
            for name in self._names:
                Heartbeat.objects.record(name, at=timezone.now())
        except DatabaseError:
            return False
        finally:
            connection.close()  # a process of the pool that is forked must not inherit it
        return True
