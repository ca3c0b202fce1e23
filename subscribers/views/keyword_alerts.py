"""Stopping the alert for a phrase from a mail, and taking that back."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

from foundation.masking import masked
from mail.messages.idn import readable
from subscribers import keyword_alerts, links
from subscribers.keywords.query import MAX_LENGTH
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.views.signed_pages import show, signed

UNDO, SALT = "undo", "stop_phrase"
OFFERED_FOR = timedelta(minutes=10)


@signed(Purpose.STOP)
def stop_phrase(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET whether to watch for a phrase no more; on POST act, or take it back."""
    phrase = request.GET.get("phrase", "").strip()
    asked = undo = stopped = again = None
    if UNDO in request.POST:
        again = _watch_again(request, reader)
    elif alert := keyword_alerts.alert_for(reader, phrase) if reader.is_reading else None:
        if request.method == "POST":
            keyword_alerts.stop(alert)
            stopped = alert.phrase
            undo = signing.dumps([reader.pk, stopped], salt=SALT)
        else:
            asked = alert.phrase
    return show(
        request,
        "stop_phrase",
        reader,
        phrase=phrase if len(phrase) <= MAX_LENGTH else "",
        asked=asked,
        stopped=stopped,
        again=again,
        undo=undo,
        too_late=UNDO in request.POST and not again,
        mailbox=masked(readable(reader.address)),
        preferences=links.link(reader, Purpose.PREFERENCES),
    )


def _watch_again(request: HttpRequest, reader: Subscriber) -> str | None:
    """The phrase that is watched again; None when it is too late for that."""
    try:
        pk, phrase = signing.loads(request.POST[UNDO], salt=SALT, max_age=OFFERED_FOR)
    except signing.BadSignature:
        return None
    if pk == reader.pk and keyword_alerts.watch_again(reader.pk, phrase):
        return str(phrase)
    return None
