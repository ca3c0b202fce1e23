"""The colour of a bulletin, as a style sheet: no page has styles in it."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

A_YEAR = 31_536_000  # seconds


@cache_control(public=True, max_age=A_YEAR, immutable=True)
@require_safe
def accent(_request: HttpRequest, colour: str) -> HttpResponse:
    """The style sheet of a colour of six hexadecimal digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise Http404
    return HttpResponse(f"body {{ --accent: #{colour}; }}\n", content_type="text/css")
