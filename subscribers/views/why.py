"""The page that says why exactly a reader gets mail: which topics and phrases, since when, and how
it was confirmed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.views.choosing import token_in
from subscribers.views.signed_pages import show, signed


@signed(Purpose.PREFERENCES)
def why(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Show it. Three queries."""
    current = reader.subscriptions.current().select_related("topic")
    return show(
        request,
        "why",
        reader,
        token=token_in(request),
        followed=list(current.order_by("topic__position", "topic", "pk")),
        keyword_alerts=list(reader.keyword_alerts.order_by("pk")),
    )
