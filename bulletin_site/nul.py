"""The answer to text with NUL in it, which PostgreSQL has in no column. Nobody types it, and forms
refuse it; other words of a request, such as a name to look up, get as far as a statement."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request


class NoNul:
    """Answers 400 where PostgreSQL was asked for, or given, text with NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DataError) or "NUL (0x00)" not in str(error):
            return None
        return bad_request(request, error)
