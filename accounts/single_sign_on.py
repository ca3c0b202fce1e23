"""Single sign-on, and who may come in by it: colleagues who are there by a verified address, or
who joined their account while they were in, and new ones where a setting says so; never an
administrator who was none."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import guesses
from audit_log.recording import record_act

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


def joined(user: Any) -> list[tuple[str, str, bool]]:
    """Return the ways in, each with its name, and whether the account of `user` is joined to it."""
    known = {one.provider for one in SocialAccount.objects.filter(user=user)}
    return [(one, name_of(one), one in known) for one in providers()]


@dataclass(frozen=True, slots=True)
class JoinedAccount:
    """An account at another site, by which a colleague can log in."""

    pk: int
    name: str
    known_as: str
    since: datetime


def joined_accounts(user: User) -> list[JoinedAccount]:
    """Return the accounts at other sites that are joined to that of `user`, also at those that the
    settings name no more."""
    return [
        JoinedAccount(one.pk, name_of(one.provider), _known_as(one), one.date_joined)
        for one in SocialAccount.objects.filter(user=user).order_by("date_joined", "pk")
    ]


def end(user: User, pk: int, *, by: User, at: datetime) -> str:
    """Part an account at another site from that of `user`. Returns its name; "" where it is none
    of theirs."""
    account = SocialAccount.objects.filter(pk=pk, user=user).first()
    if account is None or not account.delete()[0]:
        return ""
    subject, after = guesses.key_of(user), {"by": account.provider}
    record_act("sign_on.ended", by=by, at=at, subject=subject, after=after)
    return name_of(account.provider)


def _known_as(account: SocialAccount) -> str:
    """Return the name, or else the key, by which the other site knows somebody."""
    said = account.extra_data if isinstance(account.extra_data, dict) else {}
    said = said.get("userinfo") or said.get("id_token") or said
    names = (said.get(key) for key in ("name", "nick", "preferred_username"))
    return next((name for name in names if isinstance(name, str) and name), account.uid)


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
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return  # allauth joins it to the account that is in
        user = _colleague(provider, list(_addresses(sociallogin)))
        if user is None:
            _refuse(request, provider, "nobody", _("Nobody here has the address that was given."))
        else:
            sociallogin.connect(request, user)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Return where somebody is led who joined their account to another site's."""
        return reverse("mfa_index")

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
    """Yield the addresses that the other site says it verified. Feishu and DingTalk say of none
    that it is: it is what a directory has, which members may change."""
    yield from (one.email for one in sociallogin.email_addresses if one.verified)


def _colleague(provider: str, addresses: list[str]) -> User | None:
    for address in addresses:
        users = list(User.objects.filter(email__iexact=address)[:2])
        if len(users) == 1 and users[0].is_active and users[0].is_staff:
            return users[0]
        if not users and address.rpartition("@")[2].lower() in settings.SIGN_ON_DOMAINS:
            return _made(address, provider)
    return None


def _made(address: str, provider: str) -> User | None:
    """Make a colleague who may do nothing yet."""
    if User.objects.filter(username__iexact=address[:150]).exists():
        return None
    user = User.objects.create_user(address[:150], address, is_staff=True)
    record_act(
        "colleague.made", by=None, at=timezone.now(), subject=guesses.key_of(user),
        after={"by": provider},
    )  # fmt: skip
    return user
