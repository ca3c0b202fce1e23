"""Noticing that the database was restored from a backup, before anybody is mailed twice.

A restored database does not know what was sent after the backup. There are two witnesses of that:
where its tables lie, and DATA_DIR, which knows how many claims were made from there. The database
keeps what both said last. It is older than the world when its tables lie elsewhere, or when the
folder counted claims that it never heard of. Then every unfinished digest is paused, once, until
somebody decides.
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
from django.db.models.functions import Coalesce

from digests.models import Digest, Folder, Origin

logger = logging.getLogger(__name__)

# The oid of a table is new when pg_restore makes it, also in place; the cluster has a name of its
# own, and its timeline is new after recovery to a point in time and after a failover. Not every
# provider lets one ask for these two.
_TABLE = """SELECT d.oid, 'digests_origin'::regclass::oid
    FROM pg_database AS d WHERE d.datname = current_database()"""
_CLUSTER = """SELECT system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
    FROM pg_control_system()"""
_GENERATION = 0x80087601  # FS_IOC_GETVERSION (ioctl_fs(2)): tells a new file of an old number


class _Told(NamedTuple):
    """What stands in the folder."""

    service: str
    name: str
    claims: int


def notice(*, at: datetime) -> int:
    """Pause the unfinished digests, if the database turns out to be older than the world; how
    many. Three queries where all is well, five on PostgreSQL."""
    told = _told()  # before the database is asked, which is told first of each claim
    if not _older(told, _place()):
        return 0
    with transaction.atomic():
        place = _place()
        origin = Origin.objects.select_for_update().get()
        if not _older(_told(), place):
            return 0  # another process was first
        Origin.objects.filter(pk=origin.pk).update(place=place)
        Folder.objects.update(claims=None)
        unfinished = Digest.objects.unfinished().filter(cancelled_at=None).order_by()
        count = unfinished.update(paused_at=Coalesce("paused_at", at), restored_at=at)
    if count:
        logger.error("the database was restored from a backup: %s digests are paused", count)
    return count


def count_claim() -> None:
    """Write down, in the database and then in the folder, that a claim was made from here."""
    with _file() as file:
        told = _read(file)
        if told is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE digests_folder SET claims = claims + 1 WHERE name = %s RETURNING claims",
                [told.name],
            )
            row = cursor.fetchone()
        if row and row[0] is not None and row[0] > told.claims:
            _write(file, told._replace(claims=row[0]))


def _older(told: _Told | None, place: str) -> bool:
    """Whether the database is older than what is `told` of it. A place or a folder that it does
    not know yet is written down."""
    origin, _ = Origin.objects.get_or_create(pk=1, defaults={"service": secrets.token_hex(16)})
    if not origin.place:
        Origin.objects.filter(pk=origin.pk, place="").update(place=place)
    elif place != origin.place:
        return True
    if told is None or told.service != origin.service:  # a new folder, or one of another service
        with _file() as file:
            told = _Told(origin.service, secrets.token_hex(16), 0)
            _write(file, told)
    folder, _ = Folder.objects.get_or_create(name=told.name)
    if folder.claims is None:
        Folder.objects.filter(name=told.name, claims=None).update(claims=told.claims)
        return False
    return told.claims > folder.claims


def _place() -> str:
    """Where the tables lie; the same until they are restored, or moved."""
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
    """What tells a file from its copies."""
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


def _told() -> _Told | None:
    with _file() as file:
        return _read(file)


@contextmanager
def _file() -> Iterator[int]:
    """The file in DATA_DIR, held by this process."""
    file = os.open(Path(settings.DATA_DIR, "claims"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _read(file: int) -> _Told | None:
    words = os.pread(file, 200, 0).decode("ascii", "replace").split()
    if len(words) != 3 or not words[2].isdecimal():  # new, or torn by a power cut
        return None
    return _Told(words[0], words[1], int(words[2]))


def _write(file: int, told: _Told) -> None:
    os.pwrite(file, f"{told.service} {told.name} {told.claims:020}\n".encode(), 0)
