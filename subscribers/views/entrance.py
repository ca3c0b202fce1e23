"""Signing up, and what is left to do then."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError

from subscribers import asking, signing_up, tasks, visitors
from subscribers.addresses import Address
from subscribers.forms import SignUpForm
from subscribers.models import Bulletin, Topic

log = logging.getLogger(__name__)

SIGNED_UP = "signed_up"  # the cookie with the address that was typed
SHOWN_FOR = timedelta(hours=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; what is sent with it leads everybody to the same page, known here or not."""
    bulletin = get_object_or_404(Bulletin, slug=slug)
    data = request.POST if request.method == "POST" else None
    form = SignUpForm(bulletin, data, language=translation.get_language() or bulletin.language)
    if not form.is_valid():
        return render(request, "subscribers/sign_up.html", {"bulletin": bulletin, "form": form})
    if not visitors.may_sign_up(visitors.visitor_of(request)):
        return render(request, "subscribers/too_many.html", {"bulletin": bulletin}, status=429)
    wanted = form.cleaned_data
    if not wanted.pop("website"):
        _sign_up(bulletin, **wanted, at=timezone.now())
    return show_address(wanted["address"], on="subscribers:signed_up", bulletin=bulletin)


def _sign_up(
    bulletin: Bulletin, *, address: Address, topics: Iterable[Topic], language: str, at: datetime
) -> None:
    subscriber = signing_up.sign_up(
        bulletin, address=address, topics=topics, language=language, at=at
    )
    if asking.want(subscriber.pk, at=at):
        transaction.on_commit(partial(ring, subscriber.pk))


def show_address(address: Address, *, on: str, bulletin: Bulletin) -> HttpResponse:
    """On to the page of `bulletin` that names `address`: it is kept in the visitor's own browser,
    for that page alone, so that it stands in no URL and in no log."""
    where = reverse(on, args=[bulletin.slug])
    answer = redirect(where)
    answer.set_cookie(
        SIGNED_UP,
        signing.dumps(address.text, salt=SIGNED_UP),
        max_age=SHOWN_FOR,
        path=where,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def address_shown(request: HttpRequest) -> str | None:
    """The address that the page is to name; None where there is none, or no longer."""
    kept = request.COOKIES.get(SIGNED_UP, "")
    try:
        return str(signing.loads(kept, salt=SIGNED_UP, max_age=SHOWN_FOR))
    except signing.BadSignature:
        return None


@never_cache
@require_safe
def signed_up(request: HttpRequest, slug: str) -> HttpResponse:
    """What is left to do after signing up in this browser, for an hour; else the way to the
    form."""
    bulletin = get_object_or_404(Bulletin, slug=slug)
    address = address_shown(request)
    if address is None:
        return redirect("subscribers:sign_up", slug)
    context = {"bulletin": bulletin, "address": address}
    return render(request, "subscribers/signed_up.html", context)


def ring(subscriber_id: int) -> None:
    """Have the link to confirm mailed; where no worker can be told, the next sweep finds it."""
    try:
        tasks.send_confirmation.delay(subscriber_id)
    except OperationalError:
        log.warning("confirmation not queued subscriber=%s", subscriber_id)
