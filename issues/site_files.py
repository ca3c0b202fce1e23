"""The files that browsers and search engines ask for at fixed addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.views.decorators.http import require_safe

from foundation.absolute_urls import absolute_url
from issues import archive
from issues.models import Article, Issue

MAX_URLS = 50_000  # of a sitemap, by its protocol
AN_HOUR = 3600  # seconds


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Let everything be searched but the admin. What links of readers open says for itself that it
    is not to be indexed, which nobody would read who may not open it."""
    lines = ("User-agent: *", "Disallow: /admin/", f"Sitemap: {absolute_url('issues:sitemap')}", "")
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(_request: HttpRequest) -> HttpResponse:
    """The bulletins, their published issues and the articles of these, the newest first. Three
    queries."""
    rows = "".join(_row(url, at) for url, at in _pages())
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )
    return _kept(HttpResponse(xml, content_type="application/xml; charset=utf-8"))


@require_safe
def icon(_request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the icon of the site where it is not asked for by the page."""
    return _kept(HttpResponseRedirect(static(f"bulletin/{name}")))


def _pages() -> Iterator[tuple[str, datetime | None]]:
    bulletins: Any = archive.bulletins()
    for bulletin in bulletins:
        yield absolute_url("issues:bulletin", bulletin.slug), bulletin.latest
    issues = Issue.objects.published().values_list("bulletin__slug", "pk", "published_at")
    found = list(issues[: MAX_URLS // 10])
    for slug, pk, at in found:
        yield absolute_url("issues:issue", slug, pk), at
    articles = (
        Article.objects.standing()
        .filter(section__issue__status=Issue.Status.PUBLISHED)
        .order_by("-section__issue__published_at", "-section__issue", "pk")
        .values_list("section__issue__bulletin__slug", "section__issue", "pk")
    )
    dates = {pk: at for _slug, pk, at in found}
    for slug, issue, pk in articles[: MAX_URLS - MAX_URLS // 5].iterator():
        yield absolute_url("issues:article", slug, issue, pk), dates.get(issue)


def _row(url: str, at: datetime | None) -> str:
    changed = f"<lastmod>{at:%Y-%m-%d}</lastmod>" if at else ""
    return f"<url><loc>{escape(url)}</loc>{changed}</url>\n"


def _kept(response: HttpResponse) -> HttpResponse:
    """Let everybody keep it for an hour."""
    patch_cache_control(response, public=True, max_age=AN_HOUR)
    return response
