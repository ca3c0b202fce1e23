"""Pages that whoever has their address may see: nothing may keep or index what they say."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

TOKEN = "token"  # noqa: S105 - what routes call the token in their addresses


class PersonalPages:
    """Middleware: whatever a route with a TOKEN answers, errors too, is `private, no-store`, and
    nothing for search engines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, marked where it is personal."""
        response = self._get_response(request)
        route = request.resolver_match
        if route is not None and TOKEN in route.kwargs:
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex"
        return response
