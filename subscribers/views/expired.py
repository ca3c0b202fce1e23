"""The page behind a link that was good once and is too old now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from foundation.enqueue import enqueue_on_commit
from subscribers import confirmation_mail, tasks
from subscribers.links import OLD, Purpose
from subscribers.models import Subscriber
from subscribers.views.sign_up import refused

FRESH = "fresh link"  # what `do` says for having one mailed
SENT = "sent"


def expired_page(request: HttpRequest, reader: Subscriber, purpose: Purpose) -> HttpResponse:
    """Say so, 410. To the choices a fresh link is mailed on a press: the mail that the old one
    stood in may have been passed on. Unsubscribing and pausing stay possible, with the same token.
    """
    if request.method == "POST" and request.POST.get("do") == FRESH and reader.is_reading:
        return refused(request, reader.bulletin) or _send(request, reader)
    context = {
        "bulletin": reader.bulletin,
        "reader": reader,
        "purpose": purpose,
        "days": OLD.days,
        "sent": SENT in request.GET,
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
    }
    return render(request, "subscribers/expired_link.html", context, status=410)


def _send(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    if confirmation_mail.request(reader.pk, at=timezone.now()):
        enqueue_on_commit(tasks.send_confirmation, reader.pk)
    return redirect(f"{request.path}?{SENT}")
