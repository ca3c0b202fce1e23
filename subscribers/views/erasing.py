"""The page on which somebody has all erased that is kept of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from foundation.enqueue import enqueue_on_commit
from subscribers import erasing, mailboxes, tasks
from subscribers.links import Purpose
from subscribers.models import Subscriber, Suppression
from subscribers.views.choosing import token_in
from subscribers.views.signed_pages import show, signed


@signed(Purpose.PREFERENCES)
def erase(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET, naming what goes and what stays; do it on POST, and say so."""
    held = Suppression.objects.unlifted().filter(address_key=reader.address_key).exists()
    if request.method == "POST":
        notice = erasing.erase_mailbox(reader, at=timezone.now())
        if notice is not None:
            enqueue_on_commit(tasks.send_erasure_notice, notice.pk)
        return show(request, "erased", reader, held=held, notice=notice)
    rows = mailboxes.readers_at(reader.address_key).select_related("bulletin")
    rows = rows.order_by("bulletin__name", "pk")
    return show(request, "erase", reader, token=token_in(request), rows=list(rows), held=held)
