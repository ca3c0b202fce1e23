"""The pages behind signed links: what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from subscribers import links
from subscribers.links import Purpose
from subscribers.models import SignUpRequest, Subscriber, Suppression
from subscribers.views.expired import expired_page

ReaderView = Callable[..., HttpResponse]  # of a request, a reader and what else the route says
TokenView = Callable[..., HttpResponse]
get_and_post = require_http_methods(["GET", "HEAD", "POST"])


def signed(purpose: Purpose) -> Callable[[ReaderView], TokenView]:
    """Turn a view of a reader into one of a token: the page is in the reader's language unless
    they switched it, and in their time zone; a bad link gets 403, one that was good once gets 410
    and does nothing."""

    def of_token(view: ReaderView) -> TokenView:
        @wraps(view)
        def page(request: HttpRequest, token: str, **more: object) -> HttpResponse:
            try:
                reader = links.reader_of(token, purpose)
            except links.BadLink as bad:
                return _refused(request, bad, purpose)
            speak(request, reader)
            with timezone.override(reader.zone):
                return view(request, reader, **more)

        return get_and_post(page)

    return of_token


def _refused(request: HttpRequest, bad: links.BadLink, purpose: Purpose) -> HttpResponse:
    """The page for a link that does nothing, and leads to where one has a fresh one mailed.

    A mail program's one click gets it, too, and no 200: RFC 8058 leaves the answer to HTTP, and
    the program would tell the reader that they have left.
    """
    match bad:
        case links.ExpiredLink():
            speak(request, bad.reader)
            return expired_page(request, bad.reader, purpose)
        case links.OldLink():
            speak(request, bad.reader)
            context = {"bulletin": bad.reader.bulletin}
            return render(request, "subscribers/old_link.html", context, status=410)
        case links.GoneLink():
            return render(request, "subscribers/gone.html", status=410)
        case _:
            return render(request, "subscribers/bad_link.html", status=403)


def speak(request: HttpRequest, reader: Subscriber | SignUpRequest) -> None:
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(reader.language)


def why_no_mail(reader: Subscriber, *, at: datetime) -> dict[str, object]:
    """Return what keeps mail from a confirmed reader at `at`, for `subscribers/why_no_mail.html`:
    each reason, where there are two. One query."""
    held = Suppression.objects.current().filter(address_key=reader.address_key)
    return {"paused": reader.is_paused(at=at), "suppression": held.first()}


def say(request: HttpRequest, words: str) -> None:
    """Have it said above the next page that something was done."""
    messages.success(request, words, extra_tags="good")


def show(request: HttpRequest, page: str, reader: Subscriber, **more: object) -> HttpResponse:
    context = {"bulletin": reader.bulletin, "reader": reader, **more}
    return render(request, f"subscribers/{page}.html", context)
