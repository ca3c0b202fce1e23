"""The way to another site that may know the colleague, and back."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from accounts import guesses, login_limit, single_sign_on
from accounts.views import sessions
from subscribers.sign_up_limit import visitor_of


@require_GET
@never_cache
def sign_on(request: HttpRequest, provider: str) -> HttpResponse:
    """Lead to the other site; what else stands in the address changes nothing of the question."""
    asked = _provider(request, provider)
    if seconds := login_limit.wait_to_start(visitor_of(request)):
        return guesses.too_many(request, seconds=seconds)
    onward = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    try:
        answer: HttpResponse = asked.redirect(
            request, AuthProcess.LOGIN, next_url=onward if safe else None
        )
    except RequestException as error:
        return _failed(request, asked, error)
    return answer


@require_POST
@never_cache
def join(request: HttpRequest, provider: str) -> HttpResponse:
    """Lead who is in to the other site, to join their account there to the one here."""
    asked = _provider(request, provider)
    try:
        answer: HttpResponse = asked.redirect(request, AuthProcess.CONNECT)
    except RequestException as error:
        return _failed(request, asked, error)
    return answer


@require_POST
def end_of_colleague(request: HttpRequest, user_id: int, pk: int) -> HttpResponse:
    """Part the account of a colleague from one at another site."""
    user = sessions.colleague(request, user_id)
    by: Any = request.user
    if ended := single_sign_on.end(user, pk, by=by, at=timezone.now()):
        words = _("%(colleague)s can log in by %(name)s no more.")
        messages.success(request, words % {"colleague": user.get_username(), "name": ended})
    return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))


@require_GET
@never_cache
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Take up who comes back from the other site."""
    asked = _provider(request, provider)
    guess = guesses.at_any(request, provider)
    if refusal := guesses.too_early(request, guess):
        return refusal
    adapter = asked.get_oauth2_adapter(request)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # not what is documented
        return _failed(request, asked, error)
    if answer.get("Location") != reverse("admin:login"):
        login_limit.was_right(guess)
    return answer


def _provider(request: HttpRequest, provider: str) -> Any:
    if provider not in single_sign_on.providers():
        raise Http404
    return get_adapter().get_provider(request, provider)


def _failed(request: HttpRequest, provider: Any, error: Exception) -> HttpResponse:
    answer: HttpResponse = render_authentication_error(request, provider, exception=error)
    return answer
