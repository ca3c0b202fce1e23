"""The log-in page of the admin: wrong guesses are slowed down, and every try is in the log."""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
import unicodedata

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from bulletin_site import login_limit
from bulletin_site.login_limit import Guess
from subscribers.sign_up_limit import visitor_of

logger = logging.getLogger(__name__)

COOKIE = "device"
KNOWN_FOR = 365 * 24 * 3600  # seconds


@sensitive_post_parameters()
@never_cache
@csrf_protect
def page(request: HttpRequest) -> HttpResponse:
    """Django's page; 429 with the time to wait, before anything is compared, where somebody
    guesses too often."""
    if request.method != "POST":
        return admin.site.login(request)
    guess = _guess(request)
    seconds = login_limit.wait(guess)
    if seconds:
        _log("refused", guess)
        return _too_many(request, seconds=seconds)
    response = admin.site.login(request)
    if response.status_code != 302:
        login_limit.was_wrong(guess)
        _log("failed", guess)
        return response
    login_limit.was_right(guess)
    _log("ok", guess)
    _remember(response, guess)
    return response


def _guess(request: HttpRequest) -> Guess:
    account = _account(request.POST.get("username", ""))
    network = login_limit.network_of(visitor_of(request))
    return Guess(account, network, device=_device(request, account))


def _account(typed: str) -> str:
    """Return what the log calls an account: its key, or a keyed hash of a name that nobody has,
    because people type their password there, too."""
    name = unicodedata.normalize("NFKC", typed)[:150].strip()  # as the form reads it
    user = get_user_model().objects.filter(username=name).values_list("pk", flat=True).first()
    digest = salted_hmac("log-in", name, algorithm="sha256").hexdigest()
    return f"user={user}" if user else f"name={digest[:12]}"


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


def _remember(response: HttpResponse, guess: Guess) -> None:
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


def _log(became: str, guess: Guess) -> None:
    level = logging.INFO if became == "ok" else logging.WARNING
    device = hashlib.sha256(guess.device.encode()).hexdigest()[:8] if guess.device else "new"
    logger.log(
        level, "log-in %s: %s network=%s device=%s", became, guess.account, guess.network, device
    )


def _too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "minutes": math.ceil(seconds / 60)}
    return TemplateResponse(
        request,
        "admin/too_many_guesses.html",
        context,
        status=429,
        headers={"Retry-After": str(seconds)},
    )
