"""Detecting that the database was restored from a backup, before anybody is mailed twice.

A restored database does not know what was sent after the backup. There are two witnesses of that:
where its tables lie, and DATA_DIR, which knows how many claims were made from there. The database
keeps what both said last. It was restored when its tables lie elsewhere, or when the folder
counted claims that it does not know. Then every unfinished digest is paused, once, until somebody
resumes it; no scheduled issue is published at its time, since it may have been; and a weekly or
monthly digest that was due before is opened paused, too.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import NotSupportedError, ProgrammingError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from digests.models import Digest, Folder, Origin
from issues.models import Issue

logger = logging.getLogger(__name__)

# The oid of a table is new when pg_restore makes it, also in place; the cluster has a name of its
# own, and its timeline is new after recovery to a point in time and after a failover. Not every
# provider lets one ask for these two.
_TABLE = """SELECT d.oid, 'digests_origin'::regclass::oid
    FROM pg_database AS d WHERE d.datname = current_database()"""
_CLUSTER = """SELECT system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
    FROM pg_control_system()"""
_GENERATION = 0x80087601  # FS_IOC_GETVERSION (ioctl_fs(2)): tells a new file of an old number


class _Record(NamedTuple):
    """The contents of the file of the folder."""

    service: str
    name: str
    claims: int


def pause_if_restored(*, at: datetime) -> int:
    """Pause the unfinished digests if the database was restored from a backup. Returns how many.
    Three queries where all is well, five on PostgreSQL."""
    record = _record()  # before the database is asked, in which each claim is counted first
    if not _is_restored(record, _place()):
        return 0
    with transaction.atomic():
        place = _place()
        origin = Origin.objects.select_for_update().get()
        if not _is_restored(_record(), place):
            return 0  # another process was first
        Origin.objects.filter(pk=origin.pk).update(place=place, restored_at=at)
        Folder.objects.update(claims=None)
        unfinished = Digest.objects.unfinished().filter(cancelled_at=None).order_by()
        count = unfinished.update(paused_at=Coalesce("paused_at", at), restored_at=at)
        _unschedule_all()
    if count:
        logger.error("the database was restored from a backup: %s digests are paused", count)
    return count


def may_have_been_mailed(since: datetime) -> bool:
    """Return whether what was due `since` may have been mailed already, by a database that is not
    there any more. One query."""
    return Origin.objects.filter(restored_at__gte=since).exists()


def _unschedule_all() -> None:
    """Leave what was scheduled to an editor."""
    scheduled = Issue.objects.scheduled()
    if scheduled.update(missed_at=F("publish_at"), publish_at=None, obstacles=[["restored"]]):
        logger.error("the database was restored from a backup: nothing is scheduled any more")


def count_claim() -> None:
    """Count a claim that is made from here, in the database and then in the folder."""
    with _file() as file:
        record = _read(file)
        if record is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE digests_folder SET claims = claims + 1 WHERE name = %s RETURNING claims",
                [record.name],
            )
            row = cursor.fetchone()
        if row and row[0] is not None and row[0] > record.claims:
            _write(file, record._replace(claims=row[0]))


def _is_restored(record: _Record | None, place: str) -> bool:
    """Return whether the database is older than its `place` or the folder's `record`. A place or a
    folder that it does not know yet is written down."""
    origin, _ = Origin.objects.get_or_create(pk=1, defaults={"service": secrets.token_hex(16)})
    if not origin.place:
        Origin.objects.filter(pk=origin.pk, place="").update(place=place)
    elif place != origin.place:
        return True
    if (
        record is None or record.service != origin.service
    ):  # a new folder, or one of another service
        with _file() as file:
            record = _Record(origin.service, secrets.token_hex(16), 0)
            _write(file, record)
    folder, _ = Folder.objects.get_or_create(name=record.name)
    if folder.claims is None:
        Folder.objects.filter(name=record.name, claims=None).update(claims=record.claims)
        return False
    return record.claims > folder.claims


def _place() -> str:
    """Return where the tables lie; the same until they are restored, or moved."""
    if connection.vendor == "sqlite":
        return _file_number(Path(str(connection.settings_dict["NAME"])))
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        found = list(cursor.fetchone())
        with suppress(ProgrammingError, NotSupportedError), transaction.atomic():
            cursor.execute(_CLUSTER)
            found += cursor.fetchone()
    return " ".join(map(str, found))


def _file_number(path: Path) -> str:
    """Return what tells a file from its copies."""
    if not path.is_file():
        return "memory"
    file = os.open(path, os.O_RDONLY)
    try:
        number, generation = os.fstat(file).st_ino, b"\0" * 8
        with suppress(OSError):  # not every file system has it
            generation = fcntl.ioctl(file, _GENERATION, generation)
        return f"{number} {struct.unpack('q', generation)[0]}"
    finally:
        os.close(file)


def _record() -> _Record | None:
    with _file() as file:
        return _read(file)


@contextmanager
def _file() -> Iterator[int]:
    """The file in DATA_DIR, locked by this process."""
    file = os.open(Path(settings.DATA_DIR, "claims"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _read(file: int) -> _Record | None:
    words = os.pread(file, 200, 0).decode("ascii", "replace").split()
    if len(words) != 3 or not words[2].isdecimal():  # new, or torn by a power cut
        return None
    return _Record(words[0], words[1], int(words[2]))


def _write(file: int, record: _Record) -> None:
    os.pwrite(file, f"{record.service} {record.name} {record.claims:020}\n".encode(), 0)
