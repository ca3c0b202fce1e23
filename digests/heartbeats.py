"""Signs of life: each worker, and the beat, has it written down that it is there.

What is heard is the loop in which a worker takes tasks from the broker, and the beat's handing of
tasks to it: a process that is there and deaf is not heard. It stands in the table, so that it
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


class Pulse(Thread):
    """Writes down that `names` were heard, when they were, once in INTERVAL."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(daemon=True)
        self._names = sorted(names)
        self._felt = Event()

    def feel(self, **_kwargs: Any) -> None:
        """Take a sign of life; a receiver of Celery's signals. The first one begins it, so that no
        thread runs yet when the pool is forked."""
        self._felt.set()
        if self.ident is None:
            self.start()

    def run(self) -> None:
        """Write down what is felt until the process ends."""
        written = True
        while True:
            self._felt.wait()
            self._felt.clear()
            before, written = written, self._write()
            if before and not written:
                logger.warning("the database does not take signs of life")
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
