"""The page that answers in which issue something stood."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from issues import search
from issues.search import MAX_HITS, MAX_LENGTH
from publications import rights

__all__ = ["MAX_LENGTH", "search_view"]


def search_view(request: HttpRequest) -> HttpResponse:
    """Show the articles in which the words of `?q=…` stand."""
    if not request.user.has_perm("issues.view_issue"):
        raise PermissionDenied
    query = request.GET.get("q", "").strip()[:MAX_LENGTH]
    context = {
        **admin.site.each_context(request),
        "title": _("Search all articles"),
        "query": query,
        "found": search.find(query, within=rights.where(request.user, "issues.view_issue")),
        "most": MAX_HITS,
        "may_open": request.user.has_perm("issues.view_article")
        or request.user.has_perm("issues.change_article"),
    }
    return render(request, "admin/search.html", context)
