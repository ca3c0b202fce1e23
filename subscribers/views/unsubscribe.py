"""Leaving, stopping a section, and taking either back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from foundation.enqueue import enqueue_on_commit
from publications.models import Bulletin, Topic
from subscribers import links, preferences, tasks, undoing, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from subscribers.views.preferences import say, show, signed
from subscribers.views.undo import FIELD, Act, act_in, leaving_of


@csrf_exempt
@signed(Purpose.LEAVE)
def leave(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET; on POST act, and never redirect. A mail program's one click (RFC 8058) comes
    without cookies and gets a line of plain text; its token is all the authority it needs.

    Who has left can leave the other bulletins of the same mailbox there, and undo it for a while.
    """
    now = timezone.now()
    if request.method != "POST":
        return _leave_page(request, reader)
    if FIELD in request.POST:
        return _undo(request, reader, at=now)
    if "bulletin" in request.POST:
        return _leave_other(request, reader, at=now)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    _unsubscribe(reader, at=now, reason=EndReason.ONE_CLICK if one_click else EndReason.LEFT)
    if one_click:
        return HttpResponse(_("You have left this bulletin."), content_type="text/plain")
    return _leave_page(request, reader, undo=leaving_of(reader, at=now))


def _unsubscribe(reader: Subscriber, *, at: datetime, reason: EndReason) -> None:
    if unsubscribing.unsubscribe(reader.pk, at=at, reason=reason):
        enqueue_on_commit(tasks.send_goodbye, reader.pk)
    reader.refresh_from_db(fields=["unsubscribed_at"])


def _leave_page(request: HttpRequest, reader: Subscriber, **more: object) -> HttpResponse:
    others = _others(reader) if reader.unsubscribed_at else ()
    return show(request, "leave", reader, others=others, **more)


def _others(reader: Subscriber) -> Iterable[Bulletin]:
    return Bulletin.objects.read_at(reader.address_key).exclude(pk=reader.bulletin_id)


def _leave_other(request: HttpRequest, reader: Subscriber, *, at: datetime) -> HttpResponse:
    """Leave another bulletin that comes to the same mailbox, if that is one."""
    wanted = request.POST["bulletin"]
    same = Subscriber.objects.confirmed().filter(address_key=reader.address_key)
    found = (each for each in same.select_related("bulletin") if each.bulletin.slug == wanted)
    other = next(found, None)
    if other is None:
        return _leave_page(request, reader)
    _unsubscribe(other, at=at, reason=EndReason.LEFT)
    return _leave_page(request, reader, other=other, undo=leaving_of(other, at=at))


def _undo(request: HttpRequest, reader: Subscriber, *, at: datetime) -> HttpResponse:
    """Take back what the field names, for the reader or another subscription of the mailbox."""
    act = act_in(request.POST[FIELD])
    same = Subscriber.objects.select_related("bulletin").filter(address_key=reader.address_key)
    subscriber = same.filter(pk=act.subscriber_id).first() if act else None
    if act is None or subscriber is None:
        return _leave_page(request, reader, too_late=True)
    act.undo(at=at)
    subscriber.refresh_from_db(fields=["unsubscribed_at"])
    if not subscriber.is_reading:
        return _leave_page(request, reader, too_late=True)
    return _undone(request, subscriber)


def _undone(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    current = reader.subscriptions.current().select_related("topic")
    topics = [follows.topic for follows in current.order_by("topic__position", "topic")]
    return show(request, "undo", reader, topics=topics)


@signed(Purpose.UNDO)
def undo(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET whether to take leaving back; do so on POST."""
    if request.method == "POST":
        left_at = reader.unsubscribed_at
        if left_at and undoing.undo_leaving(reader.pk, left_at=left_at, at=timezone.now()):
            say(request, _("It is undone: you follow the same topics as before."))
        return redirect(request.path)
    if reader.is_reading:
        return _undone(request, reader)
    ended = reader.subscriptions.filter(ended_at=reader.unsubscribed_at).select_related("topic")
    topics = [followed.topic for followed in ended.order_by("topic__position", "topic")]
    return show(request, "undo", reader, topics=topics)


@signed(Purpose.STOP)
def stop(request: HttpRequest, reader: Subscriber, topic_id: int | None = None) -> HttpResponse:
    """Ask on GET whether to follow a topic no more, or which one; on POST act, or take it back."""
    now = timezone.now()
    undo_field = stopped = again = None
    if FIELD in request.POST:
        again = _follow_again(request, reader, at=now)
    elif request.method == "POST":
        stopped = _stop(request, reader, at=now)
        undo_field = Act(reader.pk, stopped.pk, now).field(at=now) if stopped else None
    current = reader.subscriptions.current().select_related("topic")
    followed = [follows.topic for follows in current.order_by("topic__position", "topic")]
    topic = again or stopped or _topic(reader, topic_id)
    return show(
        request,
        "stop",
        reader,
        topic=topic,
        section=topic.as_printed(request.GET.get("title", "")) if topic else "",
        asked=[each for each in followed if topic in {None, each}],
        undo=undo_field,
        again=again,
        keyword_alerts=reader.keyword_alerts.exists(),
        preferences=links.link(reader, Purpose.PREFERENCES),
    )


def _topic(reader: Subscriber, topic_id: int | None) -> Topic | None:
    if topic_id is None:
        return None
    return Topic.objects.filter(bulletin=reader.bulletin_id, pk=topic_id).first()


def _stop(request: HttpRequest, reader: Subscriber, *, at: datetime) -> Topic | None:
    wanted = request.POST.get("topic", "")
    topic = _topic(reader, int(wanted)) if wanted.isdecimal() and len(wanted) < 20 else None
    if topic and preferences.stop(reader.pk, topic_id=topic.pk, at=at):
        return topic
    return None


def _follow_again(request: HttpRequest, reader: Subscriber, *, at: datetime) -> Topic | None:
    """The topic that is followed again; None when it is too late for that."""
    act = act_in(request.POST[FIELD])
    if act is None or act.subscriber_id != reader.pk or not act.topic_id:
        return None
    act.undo(at=at)
    followed = reader.subscriptions.current().filter(topic=act.topic_id)
    return Topic.objects.filter(pk=act.topic_id).first() if followed.exists() else None
