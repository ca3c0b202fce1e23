"""Whether this machine can serve: for a load balancer, a container's health check, a monitor."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

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
