"""The log-in page of the admin: a password, a passkey, or another site that knows the colleague;
wrong guesses are slowed down, and every try is in the log."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import guesses, hashing, login_limit, single_sign_on
from accounts.views.pages import InAdmin


class LogInView(InAdmin, LoginView):
    """Django's page, behind which a second factor may be asked for."""

    title = gettext_lazy("Log in")
    template_name = "admin/login.html"
    authentication_form = AdminAuthenticationForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page; who is in is led on."""
        if admin.site.has_permission(request):
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page again, the way on, or 429 before anything is compared."""
        hashing.ensure_room()
        guess = guesses.at_password(request, request.POST.get("username", ""))
        if refusal := guesses.too_early(request, guess):
            return refusal
        answer = super().post(request, *args, **kwargs)
        if answer.status_code != 302:
            guesses.was_at_password_wrong(guess, at=timezone.now())
            return answer
        login_limit.was_right(guess)
        if not request.user.is_authenticated:
            guesses.log("half", guess, by="password")
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Return the way on: in, or to the second factor."""
        if self.request.user.is_authenticated:  # else they go on as who they were, with one factor
            logout(self.request)
        user = form.get_user()
        login = Login(user=user, email_verification="none", redirect_url=self.get_success_url())
        way_on: HttpResponse = perform_password_login(self.request, {}, login)
        return way_on

    def get_default_redirect_url(self) -> str:
        """Return where to go from here if nobody says."""
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page is filled with."""
        context = super().get_context_data(**kwargs)
        onward = context.get("next") or self.request.GET.get("next", "")
        return {
            **context,
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
            "next": onward,
            "sign_on": single_sign_on.offered(onward),
        }


class PasskeyLogInView(InAdmin, LoginWebAuthnView):
    """A log-in by a passkey alone, which asks for a finger or a PIN itself."""

    template_name = "admin/login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the way in, or back to the page; 429 where somebody tries too often."""
        guess = guesses.at_any(request, "passkey")
        if refusal := guesses.too_early(request, guess):
            return refusal
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if request.user.is_authenticated:
            login_limit.was_right(guess)
        else:
            guesses.was_wrong(guess, user=None, by="passkey", at=timezone.now())
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Return to the page, which says that it was no passkey of ours."""
        messages.error(self.request, _("This passkey is not known here. Log in by your password."))
        return HttpResponseRedirect(reverse("admin:login"))
