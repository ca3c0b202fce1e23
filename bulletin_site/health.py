"""Health checks: for a load balancer, a container's health check, a monitor."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from threading import Thread
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError
from limits.errors import StorageError
from redis import RedisError

from digests import monitoring
from digests.monitoring import Check, Checks

TIMEOUT_SECONDS = 0.8  # for all checks together

T = TypeVar("T")


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Return as JSON whether database and broker respond: 200 when both do, else 503.

    Says nothing else, so that it may be open to everybody, and says so within a second, also of
    servers that are silent. One query.
    """
    database, broker = within(TIMEOUT_SECONDS, _database_responds, _broker_responds)
    responds = {"database": bool(database), "broker": bool(broker)}
    return JsonResponse(responds, status=200 if all(responds.values()) else 503)


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Return as JSON whether the service works as a whole: 200 when each check is ok, else 503.

    Each check says since when it is so, and how many seconds that is. No address of a reader and
    no password is in it, but names of mail servers, and their responses: it is for the operator's
    monitor, not for everybody. Responds within a second, also when nothing else does.
    """
    at = timezone.now()
    parts = {
        "database": _tables,
        "mail": _mail_servers,
        "broker": _broker,
        "sign_ups": _sign_ups,
        "disk": _disk,
    }
    results = within(TIMEOUT_SECONDS, *(partial(part, at=at) for part in parts.values()))
    checks: dict[str, Check] = {}
    for name, result in zip(parts, results, strict=True):
        checks |= {name: Check(ok=False)} if result is None else result
    ready = all(check.ok for check in checks.values())
    body = {name: _as_json(check, at=at) for name, check in checks.items()}
    return JsonResponse({"ready": ready, "checks": body}, status=200 if ready else 503)


def _tables(*, at: datetime) -> Checks:
    try:
        return {"database": Check(ok=True), **monitoring.of_database(at=at)}
    except DatabaseError:
        return {"database": Check(ok=False)}


def _mail_servers(*, at: datetime) -> Checks:
    try:
        return monitoring.mail_servers(at=at)
    except RedisError:
        return {}


def _sign_ups(*, at: datetime) -> Checks:  # noqa: ARG001
    try:
        return monitoring.sign_ups()
    except StorageError:
        return {}  # as the broker's check says


def _broker(*, at: datetime) -> Checks:  # noqa: ARG001
    return {"broker": Check(ok=_broker_responds())}


def _disk(*, at: datetime) -> Checks:  # noqa: ARG001
    return {"disk": monitoring.disk()}


def _as_json(check: Check, *, at: datetime) -> Mapping[str, Any]:
    fields: dict[str, Any] = {"ok": check.ok}
    if check.since is not None:
        fields["since"] = timezone.localtime(check.since).isoformat(timespec="seconds")
        fields["seconds"] = round((at - check.since).total_seconds())
    words = {"reason": check.reason, "detail": check.detail}
    return fields | {name: word for name, word in words.items() if word}


def within(seconds: float, *calls: Callable[[], T]) -> list[T | None]:
    """Return the results of `calls` within so many `seconds`; None for a call that took longer.

    Each runs in a thread of its own, with a database connection of its own, because a call cannot
    be interrupted that waits for a server which accepts connections and sends nothing.
    """
    results: dict[int, T] = {}

    def run(number: int, call: Callable[[], T]) -> None:
        try:
            results[number] = call()
        finally:
            connection.close()

    threads = [Thread(target=run, args=numbered, daemon=True) for numbered in enumerate(calls)]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return [results.get(number) for number in range(len(threads))]


def _database_responds() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_responds() -> bool:
    options = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except OperationalError:
        return False
    return True
