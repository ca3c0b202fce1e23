"""Forms of the door: a code is good once, for all processes together."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy


def take(authenticator: Authenticator, code: str) -> bool:
    """Have a code of an app count as used. Returns False for one that was, or is older than that
    (RFC 6238, 5.2); allauth remembers it for one process alone."""
    step = _step(authenticator, code)
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        if step <= row.data.get("step", 0):
            return False
        row.data["step"] = step
        row.save(update_fields=["data"])
    return True


def _step(authenticator: Authenticator, code: str) -> int:
    secret = get_adapter().decrypt(authenticator.data["secret"])
    plain = normalize_user_code(code)
    found = (
        step
        for step in auth.yield_hotp_counters_from_time()
        if str(auth.hotp_value(secret, step)).zfill(app_settings.TOTP_DIGITS) == plain
    )
    return next(found, 0)


class _Once:
    """A form of a code, mixed into allauth's."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError for one that is wrong, or was used."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            if not take(self.authenticator, code):
                raise get_adapter().validation_error("incorrect_code")
            self.authenticator.refresh_from_db()
        return code


class CodeForm(_Once, AuthenticateForm):
    """A code at the log-in."""


class CodeAgainForm(_Once, ReauthenticateForm):
    """A code of who is logged in."""


class PasswordAgainForm(forms.Form):
    """The password of who is logged in."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Return the password. Raises ValidationError for a wrong one."""
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(gettext("This password is not right."))
        return password


class AddressForm(forms.Form):
    """The address to which a link to set a password is to be mailed."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
