"""The preferences, which a signed link lets readers choose without a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from publications.models import Topic
from subscribers import links, signing_up, suppressions, undoing
from subscribers import preferences as choices
from subscribers.forms import PreferencesForm
from subscribers.links import Purpose
from subscribers.models import SignUpRequest, Subscriber, Suppression

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
            _speak(request, reader)
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
        case links.ExpiredLink() | links.OldLink():
            _speak(request, bad.reader)
            page = "expired" if isinstance(bad, links.ExpiredLink) else "old"
            context = {"bulletin": bad.reader.bulletin, "purpose": purpose}
            return render(request, f"subscribers/{page}_link.html", context, status=410)
        case links.GoneLink():
            return render(request, "subscribers/gone.html", status=410)
        case _:
            return render(request, "subscribers/bad_link.html", status=403)


def _speak(request: HttpRequest, reader: Subscriber | SignUpRequest) -> None:
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(reader.language)


def _why_no_mail(reader: Subscriber, *, at: datetime) -> dict[str, object]:
    """Return what keeps mail from a confirmed reader at `at`, for `subscribers/_why_no_mail.html`:
    each reason, where there are two. One query."""
    held = Suppression.objects.current().filter(address_key=reader.address_key)
    return {"paused": reader.is_paused(at=at), "suppression": held.first()}


def say(request: HttpRequest, words: str) -> None:
    """Have it said above the next page that something was done."""
    messages.success(request, words, extra_tags="good")


def show(request: HttpRequest, page: str, reader: Subscriber, **more: object) -> HttpResponse:
    context = {"bulletin": reader.bulletin, "reader": reader, **more}
    return render(request, f"subscribers/{page}.html", context)


@signed(Purpose.CONFIRM)
def confirm(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET, because programs that check mail for bad links open them; act on POST."""
    if request.method == "POST":
        signing_up.confirm(reader.pk, at=timezone.now())
        return redirect(request.path)
    pending = SignUpRequest.objects.pending(reader)
    if pending:
        _speak(request, pending)
    return show(
        request,
        "confirm",
        reader,
        pending=pending,
        topics=pending.topics.all() if pending else _followed(reader),
        preferences=links.link(reader, Purpose.PREFERENCES) if reader.is_reading else "",
        **_why_no_mail(reader, at=timezone.now()),
    )


def _followed(reader: Subscriber) -> list[Topic]:
    current = reader.subscriptions.current().select_related("topic")
    return [follows.topic for follows in current]


@signed(Purpose.CONFIRM)
def not_me(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET whether the address is to be asked no more; see to that on POST."""
    if request.method == "POST":
        suppressions.refuse_confirmations(reader.address_key, at=timezone.now())
        return redirect(request.path)
    held = Suppression.objects.unlifted().filter(
        address_key=reader.address_key, confirmations_only=True
    )
    pending = SignUpRequest.objects.pending(reader)
    if pending:
        _speak(request, pending)
    return show(request, "not_me", reader, refused=held.exists())


@signed(Purpose.PREFERENCES)
def preferences(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Topics and language; a pause and its end; coming back. POST says which in `do`."""
    form = PreferencesForm(reader, request.POST if request.POST.get("do") == "choose" else None)
    if request.method == "POST":
        if done := _act(request, reader, form):
            say(request, done)
        if not form.errors:
            return redirect(request.path)
    return show(
        request,
        "preferences",
        reader,
        form=form,
        **_why_no_mail(reader, at=timezone.now()),
        leave=links.link(reader, Purpose.LEAVE),
    )


def _act(request: HttpRequest, reader: Subscriber, form: PreferencesForm) -> str:
    """Do what `do` says, and say so in the language of the page that follows; "" when nothing
    changed."""
    now = timezone.now()
    match request.POST.get("do", ""):
        case "choose" if form.is_valid() and choices.choose(reader, **form.cleaned_data, at=now):
            reader.language = form.cleaned_data["language"]
            _speak(request, reader)
            return _("Your choices are saved.")
        case "pause" if choices.pause(reader.pk, at=now):
            return _("You will get no mail for a month.")
        case "resume" if choices.resume(reader.pk):
            return _("The pause is over.")
        case "come back" if _come_back(reader, at=now):
            return _("Welcome back. You follow the same topics as before.")
    return ""


def _come_back(reader: Subscriber, *, at: datetime) -> bool:
    left_at = reader.unsubscribed_at
    return left_at is not None and undoing.undo_leaving(reader.pk, left_at=left_at, at=at)


@signed(Purpose.PAUSE)
def pause(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET; on POST pause, or end the pause when `do` says so: then the page that follows
    (`?ended`) says that, and does not ask again."""
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "resume":
            choices.resume(reader.pk)
            return redirect(f"{request.path}?ended")
        choices.pause(reader.pk, at=now)
        return redirect(request.path)
    ended = "ended" in request.GET
    return show(request, "pause", reader, ended=ended, **_why_no_mail(reader, at=now))
