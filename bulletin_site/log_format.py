"""The format of a line of the log, in every process."""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo


class LineFormatter(logging.Formatter):
    """Lines that begin with the time as ISO 8601 writes it, with its offset, in one time zone
    whatever the process and the machine think."""

    def __init__(self, format: str, *, zone: str) -> None:
        super().__init__(format)
        self._zone = ZoneInfo(zone)

    def formatTime(  # noqa: N802 - logging calls it so
        self,
        record: logging.LogRecord,
        datefmt: str | None = None,  # noqa: ARG002
    ) -> str:
        moment = datetime.fromtimestamp(record.created, self._zone)
        return moment.isoformat(timespec="milliseconds")
