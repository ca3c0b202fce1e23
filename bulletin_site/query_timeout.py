"""The time that a page waits for the database: PostgreSQL ends the statement, and the visitor is
told.

Of the web processes alone: workers, commands and migrations may take their time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

QUERY_CANCELED = "57014"  # PostgreSQL, appendix A


def set_for_this_process() -> None:
    """Have no statement of this process run longer than PAGE_QUERY_SECONDS, and none go on for
    whom it can no longer answer. Where the browser has gone, this is what ends its statement:
    gunicorn cannot know."""
    connection_created.connect(_limit, dispatch_uid=__name__)


def _limit(connection: BaseDatabaseWrapper, **_more: object) -> None:
    if connection.vendor == "postgresql" and settings.PAGE_QUERY_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false),"
                " set_config('client_connection_check_interval', '5s', false)",
                [f"{settings.PAGE_QUERY_SECONDS}s"],
            )


class TooSlow:
    """Answers with a page of its own where PostgreSQL ended a statement for its length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        cause: Any = error.__cause__
        if not isinstance(error, OperationalError) or (
            getattr(cause, "sqlstate", "") != QUERY_CANCELED
        ):
            return None
        view = request.resolver_match.view_name if request.resolver_match else ""
        logger.warning("%s: the database was asked for too long", view)
        context = {"seconds": settings.PAGE_QUERY_SECONDS}
        answer = render(request, "503.html", context, status=503)
        answer["Retry-After"] = "120"
        return answer
