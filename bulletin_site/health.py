"""Whether this machine can serve: for a load balancer, a container's health check, a monitor."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

PATIENCE = 2  # seconds for the broker to answer


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Who answered, as JSON: 200 when the database and the broker did, else 503.

    Says nothing else, so that it may be open to everybody. One query.
    """
    answered = {"database": _database_answers(), "broker": _broker_answers()}
    return JsonResponse(answered, status=200 if all(answered.values()) else 503)


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
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except OperationalError:
        return False
    return True
