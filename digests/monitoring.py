"""Monitoring: whether workers are alive, what waits for too long, which servers take no mail.

Nothing here waits for long or reads many rows, so that it can be asked every few seconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import OuterRef, QuerySet, Subquery
from limits.errors import StorageError
from redis import RedisError

from digests.models import BEAT, Batch, Digest, Heartbeat
from issues.models import Issue
from mail.rate_limits import circuit_breakers
from subscribers import sign_up_limit
from subscribers.models import Subscriber

QUEUES = ("digests", "notices", "reading")
SILENT_AFTER = timedelta(seconds=60)  # four entries of heartbeats
DELIVERY_AFTER = DIGEST_AFTER = ISSUE_AFTER = timedelta(minutes=10)
CONFIRMATION_AFTER = timedelta(minutes=5)
RETRIED_WITHIN = 60.0  # seconds in which whoever has mail tries a server again
MIN_FREE_BYTES = 500 * 1024 * 1024
MAX_ROWS = 100  # of a kind that are read

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True, slots=True)
class Check:
    """The findings about one thing: whether it is `ok`; since when it is as it is, or waits; why,
    as far as that has a name; and what was said or counted. No addresses."""

    ok: bool
    since: datetime | None = None
    reason: str = ""
    detail: str = ""


Checks = Mapping[str, Check]


def checks(*, at: datetime) -> Checks:
    """Return all checks, for a page that has a database already. Nine queries, two round trips to
    Redis, each of which is waited for a second."""
    try:
        counted = {**mail_servers(at=at), **sign_ups()}
    except (RedisError, StorageError):
        counted = {"broker": Check(ok=False)}
    return {**of_database(at=at), **counted, "disk": disk()}


def of_database(*, at: datetime) -> Checks:
    """Return the checks of the tables at `at`. Nine queries."""
    return {"migrations": migrations(), **processes(at=at), **dict(_oldest(at))}


def processes(*, at: datetime) -> Checks:
    """Check that the beat, and a worker of each queue, are alive. One query."""
    last_seen = Heartbeat.objects.last_seen()

    def check(name: str) -> Check:
        last = last_seen.get(name)
        return Check(ok=last is not None and at - last <= SILENT_AFTER, since=last)

    return {"beat": check(BEAT)} | {f"worker_{queue}": check(queue) for queue in QUEUES}


def mail_servers(*, at: datetime) -> Checks:
    """Check that each mail server of the settings takes mail, with what it said if not. One round
    trip. Raises `redis.RedisError`."""
    if settings.EMAIL_BACKEND != _SMTP:
        return {}
    names = [str(server) for server in settings.MAIL_SERVERS]
    circuits = circuit_breakers.read(names)

    def check(name: str) -> Check:
        circuit = circuits.get(name)
        if circuit is None or circuit.until + RETRIED_WITHIN < at.timestamp():
            return Check(ok=True)
        since = datetime.fromtimestamp(circuit.since, UTC)
        return Check(ok=False, since=since, reason=circuit.problem, detail=circuit.reason)

    return {f"mail_server {name}": check(name) for name in names}


def sign_ups() -> Checks:
    """Check that no more sign up than SIGN_UPS_ALARM an hour: else somebody may be having strangers
    mailed. One round trip. Raises `limits.errors.StorageError`."""
    many = sign_up_limit.too_many()
    detail = str(settings.SIGN_UPS_ALARM) if many else ""
    return {"sign_ups": Check(ok=not many, detail=detail)}


def migrations() -> Check:
    """Check that the tables are those of this version. Two queries."""
    waiting = _migrations() - MigrationRecorder(connection).applied_migrations().keys()
    return Check(ok=not waiting, detail=", ".join(sorted(".".join(each) for each in waiting)))


def disk() -> Check:
    """Check that the disk of the data directory has room."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Check(ok=free >= MIN_FREE_BYTES, detail=f"{free // 1024**2} MiB")


def standstill(digest: Digest, *, at: datetime) -> Checks:
    """Return why nothing of a digest is sent at `at`; empty while it goes on, or is not to.

    Four queries and a round trip to Redis.
    """
    if digest.finished_at or digest.paused_at or digest.cancelled_at or digest.failure:
        return {}
    found = {}
    try:
        servers = mail_servers(at=at)
    except RedisError:
        found["broker"] = Check(ok=False)
    else:
        if not any(check.ok for check in servers.values()):
            found.update(servers)
    alive, worker = processes(at=at), "worker_digests"
    if not alive[worker].ok:
        found[worker] = alive[worker]
    due = digest.opened_at if digest.prepared_at is None else _due(digest, at=at)
    if due is None or Batch.objects.filter(digest=digest, leased_until__gt=at).claimed().exists():
        return found
    if not alive["beat"].ok and at - due > SILENT_AFTER:
        found["beat"] = alive["beat"]
    if not found and at - due > DELIVERY_AFTER:
        found["oldest_delivery"] = Check(ok=False, since=due)
    return found


def reading_stands_still(*, at: datetime) -> Checks:
    """Return why no PDF is read at `at`; empty while it goes on. One query."""
    return {
        name: check
        for name, check in processes(at=at).items()
        if name == "worker_reading" and not check.ok
    }


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Return all migrations of this version, by the names of their files: loading them takes
    seconds."""
    found = set()
    for app in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(app.label)
        spec = find_spec(module) if module else None
        folders = spec.submodule_search_locations if spec else None
        found |= {(app.label, each.name) for each in iter_modules(folders or [])}
    return frozenset(found)


def _due(digest: Digest, *, at: datetime) -> datetime | None:
    return _free(at).filter(digest=digest).values_list("due_at", flat=True).first()


def _free(at: datetime) -> QuerySet[Batch]:
    """Batches that wait to be claimed, in the order of their index."""
    return Batch.objects.filter(claim="", due_at__lte=at).order_by("due_at", "pk")


def _oldest(at: datetime) -> Iterator[tuple[str, Check]]:
    """Find what has been due for longest, of each kind. Six queries, each by an index or of a table
    that stays small."""
    going = Digest.objects.unfinished().filter(paused_at=None, cancelled_at=None, failure="")
    first = _free(at).filter(digest=OuterRef("pk")).values("due_at")[:1]
    due = (
        going.exclude(prepared_at=None).annotate(due=Subquery(first)).values_list("due", flat=True)
    )
    delivery = min(filter(None, due[:MAX_ROWS]), default=None)
    sending = Batch.objects.claimed().filter(leased_until__gt=at).exists()
    yield "oldest_delivery", _waits(delivery, at, DELIVERY_AFTER, busy=sending)
    digest = going.filter(prepared_at=None).values_list("opened_at", flat=True).first()
    yield "oldest_digest", _waits(digest, at, DIGEST_AFTER)
    wanted = Subscriber.objects.not_suppressed().exclude(confirmation_due_at=None)
    waiting = wanted.order_by("confirmation_due_at").values_list(
        "confirmation_requested_at", flat=True
    )
    confirmation = min(filter(None, waiting[:MAX_ROWS]), default=None)
    yield "oldest_confirmation", _waits(confirmation, at, CONFIRMATION_AFTER)
    stale = at - timedelta(seconds=2 * settings.READING_SECONDS)
    uploaded = Issue.objects.filter(status=Issue.Status.UPLOADED)
    reading = uploaded.filter(reading_at__gte=stale).exists()
    issue = Issue.objects.unread(before=stale).order_by("uploaded_at")
    since = issue.values_list("uploaded_at", flat=True).first()
    yield "oldest_issue", _waits(since, at, ISSUE_AFTER, busy=reading)


def _waits(
    since: datetime | None, at: datetime, longest: timedelta, *, busy: bool = False
) -> Check:
    """Return how long the oldest of a kind waits; while somebody is `busy` with such, it may."""
    return Check(ok=since is None or busy or at - since <= longest, since=since)
