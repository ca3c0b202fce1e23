"""Gates of every request: nobody whose role asks for a second factor works without one, and a
process hashes few passwords at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.hashing import TooManyAtOnce

# What leads to a second factor, or out.
OPEN = {
    "account_login", "account_logout", "account_reauthenticate", "jsi18n", "login", "logout",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_index", "mfa_login_webauthn",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "set_language",
}  # fmt: skip
RETRY_SECONDS = 3


class SecondFactorRequired:
    """Middleware: in the admin, who must have a second factor and has none is led to where it is
    set up; on all other pages they are a visitor like any other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request of who may work, or must not be known."""
        if self._lacks(request) and not request.path_info.startswith("/admin/"):
            request.user = AnonymousUser()
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the way to a second factor, where it lacks."""
        route = request.resolver_match
        if not request.path_info.startswith("/admin/") or not self._lacks(request):
            return None
        if route is not None and route.url_name in OPEN:
            return None
        messages.warning(request, _("Your role asks for a second factor. Set up one, then go on."))
        return HttpResponseRedirect(reverse("mfa_index"))

    @staticmethod
    def _lacks(request: HttpRequest) -> bool:
        # Who has no session is nobody, and their page must not depend on a cookie.
        if not settings.MFA_REQUIRED_FOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return False
        user = request.user
        if not user.is_authenticated or not second_factor.is_required(user):
            return False
        return not second_factor.has(user)


class HashesFewPasswords:
    """Middleware: where too many passwords wait to be hashed, the answer is 503, soon again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of whatever comes after."""
        return self._get_response(request)

    @staticmethod
    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a busy process, if that was what went wrong."""
        if not isinstance(exception, TooManyAtOnce):
            return None
        page = render(request, "accounts/busy.html", status=503)
        page["Retry-After"] = str(RETRY_SECONDS)
        return page
