"""What a signed link lets readers do without a password."""

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
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from subscribers import leaving, links, preferring, signing_up
from subscribers.forms import PreferencesForm
from subscribers.links import Purpose
from subscribers.models import Subscriber, Suppression, Topic
from subscribers.models.subscription import Ending

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


def _speak(request: HttpRequest, reader: Subscriber) -> None:
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(reader.language)


def _silence(reader: Subscriber, *, at: datetime) -> dict[str, object]:
    """What keeps mail from a confirmed reader at `at`, for `subscribers/_silence.html`. One
    query."""
    held = Suppression.objects.current().filter(address_key=reader.address_key)
    paused = reader.paused_until is not None and reader.paused_until > at
    return {"paused": paused, "suppression": held.first()}


def _say(request: HttpRequest, words: str) -> None:
    """Have it said above the next page that something was done."""
    messages.success(request, words, extra_tags="good")


def _show(request: HttpRequest, page: str, reader: Subscriber, **more: object) -> HttpResponse:
    context = {"bulletin": reader.bulletin, "reader": reader, **more}
    return render(request, f"subscribers/{page}.html", context)


@signed(Purpose.CONFIRM)
def confirm(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """GET asks, because programs that check mail for bad links open them; POST acts."""
    if request.method == "POST":
        signing_up.confirm(reader.pk, at=timezone.now())
        return redirect(request.path)
    topics = [follows.topic for follows in reader.subscriptions.current().select_related("topic")]
    return _show(
        request,
        "confirm",
        reader,
        topics=topics,
        preferences=links.link(reader, Purpose.PREFERENCES) if reader.confirmed_at else "",
        **_silence(reader, at=timezone.now()),
    )


@signed(Purpose.PREFERENCES)
def preferences(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Topics and language; a pause and its end; coming back. POST says which in `do`."""
    form = PreferencesForm(reader, request.POST if request.POST.get("do") == "choose" else None)
    if request.method == "POST":
        if done := _act(request, reader, form):
            _say(request, done)
        if not form.errors:
            return redirect(request.path)
    return _show(
        request,
        "preferences",
        reader,
        form=form,
        **_silence(reader, at=timezone.now()),
        leave=links.link(reader, Purpose.LEAVE),
    )


def _act(request: HttpRequest, reader: Subscriber, form: PreferencesForm) -> str:
    """Do what `do` says, and say so in the language of the page that follows; "" when nothing
    changed."""
    now = timezone.now()
    match request.POST.get("do", ""):
        case "choose" if form.is_valid() and preferring.choose(reader, **form.cleaned_data, at=now):
            reader.language = form.cleaned_data["language"]
            _speak(request, reader)
            return _("Your choices are saved.")
        case "pause" if preferring.pause(reader.pk, at=now):
            return _("You will get no mail for a month.")
        case "resume" if preferring.resume(reader.pk):
            return _("The pause is over.")
        case "come back" if preferring.come_back(reader, at=now):
            return _("Welcome back. You follow the same topics as before.")
    return ""


@signed(Purpose.PAUSE)
def pause(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """GET asks, POST pauses, or ends the pause when `do` says so: then the page that follows
    (`?ended`) says that, and does not ask again."""
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "resume":
            preferring.resume(reader.pk)
            return redirect(f"{request.path}?ended")
        preferring.pause(reader.pk, at=now)
        return redirect(request.path)
    ended = "ended" in request.GET
    return _show(request, "pause", reader, ended=ended, **_silence(reader, at=now))


@signed(Purpose.STOP)
def stop(request: HttpRequest, reader: Subscriber, topic_id: int | None = None) -> HttpResponse:
    """GET asks whether to follow a topic no more, or which one; POST acts."""
    if request.method == "POST":
        _stop(request, reader)
        return redirect(request.path)
    current = reader.subscriptions.current().select_related("topic")
    followed = [follows.topic for follows in current.order_by("topic__position", "topic")]
    asked = [topic for topic in followed if topic_id in {None, topic.pk}]
    return _show(
        request,
        "stop",
        reader,
        asked=asked,
        preferences=links.link(reader, Purpose.PREFERENCES),
    )


def _stop(request: HttpRequest, reader: Subscriber) -> None:
    wanted = request.POST.get("topic", "")
    if not wanted.isdecimal():
        return
    if preferring.stop(reader.pk, topic_id=int(wanted), at=timezone.now()):
        section = Topic.objects.get(pk=wanted)
        _say(request, _("You get no more of “%(section)s”.") % {"section": section})


@csrf_exempt
@signed(Purpose.LEAVE)
def leave(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """GET asks, POST acts and never redirects. A mail program's one click (RFC 8058) comes
    without cookies and gets a line of plain text; its token is all the authority it needs."""
    if request.method != "POST":
        return _show(request, "leave", reader)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    ending = Ending.ONE_CLICK if one_click else Ending.LEFT
    leaving.unsubscribe(reader.pk, at=timezone.now(), ending=ending)
    if one_click:
        return HttpResponse(_("You have left this bulletin."), content_type="text/plain")
    reader.refresh_from_db(fields=["unsubscribed_at"])
    return _show(request, "leave", reader)
