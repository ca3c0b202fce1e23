"""Undoing an import, by batches: each reader is as before it, but for whom something happened to
since: what a reader, an editor or another list did stays, and so does a reader who left."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from publications.models import Topic
from subscribers.importing.entering import STATE
from subscribers.importing.taking import forget_file
from subscribers.importing.values import Outcome
from subscribers.models import (
    AddressChange,
    ImportedReader,
    ImportRow,
    ImportStatus,
    KeywordAlert,
    Note,
    ReaderImport,
    SignUpRequest,
    Subscriber,
    Subscription,
)

BATCH = 1_000

log = logging.getLogger(__name__)


def start(run_id: int, *, at: datetime) -> bool:
    """Have an import undone, also one that is being taken in. Returns False where it cannot be any
    more, or is already."""
    undoable = ReaderImport.objects.undoable(at=at).filter(pk=run_id)
    started = bool(undoable.update(status=ImportStatus.UNDOING, worked_at=None))
    if started:
        log.info("import is being undone import=%s", run_id)
    return started


def undo_batches(
    run_id: int, *, clock: Callable[[], datetime], should_stop: Callable[[], bool]
) -> bool:
    """Undo batch after batch, the last reader first, until the end or until `should_stop`. Returns
    whether it is to be gone on with."""
    while _undo(run_id, at=clock()):
        if should_stop():
            return True
    return False


@transaction.atomic
def _undo(run_id: int, *, at: datetime) -> bool:
    """Undo one batch. Returns whether there may be another."""
    undoing = ReaderImport.objects.select_for_update(of=("self",))
    run = undoing.filter(pk=run_id, status=ImportStatus.UNDOING).first()
    if run is None:
        return False
    batch = list(run.readers.order_by("-pk")[:BATCH])
    if not batch:
        _finish(run, at=at)
        return False
    undone = _revert(batch)
    ImportedReader.objects.filter(pk__in=[one.pk for one in batch]).delete()
    counts = Counter(undone=undone, kept=len(batch) - undone)
    run.numbers = {**run.numbers, "back": dict(Counter(run.numbers.get("back", {})) + counts)}
    run.worked_at = at
    run.save(update_fields=["numbers", "worked_at"])
    return True


def _finish(run: ReaderImport, *, at: datetime) -> None:
    run.status, run.finished_at = ImportStatus.UNDONE, at
    run.save(update_fields=["status", "finished_at"])
    ImportRow.objects.filter(reader_import=run).delete()
    transaction.on_commit(lambda: forget_file(run.pk))
    log.info("import undone import=%s %s", run.pk, run.numbers.get("back", {}))


def _revert(batch: Sequence[ImportedReader]) -> int:
    """Return how many readers are as they were before."""
    readers = _locked(batch)
    follows, known = _follows(readers), _known_otherwise(readers)
    overtaken = _overtaken(batch)
    gone: list[int] = []
    undone = 0
    for one in batch:
        reader = readers[one.subscriber_id]
        shared = one.pk in overtaken
        untouched = (
            not shared and reader.pk not in known and _is_untouched(one, reader, follows[reader.pk])
        )
        match Outcome(one.outcome):
            case Outcome.NEW if untouched:
                gone.append(reader.pk)
            case Outcome.CONFIRMED if untouched:
                _unconfirm(one, reader)
            case Outcome.UPDATED if reader.is_reading:
                _take_out(one, reader)
            case Outcome.ASKED if _is_unanswered(one, reader):
                _ask_no_more(one, reader)
                if one.made.get("new") and not (
                    reader.confirmed_at or shared or follows[reader.pk]
                ):
                    gone.append(reader.pk)
            case _:
                continue
        undone += 1
    Subscriber.objects.filter(pk__in=gone).delete()
    return undone


def _locked(batch: Sequence[ImportedReader]) -> dict[int, Subscriber]:
    rows = Subscriber.objects.select_for_update(of=("self",)).order_by("address_key")
    keys = [one.subscriber_id for one in batch]
    return {reader.pk: reader for reader in rows.filter(pk__in=keys)}


def _follows(readers: dict[int, Subscriber]) -> dict[int, list[Subscription]]:
    """Return what each follows and followed."""
    follows: dict[int, list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.filter(subscriber__in=readers):
        follows[row.subscriber_id].append(row)
    return follows


def _known_otherwise(readers: dict[int, Subscriber]) -> set[int]:
    """Return who has what no import brings: keyword alerts, another address, a note of the
    office."""
    rows = (
        model._default_manager.filter(subscriber__in=readers).values_list("subscriber", flat=True)
        for model in (KeywordAlert, AddressChange, Note)
    )
    return set(chain.from_iterable(rows))


def _overtaken(batch: Sequence[ImportedReader]) -> set[int]:
    """Return the keys of those in whose readers a later import had a part."""
    later = ImportedReader.objects.filter(subscriber=OuterRef("subscriber"), pk__gt=OuterRef("pk"))
    ours = ImportedReader.objects.filter(Exists(later), pk__in=[one.pk for one in batch])
    return set(ours.values_list("pk", flat=True))


def _is_untouched(one: ImportedReader, reader: Subscriber, follows: Sequence[Subscription]) -> bool:
    """Return whether the reader is as the import made them."""
    same = all(getattr(reader, name) == one.made.get(name) for name in STATE)
    topics = sorted(row.topic_id for row in follows if row.started_at == one.at)
    return (
        same
        and reader.confirmed_at == one.at
        and reader.unsubscribed_at is None
        and reader.paused_until is None
        and all(row.started_at == one.at and row.ended_at is None for row in follows)
        and topics == one.made.get("topics")
    )


def _unconfirm(one: ImportedReader, reader: Subscriber) -> None:
    """Have somebody wait again for what they asked for themselves."""
    reader.subscriptions.all().delete()
    request = one.before.get("request")
    before = {name: one.before[name] for name in ("name", "unit", "language")}
    Subscriber.objects.filter(pk=reader.pk).update(confirmed_at=None, **before)
    if request is not None:
        asked, _created = SignUpRequest.objects.update_or_create(
            subscriber=reader,
            defaults={
                "address": request["address"],
                "language": request["language"],
                "consent": request["consent"],
                "requested_at": datetime.fromisoformat(request["requested_at"]),
            },
        )
        asked.topics.set(Topic.objects.filter(pk__in=request["topics"]))


def _take_out(one: ImportedReader, reader: Subscriber) -> None:
    """Take out what a known reader got, if it is still as it came."""
    reader.subscriptions.current().filter(
        topic__in=one.made.get("topics", []), started_at=one.at
    ).delete()
    changed: dict[str, Any] = {
        name: ""
        for name in ("name", "unit")
        if name in one.made and getattr(reader, name) == one.made[name]
    }
    if changed:
        Subscriber.objects.filter(pk=reader.pk).update(**changed)


def _is_unanswered(one: ImportedReader, reader: Subscriber) -> bool:
    request = SignUpRequest.objects.filter(subscriber=reader, requested_at=one.at)
    return not reader.is_reading and request.exists()


def _ask_no_more(one: ImportedReader, reader: Subscriber) -> None:
    SignUpRequest.objects.filter(subscriber=reader, requested_at=one.at).delete()
    Subscriber.objects.filter(pk=reader.pk).update(confirmation_due_at=None)
