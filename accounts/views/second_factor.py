"""The second factor: asked for at the log-in and again, set up, renewed and taken away."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ReauthenticateView as PasswordAgain
from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.forms import EditWebAuthnForm
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import guesses, hashing, login_limit, second_factor, sessions, single_sign_on
from accounts.adapters import SecondFactorAdapter
from accounts.views.pages import InAdmin
from audit_log.recording import record_act


class CodeView(InAdmin, AuthenticateView):
    """The page between the password and the admin."""

    title = _("Second factor")
    template_name = "accounts/second_factor.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the way in, or the page again; 429 before anything is compared."""
        user = self.stage.login.user
        guess = guesses.at_code(request, user)
        if refusal := guesses.too_early(request, guess):
            return refusal
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if answer.status_code == 302:
            login_limit.was_right(guess)
        else:
            guesses.was_wrong(guess, user=user, by="second factor", at=timezone.now())
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page is filled with: a passkey is asked for only who has one."""
        kinds = Authenticator.objects.filter(user=self.stage.login.user).values_list("type")
        kinds = {kind for (kind,) in kinds}
        return {**super().get_context_data(**kwargs), "kinds": kinds}


class _Again(InAdmin):
    """A page where who is logged in proves to be themselves, before they change how they log in."""

    title = _("Is it you?")
    template_name = "accounts/again.html"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the way on, or the page again; 429 before anything is compared."""
        hashing.ensure_room()
        guess = guesses.at_code(request, request.user)
        if refusal := guesses.too_early(request, guess):
            return refusal
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        if answer.status_code == 200:
            guesses.was_wrong(guess, user=request.user, by="again", at=timezone.now())
        else:
            login_limit.was_right(guess)
        return answer


class PasswordAgainView(_Again, PasswordAgain):
    """A page that asks for the password."""


class CodeAgainView(_Again, ReauthenticateView):
    """A page that asks for a code."""


class PasskeyAgainView(_Again, ReauthenticateWebAuthnView):
    """A page that asks for a passkey."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Return the page again."""
        return self.render_to_response(self.get_context_data(form=form))


class OwnLogInView(InAdmin, IndexView):
    """The page of one's own log-in: password, second factor, recovery codes, sessions."""

    title = _("Your log-in")
    template_name = "accounts/own_log_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page is filled with."""
        user: Any = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "must": second_factor.is_required(user),
            "sessions": sessions.of(user, self.request),
            "joined": single_sign_on.joined(user),
            "current": self.request.session.session_key,
        }


class AddAppView(InAdmin, ActivateTOTPView):
    """An authenticator app is set up."""

    title = _("Set up an authenticator app")
    template_name = "accounts/add_app.html"


class RemoveAppView(InAdmin, DeactivateTOTPView):
    """The authenticator app is taken away."""

    title = _("Remove the authenticator app")
    template_name = "accounts/remove.html"


class AddPasskeyView(InAdmin, AddWebAuthnView):
    """A passkey is added."""

    title = _("Add a passkey")
    template_name = "accounts/add_passkey.html"


class RemovePasskeyView(InAdmin, RemoveWebAuthnView):
    """A passkey is taken away."""

    title = _("Remove the passkey")
    template_name = "accounts/remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Return the way back; the page again, with why, where the role asks for a factor."""
        if not SecondFactorAdapter().can_delete_authenticator(self.object):
            sentence = SecondFactorAdapter.error_messages["cannot_delete_authenticator"]
            form.add_error(None, ValidationError(sentence))
            return self.render_to_response(self.get_context_data(form=form))
        answer: HttpResponse = super().form_valid(form)
        return answer


class PasskeyNameForm(EditWebAuthnForm):
    """The name of a passkey."""

    name = forms.CharField(label=_("Name"), max_length=60)


class RenamePasskeyView(InAdmin, EditWebAuthnView):
    """A passkey gets another name."""

    title = _("Rename the passkey")
    template_name = "accounts/rename.html"
    success_url = reverse_lazy("mfa_index")

    def get_form_class(self) -> type[PasskeyNameForm]:
        """Return the form with the bounds of ours."""
        return PasskeyNameForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Return the way back, and write down that there is another name, but not which."""
        answer: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        record_act("passkey.renamed", by=user, at=timezone.now(), subject=guesses.key_of(user))
        return answer


class RecoveryCodesView(InAdmin, ViewRecoveryCodesView):
    """The recovery codes that are left."""

    title = _("Recovery codes")
    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodesView(InAdmin, GenerateRecoveryCodesView):
    """The recovery codes are made anew."""

    title = _("New recovery codes")
    template_name = "accounts/new_recovery_codes.html"
