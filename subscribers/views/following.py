"""Following a topic, by the link in a mail that tells of a new one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from publications.models import Topic
from subscribers import links, preferences
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.views.signed_pages import show, signed


@signed(Purpose.PREFERENCES)
def follow(request: HttpRequest, reader: Subscriber, topic_id: int | None = None) -> HttpResponse:
    """Ask on GET whether to follow a topic of the reader's bulletin, or which one; on POST do
    it."""
    token = str(request.resolver_match.kwargs["token"]) if request.resolver_match else ""
    preferences_link = links.same_token(token, Purpose.PREFERENCES)
    if topic_id is None:
        others = _others(reader)
        return show(
            request, "follow", reader, token=token, others=others, preferences=preferences_link
        )
    topic = get_object_or_404(Topic, pk=topic_id, bulletin=reader.bulletin_id)
    if request.method == "POST":
        preferences.follow(reader.pk, topic=topic, at=timezone.now())
        return redirect(request.path)
    return show(
        request,
        "follow",
        reader,
        topic=topic,
        follows=reader.subscriptions.current().filter(topic=topic).exists(),
        preferences=preferences_link,
    )


def _others(reader: Subscriber) -> QuerySet[Topic]:
    """The topics that are offered and that the reader does not follow."""
    followed = reader.subscriptions.current().values("topic")
    offered = Topic.objects.filter(bulletin=reader.bulletin_id, retired_at=None)
    return offered.exclude(pk__in=followed)
