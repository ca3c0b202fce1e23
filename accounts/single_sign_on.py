"""Single sign-on, and who may come in by it: colleagues who are there by a verified address,
and new ones where a setting says so; never an administrator who was none."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import guesses
from audit_log import recording

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignOn:
    """A way in: what its button says, and where it leads."""

    name: str
    address: str


def offered(onward: str) -> list[SignOn]:
    """Return the ways in that the settings name, each of which leads on to `onward`."""
    query = f"?{urlencode({'next': onward})}" if onward else ""
    return [
        SignOn(name_of(provider), reverse("sign_on", args=[provider]) + query)
        for provider in providers()
    ]


def providers() -> list[str]:
    """Return what the settings name: "oidc", "feishu", "dingtalk"."""
    apps = settings.SOCIALACCOUNT_PROVIDERS
    named = {"oidc": "openid_connect", "feishu": "feishu", "dingtalk": "dingtalk"}
    return [provider for provider, key in named.items() if key in apps]


def name_of(provider: str) -> str:
    """Return what a way in is called."""
    names = {"feishu": _("Feishu"), "dingtalk": _("DingTalk")}
    return names.get(provider) or settings.OIDC_NAME or _("single sign-on")


class SocialAdapter(DefaultSocialAccountAdapter):
    """Decides who comes in, and writes down who did not."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find whose log-in it is. Raises ImmediateHttpResponse where it is nobody's here."""
        if sociallogin.is_existing:
            return
        provider = sociallogin.account.provider
        user = _colleague(provider, list(_addresses(sociallogin)))
        if user is None:
            _refuse(request, provider, "nobody", _("Nobody here has the address that was given."))
        else:
            sociallogin.connect(request, user)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return False: who may come is decided before."""
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Lead back to the log-in, which says that it did not work. Raises
        ImmediateHttpResponse."""
        why = type(exception).__name__ if exception else str(error)
        _refuse(request, provider.sub_id, why, _("The log-in did not work. Please try again."))


def _refuse(request: HttpRequest, provider: str, why: str, sentence: str) -> None:
    guess = guesses.at_any(request, provider)
    guesses.was_wrong(guess, user=None, by=provider, at=timezone.now())
    logger.warning("log-in failed: provider=%s why=%s", provider, why)
    messages.error(request, sentence)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("admin:login")))


def _addresses(sociallogin: Any) -> Iterator[str]:
    """Yield the addresses that the other site has verified, or that an organisation's directory
    gives its member."""
    yield from (one.email for one in sociallogin.email_addresses if one.verified)
    if sociallogin.account.provider in {"feishu", "dingtalk"}:
        data = sociallogin.account.extra_data
        given = data.get("enterprise_email") or data.get("email")
        if isinstance(given, str) and given.count("@") == 1:
            yield given


def _colleague(provider: str, addresses: list[str]) -> User | None:
    for address in addresses:
        users = list(User.objects.filter(email__iexact=address)[:2])
        if len(users) == 1 and _may(users[0], provider):
            return users[0]
        if not users and address.rpartition("@")[2].lower() in settings.SIGN_ON_DOMAINS:
            return _made(address, provider)
    return None


def _may(user: User, provider: str) -> bool:
    """Return whether this account may be joined to another site's: an administrator's by a
    verified address alone, as in a directory somebody may change their own."""
    return user.is_active and user.is_staff and not (user.is_superuser and provider != "oidc")


def _made(address: str, provider: str) -> User | None:
    """Make a colleague who may do nothing yet."""
    if User.objects.filter(username__iexact=address[:150]).exists():
        return None
    user = User.objects.create_user(address[:150], address, is_staff=True)
    recording.record(
        "colleague.made", by=None, at=timezone.now(), subject=guesses.key_of(user),
        after={"by": provider},
    )  # fmt: skip
    return user
