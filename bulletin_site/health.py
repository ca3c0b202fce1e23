"""Whether this machine can serve: for a load balancer, a container's health check, a monitor."""

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
from redis import RedisError

from digests import monitoring
from digests.monitoring import Check, Checks

PATIENCE = 0.8  # seconds in which everybody has to answer

T = TypeVar("T")


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Who answered, as JSON: 200 when the database and the broker did, else 503.

    Says nothing else, so that it may be open to everybody, and says so within a second, also of
    servers that are silent. One query.
    """
    database, broker = within(PATIENCE, _database_answers, _broker_answers)
    answered = {"database": bool(database), "broker": bool(broker)}
    return JsonResponse(answered, status=200 if all(answered.values()) else 503)


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether the service works as a whole, as JSON: 200 when each of its checks is ok, else 503.

    Each check says since when it is so, and how many seconds that is. No address of a reader and
    no password is in it, but names of mail servers, and what they said: it is for the operator's
    monitor, not for everybody. Answered within a second, also when nobody else answers.
    """
    at = timezone.now()
    asked = {"database": _tables, "mail": _mail_servers, "broker": _broker, "disk": _disk}
    answers = within(PATIENCE, *(partial(ask, at=at) for ask in asked.values()))
    checks: dict[str, Check] = {}
    for name, answer in zip(asked, answers, strict=True):
        checks |= {name: Check(ok=False)} if answer is None else answer
    ready = all(check.ok for check in checks.values())
    told = {name: _as_json(check, at=at) for name, check in checks.items()}
    return JsonResponse({"ready": ready, "checks": told}, status=200 if ready else 503)


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


def _broker(*, at: datetime) -> Checks:  # noqa: ARG001
    return {"broker": Check(ok=_broker_answers())}


def _disk(*, at: datetime) -> Checks:  # noqa: ARG001
    return {"disk": monitoring.disk()}


def _as_json(check: Check, *, at: datetime) -> Mapping[str, Any]:
    told: dict[str, Any] = {"ok": check.ok}
    if check.since is not None:
        told["since"] = timezone.localtime(check.since).isoformat(timespec="seconds")
        told["seconds"] = round((at - check.since).total_seconds())
    words = {"reason": check.reason, "detail": check.detail}
    return told | {name: word for name, word in words.items() if word}


def within(seconds: float, *questions: Callable[[], T]) -> list[T | None]:
    """What was answered to `questions` within so many `seconds`; None for who was silent.

    Each is asked in a thread of its own, with a database connection of its own, because nobody
    can be called back who waits for a server that accepts connections and says nothing.
    """
    answers: dict[int, T] = {}

    def ask(number: int, question: Callable[[], T]) -> None:
        try:
            answers[number] = question()
        finally:
            connection.close()

    threads = [Thread(target=ask, args=asked, daemon=True) for asked in enumerate(questions)]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return [answers.get(number) for number in range(len(threads))]


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except OperationalError:
        return False
    return True
