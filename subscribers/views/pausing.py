"""Pausing, and ending a pause, by a page that asks and then acts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from subscribers import preferences as choices
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.views.signed_pages import show, signed, why_no_mail


@signed(Purpose.PAUSE)
def pause(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET; on POST pause, or end the pause when `do` says so: then the page that follows
    (`?ended`) says that, and does not ask again."""
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "resume":
            choices.resume(reader.pk, at=now)
            return redirect(f"{request.path}?ended")
        choices.pause(reader.pk, at=now)
        return redirect(request.path)
    ended = "ended" in request.GET
    return show(request, "pause", reader, ended=ended, **why_no_mail(reader, at=now))
