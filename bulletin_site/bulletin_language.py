"""The language of a bulletin's pages for whoever prefers none of ours: that of the bulletin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from publications.models import Bulletin

ROOMS = {"issues", "subscribers", "digests"}  # whose routes name a bulletin by its slug
FILES = {"feed", "figure", "masthead", "pdf"}  # routes whose answer is the same in each language


class BulletinLanguage:
    """Middleware behind Django's, which has chosen the site's language where a browser asks for
    none that there is. One query, for these alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the view."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> None:
        """Speak as the bulletin does, before its page is made."""
        route = request.resolver_match
        if route is None or not ROOMS.intersection(route.namespaces) or "slug" not in kwargs:
            return
        if route.url_name in FILES:
            return
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or _prefers_one(request):
            return
        bulletins = Bulletin.objects.filter(slug=kwargs["slug"])
        language = bulletins.values_list("language", flat=True).first()
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language


def _prefers_one(request: HttpRequest) -> bool:
    """Whether the browser asks for one of our languages, or for one that is written like it."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            translation.get_supported_language_variant(code)
        except LookupError:
            continue
        return True
    return False
