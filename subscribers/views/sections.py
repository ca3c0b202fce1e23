"""Following a topic no more, by the link beside its section in a mail, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from publications.models import Topic
from subscribers import links, preferences
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.views.expired import expired_page
from subscribers.views.signed_pages import show, signed
from subscribers.views.undo import FIELD, Act, act_in


@signed(Purpose.STOP)
def stop(request: HttpRequest, reader: Subscriber, topic_id: int | None = None) -> HttpResponse:
    """Ask on GET whether to follow a topic no more, or which one; on POST act, or take it back.

    An old link shows nothing of what is followed but the topic that it is for.
    """
    now = timezone.now()
    token = str(request.resolver_match.kwargs["token"]) if request.resolver_match else ""
    old = links.is_old(token, Purpose.STOP)
    if old and topic_id is None:
        return expired_page(request, reader, Purpose.STOP)
    undo_field = stopped = again = None
    if FIELD in request.POST:
        again = _follow_again(request, reader, at=now)
    elif request.method == "POST":
        stopped = _stop(request, reader, at=now)
        undo_field = Act(reader.pk, stopped.pk, now).field(at=now) if stopped else None
    topic = again or stopped or _topic(reader, topic_id)
    return show(
        request,
        "stop",
        reader,
        topic=topic,
        section=topic.as_printed(request.GET.get("title", "")) if topic else "",
        asked=_asked(request, reader, topic, old=old),
        undo=undo_field,
        again=again,
        keyword_alerts=not old and reader.keyword_alerts.exists(),
        preferences=links.same_token(token, Purpose.PREFERENCES),
    )


def _asked(
    request: HttpRequest, reader: Subscriber, topic: Topic | None, *, old: bool
) -> list[Topic]:
    """The topics that the page asks about: the one that it is for, or all; none that is not
    followed. By an old link the one is asked about in any case."""
    if old:
        return [topic] if topic and request.method != "POST" else []
    current = reader.subscriptions.current().select_related("topic")
    followed = [follows.topic for follows in current.order_by("topic__position", "topic")]
    return [each for each in followed if topic in {None, each}]


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
