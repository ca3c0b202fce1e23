"""Forgetting lists of readers: those that nobody took in, and what undoing one needed."""

from __future__ import annotations

from datetime import datetime

from subscribers.importing import taking
from subscribers.models import ImportedReader, ImportRow, ImportStatus, ReaderImport
from subscribers.models.reader_import import DECISION_TIME, UNDECIDED, UNDO_TIME


def forget(*, at: datetime) -> None:
    """Forget what is no longer needed. That there was a list, who brought it, and what its numbers
    were, stays."""
    undecided = ReaderImport.objects.filter(
        status__in=UNDECIDED, uploaded_at__lte=at - DECISION_TIME
    )
    for run_id in undecided.values_list("pk", flat=True):
        taking.discard(run_id)
    for run_id in ReaderImport.objects.ended().exclude(file="").values_list("pk", flat=True):
        taking.forget_file(run_id)
    settled = (ImportStatus.DONE, ImportStatus.UNDONE)
    old = ReaderImport.objects.filter(status__in=settled, started_at__lte=at - UNDO_TIME)
    ImportedReader.objects.filter(reader_import__in=old).delete()
    ImportRow.objects.filter(reader_import__in=old).delete()
