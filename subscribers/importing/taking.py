"""Taking in what an import read, by batches: each in one transaction, so that whoever is killed
goes on after the last one, and no reader is half entered."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from foundation import bulk_rows
from subscribers.addresses import Address
from subscribers.importing.entering import Entered, Terms, ask, enter
from subscribers.importing.values import Outcome, Wanted
from subscribers.models import ImportedReader, ImportRow, ImportStatus, ReaderImport

BATCH = 2_000
ASKED_AT_ONCE = 50
ATTEMPTS = 5  # of a batch, of which somebody signed up at this moment
UNDOABLE = {Outcome.NEW, Outcome.CONFIRMED, Outcome.UPDATED, Outcome.ASKED}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about a list: where consent comes from, whether all are asked to
    confirm, what is taken where the list says nothing, and whether known readers get what is
    missing."""

    consent: str
    ask: bool
    language: str
    topics: tuple[int, ...]
    complete: bool


def start(run_id: int, decision: Decision, *, at: datetime) -> bool:
    """Have a list taken in from `at`. Returns False where that was decided before."""
    ready = ReaderImport.objects.filter(pk=run_id, status=ImportStatus.READY)
    started = ready.update(
        status=ImportStatus.RUNNING,
        consent=decision.consent,
        ask=decision.ask,
        language=decision.language,
        topics=list(decision.topics),
        complete=decision.complete,
        started_at=at,
        position=0,
        worked_at=None,
    )
    if started:
        log.info("import started import=%s ask=%s", run_id, decision.ask)
    return bool(started)


def discard(run_id: int) -> bool:
    """Forget a list that nobody took in. Returns False where it was taken in or forgotten."""
    undecided = ReaderImport.objects.filter(
        pk=run_id, status__in=(ImportStatus.READY, ImportStatus.CHECKING, ImportStatus.UNREADABLE)
    )
    discarded = bool(undecided.update(status=ImportStatus.DISCARDED))
    if discarded:
        forget_file(run_id)
        ImportRow.objects.filter(reader_import=run_id).delete()
        log.info("import discarded import=%s", run_id)
    return discarded


def take_batches(
    run_id: int, *, clock: Callable[[], datetime], should_stop: Callable[[], bool]
) -> bool:
    """Take in batch after batch until the end, or until `should_stop`, or nobody more may be asked
    for now. Returns whether it is to be gone on with at once."""
    while True:
        went_on = _take_once_again(run_id, at=clock())
        if not went_on:
            return False
        if should_stop():
            return True


def asked_lately(*, at: datetime) -> tuple[int, int]:
    """Return how many were asked by imports within an hour, and within a day."""
    asked = ImportedReader.objects.filter(outcome=Outcome.ASKED.value)
    hour = asked.filter(at__gt=at - timedelta(hours=1)).count()
    return hour, asked.filter(at__gt=at - timedelta(days=1)).count()


def may_be_asked(*, at: datetime) -> int:
    """Return how many more may be asked at `at`: as many as may sign up on the whole site, which
    are counted by themselves."""
    hour, day = asked_lately(at=at)
    return max(0, min(settings.SITE_SIGN_UPS_PER_HOUR - hour, settings.SITE_SIGN_UPS_PER_DAY - day))


def forget_file(run_id: int) -> None:
    """Delete the file of a list; its rows say what is needed from now on."""
    run = ReaderImport.objects.get(pk=run_id)
    if run.file:
        run.file.storage.delete(run.file.name)
        ReaderImport.objects.filter(pk=run_id).update(file="")


def _take_once_again(run_id: int, *, at: datetime) -> bool:
    for _ in range(ATTEMPTS):
        try:
            return _take(run_id, at=at)
        except IntegrityError:
            log.info("import batch again import=%s", run_id)
    return _take(run_id, at=at)


@transaction.atomic
def _take(run_id: int, *, at: datetime) -> bool:
    """Take in one batch. Returns whether there may be another."""
    running = ReaderImport.objects.select_for_update(of=("self",)).select_related("bulletin")
    run = running.filter(pk=run_id, status=ImportStatus.RUNNING).first()
    if run is None:
        return False
    size = min(ASKED_AT_ONCE, may_be_asked(at=at)) if run.ask else BATCH
    rows = run.rows.filter(problem="", pk__gt=run.position).order_by("pk")
    if not size and rows.exists():
        ReaderImport.objects.filter(pk=run_id).update(worked_at=at)
        return False
    batch = list(rows[:size])
    if not batch:
        _finish(run, at=at)
        return False
    _write_down(run, _entered(run, batch, at=at), at=at)
    run.position, run.worked_at = batch[-1].pk, at
    run.save(update_fields=["position", "numbers", "worked_at"])
    return True


def _entered(run: ReaderImport, batch: Iterable[ImportRow], *, at: datetime) -> list[Entered]:
    terms = Terms(run.consent, run.language, tuple(run.topics), complete=run.complete)
    wanted = [
        Wanted(
            Address(row.address, row.address_key), row.name, row.unit, row.language,
            tuple(row.topics),
        )
        for row in batch
    ]  # fmt: skip
    if not run.ask:
        return enter(run.bulletin, wanted, terms, at=at)
    return [ask(run.bulletin, each, terms, at=at) for each in wanted]


def _write_down(run: ReaderImport, entered: list[Entered], *, at: datetime) -> None:
    bulk_rows.insert(
        ImportedReader,
        ("reader_import_id", "subscriber_id", "outcome", "at", "before", "made"),
        (
            (run.pk, one.subscriber, one.outcome.value, at, one.before, one.made)
            for one in entered
            if one.subscriber is not None and one.outcome in UNDOABLE
        ),
    )
    counts = Counter(one.outcome.value for one in entered)
    taken = run.numbers.get("taken", {})
    run.numbers = {**run.numbers, "taken": dict(Counter(taken) + counts)}


def _finish(run: ReaderImport, *, at: datetime) -> None:
    run.status, run.finished_at, run.position = ImportStatus.DONE, at, 0
    run.save(update_fields=["status", "finished_at", "position"])
    run.rows.filter(problem="").delete()
    transaction.on_commit(lambda: forget_file(run.pk))
    log.info("import taken in import=%s %s", run.pk, run.numbers.get("taken", {}))
