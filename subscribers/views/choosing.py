"""The page on which a reader manages a subscription: what they choose, a pause, and the way to all
else that is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publications.models import Bulletin
from subscribers import look_limit, mailboxes, undoing
from subscribers import preferences as choices
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.preferences_form import PauseForm, PreferencesForm
from subscribers.views.sign_up import remember
from subscribers.views.signed_pages import say, show, signed, speak, why_no_mail

WEEK = timedelta(days=7)
FILLED_IN = {"choose", "look"}  # in which the form is sent


@signed(Purpose.PREFERENCES)
def preferences(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Show and save choices; a pause and its end; coming back. POST says which in `do`."""
    do = request.POST.get("do", "")
    form = PreferencesForm(reader, request.POST if do in FILLED_IN else None)
    until = request.POST if do == "pause until" else None
    pause_form = PauseForm(reader, until, at=timezone.now())
    if bulletin := _wanted(request, do):
        return _sign_up_page(reader, bulletin)
    if do == "look":
        return _look(request, reader, form, pause_form)
    if request.method == "POST":
        if done := _act(request, reader, do, form, pause_form):
            say(request, done)
        if not (form.errors or pause_form.errors):
            return redirect(request.path)
    return _page(request, reader, form, pause_form)


def _look(
    request: HttpRequest, reader: Subscriber, form: PreferencesForm, pause_form: PauseForm
) -> HttpResponse:
    """Show the form as it is filled in, and what its phrases would have found: nothing is saved,
    and nothing said of the other fields."""
    keywords = form.keywords()
    too_often = bool(keywords) and not look_limit.may_look(reader.pk)
    page = _page(request, reader, form, pause_form, looked_for=keywords, too_often=too_often)
    page.status_code = 429 if too_often else 200
    return page


def _page(
    request: HttpRequest,
    reader: Subscriber,
    form: PreferencesForm,
    pause_form: PauseForm,
    **more: object,
) -> HttpResponse:
    token = token_in(request)
    bulletins = mailboxes.bulletins_of(reader.address_key)
    return show(
        request,
        "preferences",
        reader,
        token=token,
        form=form,
        pause_form=pause_form,
        read=[(one, mailboxes.token_of(one, beside=token)) for one in bulletins.read],
        others=[one for one in bulletins.others if one.pk != reader.bulletin_id],
        leave=reverse("subscribers:leave", args=[token]),
        **why_no_mail(reader, at=timezone.now()),
        **{"looked_for": None} | more,
    )


def token_in(request: HttpRequest) -> str:
    """Return the token by which a page was opened: its links carry the same."""
    match = request.resolver_match
    return str(match.kwargs["token"]) if match else ""


def _act(
    request: HttpRequest,
    reader: Subscriber,
    do: str,
    form: PreferencesForm,
    pause_form: PauseForm,
) -> str:
    """Do what `do` says, and say so in the language of the page that follows; "" when nothing
    changed."""
    now = timezone.now()
    match do:
        case "choose" if form.is_valid() and choices.choose(reader, **form.cleaned_data, at=now):
            reader.language = form.cleaned_data["language"]
            speak(request, reader)
            return _("Your choices are saved.")
        case "resume" if choices.resume(reader.pk, at=now):
            return _("The pause is over. If you missed anything, it comes in one email.")
        case "come back" if _come_back(reader, at=now):
            return _("Welcome back. You follow the same topics as before.")
    return _pause(reader, do, pause_form, at=now)


def _pause(reader: Subscriber, do: str, form: PauseForm, *, at: datetime) -> str:
    """Pause as `do` says, and return the words for it; "" when nothing changed."""
    match do:
        case "pause week" if choices.pause(reader.pk, at=at, lasting=WEEK):
            return _("You will get no emails for a week.")
        case "pause" if choices.pause(reader.pk, at=at):
            return _("You will get no emails for a month.")
        case "pause until" if form.is_valid():
            until = form.cleaned_data["until"]
            if choices.pause_until(reader.pk, until=until):
                return _("No emails are sent until %(day)s.") % {"day": date_format(until)}
    return ""


def _come_back(reader: Subscriber, *, at: datetime) -> bool:
    left_at = reader.unsubscribed_at
    return left_at is not None and undoing.undo_leaving(reader.pk, left_at=left_at, at=at)


def _wanted(request: HttpRequest, do: str) -> Bulletin | None:
    """Return the bulletin to which somebody wants to subscribe, too."""
    if do != "subscribe":
        return None
    slug = request.POST.get("bulletin", "").replace("\x00", "")
    return Bulletin.objects.filter(slug=slug).first()


def _sign_up_page(reader: Subscriber, bulletin: Bulletin) -> HttpResponse:
    """Lead to the sign-up form of another bulletin, which knows the address already."""
    typed = {"address": reader.address, "topics": [], "language": reader.language}
    answer = remember(typed, on="subscribers:signed_up", bulletin=bulletin)
    answer["Location"] += "?change"
    return answer
