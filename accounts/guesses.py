"""A try to come in: by which account, from where, on which device; and what became of it, in the
log and in the log of who did what, by keys."""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
import unicodedata
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import salted_hmac

from accounts import login_limit
from accounts.login_limit import Guess
from audit_log.recording import record_act
from subscribers.sign_up_limit import visitor_of

logger = logging.getLogger(__name__)

COOKIE = "device"
KNOWN_FOR = 365 * 24 * 3600  # seconds


def at_password(request: HttpRequest, name: str) -> Guess:
    """Return a guess at the password of whom somebody calls `name`."""
    return _guess(request, _account(name))


def at_code(request: HttpRequest, user: User) -> Guess:
    """Return a guess at a code of the second factor of `user`."""
    return _guess(request, key_of(user), kind="code")


def at_any(request: HttpRequest, kind: str) -> Guess:
    """Return a try by a way of which the account is known only afterwards: counted by network."""
    network = login_limit.network_of(visitor_of(request))
    return Guess(f"{kind} from {network}", network, kind=kind)


def key_of(user: User) -> str:
    """Return what the log calls a user."""
    return f"user={user.pk}"


def _guess(request: HttpRequest, account: str, *, kind: str = "") -> Guess:
    network = login_limit.network_of(visitor_of(request))
    return Guess(account, network, device=_device(request, account), kind=kind)


def _account(typed: str) -> str:
    """Return what the log calls an account: its key, or a keyed hash of a name that nobody has,
    because people type their password there, too."""
    name = unicodedata.normalize("NFKC", typed)[:150].strip()  # as the form reads it
    user = get_user_model().objects.filter(username=name).first()
    digest = salted_hmac("log-in", name, algorithm="sha256").hexdigest()
    return key_of(user) if user else f"name={digest[:12]}"


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="known-device")


def _device(request: HttpRequest, account: str) -> str:
    """The name of the device, if this account's owner has logged in on it."""
    try:
        signed = _signer().unsign(request.COOKIES.get(COOKIE, ""), max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""
    owner, _, device = signed.partition(" ")
    return device if owner == account else ""


def remember(response: HttpResponse, guess: Guess) -> None:
    """Have the device known for a year as one on which the account's owner has logged in."""
    device = guess.device or secrets.token_hex(8)
    response.set_cookie(
        COOKIE,
        _signer().sign(f"{guess.account} {device}"),
        max_age=KNOWN_FOR,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def log(became: str, guess: Guess, *, by: str = "") -> None:
    """Write a line of the log: what became of a guess, and by what somebody tried to come in."""
    level = logging.WARNING if became in {"failed", "refused"} else logging.INFO
    device = hashlib.sha256(guess.device.encode()).hexdigest()[:8] if guess.device else "new"
    logger.log(
        level,
        "log-in %s: %s network=%s device=%s%s",
        became,
        guess.account,
        guess.network,
        device,
        f" by={by or guess.kind}" if by or guess.kind else "",
    )


def was_wrong(guess: Guess, *, user: User | None, by: str, at: datetime) -> None:
    """Count a wrong guess, and write it down; who did what has it where there is such a user, so
    that nobody fills that log with names."""
    login_limit.was_wrong(guess)
    log("failed", guess)
    if user is not None:
        record_act("login.failed", by=None, at=at, subject=key_of(user), after={"by": by})


def was_at_password_wrong(guess: Guess, *, at: datetime) -> None:
    """Count a wrong guess at a password, as `was_wrong` does."""
    _, known, key = guess.account.partition("user=")
    user = get_user_model().objects.filter(pk=int(key)).first() if known else None
    was_wrong(guess, user=user, by="password", at=at)


def too_early(request: HttpRequest, guess: Guess) -> HttpResponse | None:
    """Return the page that says how long to wait, with 429, or None when this may be tried."""
    seconds = login_limit.wait(guess)
    if not seconds:
        return None
    log("refused", guess)
    return too_many(request, seconds=seconds)


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Return the page that says how long to wait."""
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "minutes": math.ceil(seconds / 60),
    }
    return TemplateResponse(
        request,
        "admin/too_many_guesses.html",
        context,
        status=429,
        headers={"Retry-After": str(seconds)},
    )
