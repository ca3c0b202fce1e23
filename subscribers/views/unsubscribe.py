"""Unsubscribing, what to do instead, why, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from foundation.enqueue import enqueue_on_commit
from publications.models import Bulletin
from subscribers import links, staying, tasks, undoing, unsubscribe_reasons, unsubscribing
from subscribers.forms import ReasonForm
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from subscribers.staying import Instead
from subscribers.views.signed_pages import show, signed
from subscribers.views.undo import FIELD, act_in, leaving_of

CHOOSE = "choose"  # to follow fewer topics instead
REASON = "reason"


@csrf_exempt
@signed(Purpose.LEAVE)
def leave(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET; on POST act, and never redirect. A mail program's one click (RFC 8058) comes
    without cookies and gets a line of plain text; its token is all the authority it needs.

    Who has left can leave the other bulletins of the same mailbox there, say why, undo it for a
    while, or get fewer emails instead, as can who has not pressed yet (`do`).
    """
    now = timezone.now()
    if request.method != "POST":
        return _leave_page(request, reader, at=now)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    if not one_click and (answer := _instead(request, reader, at=now)):
        return answer
    _unsubscribe(reader, at=now, reason=EndReason.ONE_CLICK if one_click else EndReason.LEFT)
    if one_click:
        return HttpResponse(_("You have unsubscribed."), content_type="text/plain")
    return _leave_page(request, reader, at=now, undo=leaving_of(reader, at=now))


def _instead(request: HttpRequest, reader: Subscriber, *, at: datetime) -> HttpResponse | None:
    """Do what else was pressed on the page. Returns None for the button that unsubscribes."""
    if FIELD in request.POST:
        return _undo(request, reader, at=at)
    if "bulletin" in request.POST:
        return _leave_other(request, reader, at=at)
    do = request.POST.get("do", "")
    if do == REASON:
        return _leave_page(request, reader, at=at, **_given(request, reader, at=at))
    if do in {*Instead, CHOOSE}:
        if not reader.is_reading:
            return _leave_page(request, reader, at=at, too_late=True)
        return _stay(request, reader, do, at=at)
    return None


def _stay(request: HttpRequest, reader: Subscriber, do: str, *, at: datetime) -> HttpResponse:
    """The page for a reader who stays, after what they chose was done."""
    opened_with = str(_token(request))
    if do == CHOOSE:
        return redirect(links.same_token(opened_with, Purpose.PREFERENCES))
    if do in set(Instead):
        staying.stay(reader, Instead(do), at=at)
    return _stays(request, reader, did=do)


def _stays(request: HttpRequest, reader: Subscriber, *, did: str = "") -> HttpResponse:
    paused = reader.is_paused(at=timezone.now())
    return show(request, "stays", reader, did=did, paused=paused, token=_token(request))


def _token(request: HttpRequest) -> object:
    """The token of the page, which its links carry on."""
    return request.resolver_match.kwargs["token"] if request.resolver_match else ""


def _unsubscribe(reader: Subscriber, *, at: datetime, reason: EndReason) -> None:
    if unsubscribing.unsubscribe(reader.pk, at=at, reason=reason):
        enqueue_on_commit(tasks.send_goodbye, reader.pk)
    reader.refresh_from_db(fields=["unsubscribed_at"])


def _leave_page(
    request: HttpRequest, reader: Subscriber, *, at: datetime, **more: object
) -> HttpResponse:
    others = _others(reader) if reader.unsubscribed_at else ()
    context = {
        "others": others,
        "alternatives": staying.alternatives(reader, at=at),
        "token": _token(request),
    }
    return show(request, "leave", reader, **context, **({**_why(reader, at=at), **more}))


def _why(reader: Subscriber, *, at: datetime) -> dict[str, object]:
    """Return the form that asks why, for who left lately and has not said so. One query."""
    left_at = reader.unsubscribed_at
    if left_at is None or reader.confirmed_at is None or at > left_at + links.OLD:
        return {}
    return {} if unsubscribe_reasons.is_given(reader) else {"form": ReasonForm()}


def _given(request: HttpRequest, reader: Subscriber, *, at: datetime) -> dict[str, object]:
    """Write down the reason that was given. Returns what the page then says."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return {"form": form}
    said = form.cleaned_data
    given = unsubscribe_reasons.give(reader, reason=said["reason"], words=said["words"], at=at)
    return {"form": None, "thanks": given}


def _others(reader: Subscriber) -> Iterable[Bulletin]:
    return Bulletin.objects.read_at(reader.address_key).exclude(pk=reader.bulletin_id)


def _leave_other(request: HttpRequest, reader: Subscriber, *, at: datetime) -> HttpResponse:
    """Leave another bulletin that comes to the same mailbox, if that is one."""
    wanted = request.POST["bulletin"]
    same = Subscriber.objects.confirmed().filter(address_key=reader.address_key)
    found = (each for each in same.select_related("bulletin") if each.bulletin.slug == wanted)
    other = next(found, None)
    if other is None:
        return _leave_page(request, reader, at=at)
    _unsubscribe(other, at=at, reason=EndReason.LEFT)
    return _leave_page(request, reader, at=at, other=other, undo=leaving_of(other, at=at))


def _undo(request: HttpRequest, reader: Subscriber, *, at: datetime) -> HttpResponse:
    """Take back what the field names, for the reader or another subscription of the mailbox, and do
    what was chosen instead."""
    act = act_in(request.POST[FIELD])
    same = Subscriber.objects.select_related("bulletin").filter(address_key=reader.address_key)
    subscriber = same.filter(pk=act.subscriber_id).first() if act else None
    if act is None or subscriber is None:
        return _leave_page(request, reader, at=at, too_late=True)
    act.undo(at=at)
    subscriber.refresh_from_db(fields=["unsubscribed_at"])
    if not subscriber.is_reading:
        return _leave_page(request, reader, at=at, too_late=True)
    if subscriber.pk != reader.pk:
        return _stays(request, subscriber)
    return _stay(request, reader=subscriber, do=request.POST.get("do", ""), at=at)


@signed(Purpose.UNDO)
def undo(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET whether to take leaving back; do so on POST, or write down why somebody left."""
    now = timezone.now()
    why = _why(reader, at=now)
    if request.method == "POST":
        if request.POST.get("do") != REASON:
            left_at = reader.unsubscribed_at
            if left_at:
                undoing.undo_leaving(reader.pk, left_at=left_at, at=now)
            return redirect(request.path)
        why = _given(request, reader, at=now)
    if reader.is_reading:
        return _stays(request, reader)
    return show(request, "undo", reader, **why)
