"""A form of an editor that could not be taken, since its session had ended or its token is of an
earlier one: what was written in it is shown again, to be saved by whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.csrf import csrf_failure

from backoffice.issue_pages.block_editor import answers, editors
from issues.editing.document import Gone

ROUTES = ("issues_issue_act", "issues_issue_keep")
View = Callable[..., HttpResponse]


def returning_words(view: View) -> View:
    """Return a view of the admin that shows the form of an editor again to whom it would send to
    the log-in: that leads on to a page, never to what was sent to it."""

    def returned(request: HttpRequest, pk: int) -> HttpResponse:
        again = None if admin.site.has_permission(request) else _shown_again(request, pk)
        return again or view(request, pk=pk)

    return returned


def forged_or_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page of a request whose token is not the browser's: after a log-in in another
    window that of each earlier page is not. A form is shown again only where the browser says that
    it comes from a page of this site, which it lets no other page say (Fetch, 3.2)."""
    route = request.resolver_match
    if route and route.url_name in ROUTES and _comes_from_here(request):
        again = _shown_again(request, int(route.kwargs["pk"]))
        if again:
            return again
    return csrf_failure(request, reason)


def _comes_from_here(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _shown_again(request: HttpRequest, pk: int) -> HttpResponse | None:
    """Return the page with the form that was sent; None where none was, or by the page's script,
    which has the words."""
    if request.method != "POST" or answers.is_script(request):
        return None
    try:
        editor = editors.of_form(pk, request.POST)
    except Gone:
        return None
    context = {
        **admin.site.each_context(request),
        "editor": editor,
        "logged_in": admin.site.has_permission(request),
    }
    template = "admin/issues/block_editor/unsaved.html"
    return render(request, template, context, status=HTTPStatus.FORBIDDEN)
