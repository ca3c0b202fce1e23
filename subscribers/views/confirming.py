"""Confirming a sign-up, and saying that it was somebody else's: pages that ask and then act."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.models import Topic
from subscribers import links, signing_up, suppressions
from subscribers.links import Purpose
from subscribers.models import SignUpRequest, Subscriber, Suppression
from subscribers.views.signed_pages import say, show, signed, speak, why_no_mail

ASK_AGAIN = "ask again"  # what `do` says for taking back "this was not me"


@signed(Purpose.CONFIRM)
def confirm(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET, because programs that check mail for bad links open them; act on POST."""
    if request.method == "POST":
        signing_up.confirm(reader.pk, at=timezone.now())
        return redirect(request.path)
    pending = SignUpRequest.objects.pending(reader)
    if pending:
        speak(request, pending)
    return show(
        request,
        "confirm",
        reader,
        pending=pending,
        topics=pending.topics.all() if pending else _followed(reader),
        preferences=links.link(reader, Purpose.PREFERENCES) if reader.is_reading else "",
        **why_no_mail(reader, at=timezone.now()),
    )


def _followed(reader: Subscriber) -> list[Topic]:
    current = reader.subscriptions.current().select_related("topic")
    return [follows.topic for follows in current]


@signed(Purpose.CONFIRM)
def not_me(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask on GET whether the address is to be asked no more; see to that on POST, or take it back
    when `do` says so. Whoever has the link has the mail: only its address gets one."""
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == ASK_AGAIN:
            because = _("taken back by the reader, with the link in the email")
            if suppressions.ask_again(reader.address_key, because=because, at=now):
                say(request, _("We may email you again when you sign up."))
        else:
            suppressions.refuse_confirmations(reader.address_key, at=now)
        return redirect(request.path)
    held = Suppression.objects.unlifted().filter(
        address_key=reader.address_key, confirmations_only=True
    )
    pending = SignUpRequest.objects.pending(reader)
    if pending:
        speak(request, pending)
    return show(
        request, "not_me", reader, refused=held.exists(), days=links.LIFETIMES[Purpose.CONFIRM].days
    )
