"""Going on with an import, whatever is to be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from subscribers.importing import reverting, staging, taking
from subscribers.models import ImportStatus, ReaderImport


def work(run_id: int, *, clock: Callable[[], datetime], should_stop: Callable[[], bool]) -> bool:
    """Read, take in or undo until the end, or until `should_stop`. Returns whether another worker
    has to go on at once."""
    run = ReaderImport.objects.select_related("bulletin").filter(pk=run_id).first()
    if run is None:
        return False
    match run.status:
        case ImportStatus.CHECKING:
            staging.read_batches(run, clock=clock, should_stop=should_stop)
            return ReaderImport.objects.filter(pk=run_id, status=ImportStatus.CHECKING).exists()
        case ImportStatus.RUNNING:
            return taking.take_batches(run_id, clock=clock, should_stop=should_stop)
        case ImportStatus.UNDOING:
            return reverting.undo_batches(run_id, clock=clock, should_stop=should_stop)
    return False
