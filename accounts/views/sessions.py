"""Sessions are ended: one's own, and by an administrator those of others."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import sessions


@require_POST
def end_own(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this."""
    user: Any = request.user
    ended = sessions.end(user, by=user, at=timezone.now(), key=_number(request), keep=_key(request))
    _say(request, ended)
    return HttpResponseRedirect(reverse("mfa_index"))


@never_cache
def of_colleague(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show where a colleague is logged in, and end it."""
    user = colleague(request, user_id)
    by: Any = request.user
    if request.method == "POST":
        keep = _key(request) if user == by else ""
        ended = sessions.end(user, by=by, at=timezone.now(), key=_number(request), keep=keep)
        _say(request, ended)
        return HttpResponseRedirect(request.path)
    context = {
        **admin.site.each_context(request),
        "title": _("Where %(name)s is logged in") % {"name": user.get_username()},
        "sessions": sessions.of(user, request),
        "current": _key(request),
        "colleague": user,
    }
    return TemplateResponse(request, "accounts/sessions.html", context)


def colleague(request: HttpRequest, user_id: int) -> User:
    """Return whose log-ins may be ended. Raises PermissionDenied, and Http404."""
    user = get_object_or_404(User, pk=user_id)
    if not admin.site.get_model_admin(User).has_change_permission(request, user):
        raise PermissionDenied
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    return user


def _number(request: HttpRequest) -> int | None:
    typed = request.POST.get("session", "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else None


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _say(request: HttpRequest, number: int) -> None:
    words = ngettext("%(number)d session ended.", "%(number)d sessions ended.", number)
    messages.success(request, words % {"number": number})
