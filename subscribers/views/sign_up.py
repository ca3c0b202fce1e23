"""Signing up, and what is left to do then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from foundation.enqueue import enqueue_on_commit
from publications.models import Bulletin
from subscribers import confirmation_mail, sign_up_limit, signing_up, tasks
from subscribers.forms import MEANT, SignUpForm

SIGNED_UP = "signed_up"  # the cookie with what was signed up
SHOWN_FOR = timedelta(hours=1)

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@never_cache
@get_and_post
def sign_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; what is sent with it leads everybody to the same page, known here or not.

    It needs no cookie, so that pages with the form are the same for all and can be cached: whoever
    forged a visitor's request could send it themselves, too, and nobody's rights are used.
    """
    bulletin = get_object_or_404(Bulletin, slug=slug)
    data = request.POST if request.method == "POST" else None
    form = SignUpForm(bulletin, data, language=translation.get_language() or bulletin.language)
    return _taken(request, bulletin, form)


def _taken(request: HttpRequest, bulletin: Bulletin, form: SignUpForm) -> HttpResponse:
    """The page after what a form asks for was done; the form again where it is not whole, and
    429 where there are too many."""
    if not form.is_valid():
        return _form_page(request, bulletin, form)
    if too_many := refused(request, bulletin):
        return too_many
    wanted = form.cleaned_data
    if not wanted.pop("website"):
        ask_to_confirm(bulletin, wanted, at=timezone.now())
    typed = {
        "address": wanted["address"].text,
        "topics": [topic.pk for topic in wanted["topics"]],
        "language": wanted["language"],
    }
    return remember(typed, on="subscribers:signed_up", bulletin=bulletin)


def refused(request: HttpRequest, bulletin: Bulletin | None) -> HttpResponse | None:
    """The page for a visitor who asks too often, 429; None for any other."""
    limit = sign_up_limit.limit_reached(sign_up_limit.visitor_of(request))
    if not limit:
        return None
    context = {"bulletin": bulletin, "limit": limit}
    return render(request, "subscribers/too_many.html", context, status=429)


def _form_page(request: HttpRequest, bulletin: Bulletin, form: SignUpForm) -> HttpResponse:
    return render(request, "subscribers/sign_up.html", {"bulletin": bulletin, "form": form})


def ask_to_confirm(bulletin: Bulletin, wanted: dict[str, Any], *, at: datetime) -> None:
    """Write down what is asked for, and have the mail sent that asks whether it was they."""
    subscriber = signing_up.sign_up(bulletin, **wanted, at=at)
    if confirmation_mail.request(subscriber.pk, at=at):
        enqueue_on_commit(tasks.send_confirmation, subscriber.pk)


def remember(typed: dict[str, Any], *, on: str, bulletin: Bulletin | None) -> HttpResponse:
    """Lead on to the page of `bulletin`, or of the site, that names the address: what was typed is
    kept in the visitor's own browser, for that page alone, so that it stands in no URL and in no
    log."""
    where = reverse(on, args=[bulletin.slug] if bulletin else [])
    answer = redirect(where)
    answer.set_cookie(
        SIGNED_UP,
        signing.dumps(typed, salt=SIGNED_UP),
        max_age=SHOWN_FOR,
        path=where,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def remembered(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was typed before the page that names the address; None where nothing was, or too
    long ago."""
    kept = request.COOKIES.get(SIGNED_UP, "")
    try:
        return dict(signing.loads(kept, salt=SIGNED_UP, max_age=SHOWN_FOR))
    except signing.BadSignature:
        return None


@never_cache
@get_and_post
def signed_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Return what is left to do after signing up in this browser, for an hour; else the way to the
    form. POST signs up once more with what was typed, `?change` is the form filled in with it."""
    bulletin = get_object_or_404(Bulletin, slug=slug)
    typed = remembered(request)
    if typed is None:
        return redirect("subscribers:sign_up", slug)
    if request.method == "POST":
        return _again(request, bulletin, typed)
    if "change" in request.GET:
        form = SignUpForm(bulletin, language=typed["language"], typed=typed)
        return _form_page(request, bulletin, form)
    context = {"bulletin": bulletin, "address": typed["address"]}
    return render(request, "subscribers/signed_up.html", context)


def _again(request: HttpRequest, bulletin: Bulletin, typed: dict[str, Any]) -> HttpResponse:
    known = typed | {MEANT: typed["address"]}  # whose domain was asked about before
    answer = _taken(request, bulletin, SignUpForm(bulletin, known, language=typed["language"]))
    if answer.status_code == 302:
        say_that_it_is_sent_again(request)
    return answer


def say_that_it_is_sent_again(request: HttpRequest) -> None:
    """Have the next page say it, in the same words whether the mailbox may be asked or not."""
    text = _("We are sending it again, unless one has just been sent or there were three today.")
    messages.success(request, text, extra_tags="good")
