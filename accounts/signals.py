"""Entries that are written whenever somebody comes in, or changes how they do."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.mfa import signals as of_factors
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import guesses
from audit_log.recording import record_act


@receiver(user_logged_in, dispatch_uid="accounts.logged_in")
def _logged_in(request: HttpRequest, user: User, response: HttpResponse, **_: Any) -> None:
    """Write down that somebody is in, and by what; have the device known."""
    guess = guesses.at_password(request, user.get_username())
    by = used_by(request, user)
    guesses.log("ok", guess, by=by)
    guesses.remember(response, guess)
    after = {"by": by, "device": "known" if guess.device else "new"}
    subject = guesses.key_of(user)
    record_act("login.succeeded", by=user, at=timezone.now(), subject=subject, after=after)


def used_by(request: HttpRequest, user: User) -> str:
    """Return by what somebody came in, such as "password+totp" or "oidc"."""
    records = get_authentication_records(request, user)
    names = (one.get("type") or one.get("provider") or one["method"] for one in records)
    return "+".join(dict.fromkeys(names))


@receiver(of_factors.authenticator_added, dispatch_uid="accounts.added")
@receiver(of_factors.authenticator_reset, dispatch_uid="accounts.reset")
def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _write("second_factor.added", user, authenticator)


@receiver(of_factors.authenticator_removed, dispatch_uid="accounts.removed")
def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _write("second_factor.removed", user, authenticator)


def _write(act: str, user: User, authenticator: Authenticator) -> None:
    after = {"kind": str(authenticator.type)}
    subject = guesses.key_of(user)
    record_act(act, by=user, at=timezone.now(), subject=subject, after=after)


@receiver(social_account_added, dispatch_uid="accounts.joined")
def _joined(request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    """Write down that somebody joined their account; not that a verified address did, which is a
    log-in."""
    if sociallogin.state.get("process") == AuthProcess.CONNECT:
        record_act(
            "sign_on.joined",
            by=sociallogin.user,
            at=timezone.now(),
            subject=guesses.key_of(sociallogin.user),
            after={"by": sociallogin.account.provider},
        )
