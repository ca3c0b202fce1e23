"""The pages of an issue's PDF as pictures, beside what was read from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from digests.models import Article, Issue
from digests.parsing import Limits, UnreadablePdf, picture

WIDTH = 1000  # pixels: sharp in half of a wide screen
DAY = 86_400


def of_issue(issue: Issue) -> range:
    """The numbers of all pages."""
    return range(1, issue.page_count + 1)


def of_article(article: Article) -> range:
    """The numbers of the pages on which an article stands."""
    return range(article.first_page, article.last_page + 1) if article.first_page else range(0)


def page(request: HttpRequest, issue: Issue, number: int) -> HttpResponse:
    """A page as PNG; `?article=` outlines where that article stands. Raises Http404.

    The PDF is hostile: it is pictured in a child process with the limits of reading.
    """
    limits = Limits(
        memory=settings.READING_MEMORY_BYTES, cpu_seconds=20, wall_seconds=40, output=16 << 20
    )
    marks = _places(issue, request.GET.get("article", ""), number=number)
    try:
        png = picture(Path(issue.pdf.path), page=number, width=WIDTH, marks=marks, limits=limits)
    except UnreadablePdf as error:
        raise Http404 from error
    response = HttpResponse(png, content_type="image/png")
    patch_cache_control(response, private=True, max_age=DAY)
    return response


def _places(issue: Issue, pk: str, *, number: int) -> list[Any]:
    article = Article.objects.filter(section__issue=issue, pk=int(pk) if pk.isdecimal() else 0)
    places = article.values_list("places", flat=True).first() or []
    return [place[1:] for place in places if place[0] == number]
