"""Answers to what allauth asks: how its parts behave here."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import time
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from subscribers.sign_up_limit import visitor_of

logger = logging.getLogger(__name__)

UNREADABLE = "a second factor cannot be read: it was made with another SECRET_KEY"
RECENT_SECONDS = 600  # who logged in so lately is not asked for the password again

MESSAGES = {
    "socialaccount/messages/account_connected.txt": _("You can log in by it from now on."),
    "socialaccount/messages/account_connected_updated.txt": _("You can log in by it already."),
    "socialaccount/messages/account_connected_other.txt": _(
        "That account there belongs to another account here."
    ),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app was removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
    "mfa/messages/recovery_codes_generated.txt": _("There are new recovery codes. Keep them now."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Log-ins of staff alone; nobody signs up; messages in our words; no mails of allauth's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: colleagues are made by an administrator."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return what comes after the password."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """Return a refusal for who may not come in, before any factor is asked for."""
        if user.is_active and user.is_staff:
            return None
        messages.error(request, gettext("This account may not log in."))
        return HttpResponseRedirect(reverse("admin:login"))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what happened in our words; what we have none for is shown by the page itself."""
        said = message or MESSAGES.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address as PROXIES says; of IPv6 the network of a household."""
        return visitor_of(request).partition("/")[0].replace("unknown", "0.0.0.0")  # noqa: S104

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Return whether the password or a factor is to be given again: not by who just did, or
        has neither, as those who come by single sign-on."""
        request = context.request
        if not get_reauthentication_flows(request.user):
            return False
        records = get_authentication_records(request, request.user)
        return not records or time.time() - records[-1]["at"] > RECENT_SECONDS

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return by what somebody can prove to be themselves, in our words."""
        words = {
            "reauthenticate": gettext("By the password"),
            "mfa_reauthenticate": gettext("By a code"),
            "mfa_reauthenticate:webauthn": gettext("By a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets encrypted by SECRET_KEY, and our words."""

    error_messages: ClassVar[dict[str, Any]] = {
        "add_email_blocked": "",
        "cannot_delete_authenticator": _(
            "Your role asks for a second factor, and this is the last one. Add another one first."
        ),
        "cannot_generate_recovery_codes": _(
            "Recovery codes stand in for a second factor. Set up one first."
        ),
        "incorrect_code": _("This code is not right, or has been used. Please take a new one."),
        "unverified_email": "",
    }

    def get_totp_issuer(self) -> str:
        """Return what the app lists the code under."""
        return f"{gettext('Bulletin')} {context.request.get_host()}"

    def get_totp_label(self, user: Any) -> str:
        """Return whose code the app lists."""
        return str(user.get_username())

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept in the database."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was kept, with the newest key or a former one; with none of them
        something that nobody can guess, so that no code is right."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error(UNREADABLE)  # noqa: TRY400 - the traceback says nothing more
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether its owner may be without it."""
        if not second_factor.is_required(authenticator.user):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id)
        kept = others.filter(type__in=second_factor.FACTORS).exclude(pk=authenticator.pk)
        return bool(kept.exists())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return the name that is proposed for a passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}


def _fernet() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    hashed = (hashlib.blake2b(str(key).encode(), person=b"second factor").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key[:32])) for key in hashed])
