"""Changing one's address: asked for on a page of the reader's, confirmed from the new mailbox,
stopped or undone from the former."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.enqueue import enqueue_on_commit
from foundation.masking import masked
from mail.messages.idn import readable
from subscribers import change_links, change_of_address, links, mailboxes, tasks
from subscribers.addresses import Address
from subscribers.change_links import Side
from subscribers.forms import LinkForm
from subscribers.links import Purpose
from subscribers.models import AddressChange, Subscriber
from subscribers.views.choosing import token_in
from subscribers.views.sign_up import refused
from subscribers.views.signed_pages import get_and_post, say, show, signed, speak

LATELY = timedelta(hours=1)


class NewAddressForm(LinkForm):
    """The address to which mail is to come from now on."""

    def __init__(self, reader: Subscriber, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self._reader = reader
        self.fields["address"].label = gettext_lazy("New email address")

    def clean_address(self) -> Address:
        """Return it. Raises ValidationError for the one that they have."""
        address = super().clean_address()
        if address.key == self._reader.address_key:
            raise ValidationError(_("Emails already go to this address."))
        return address


@signed(Purpose.PREFERENCES)
def change_address(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Ask for the new address, and say what is left to do; POST has it asked there, or stops that
    when `do` says so."""
    now = timezone.now()
    pending = change_of_address.pending_of(reader, at=now)
    wants = request.method == "POST" and request.POST.get("do") == "change" and reader.is_reading
    form = NewAddressForm(reader, request.POST if wants else None)
    if request.method == "POST" and not wants:
        if pending and request.POST.get("do") == "stop" and _stop(pending):
            say(request, _("The change is cancelled. Emails go to this address as before."))
        return redirect(request.path)
    if not form.is_valid():
        token = token_in(request)
        return show(request, "change_address", reader, form=form, pending=pending, token=token)
    if too_many := refused(request, reader.bulletin):
        return too_many
    if not form.cleaned_data["website"]:
        _request(request, reader, form.cleaned_data["address"])
    return redirect(request.path)


def _stop(change: AddressChange) -> bool:
    return change_of_address.end(change.pk, at=timezone.now())


def _request(request: HttpRequest, reader: Subscriber, address: Address) -> None:
    try:
        change = change_of_address.request(reader, address, at=timezone.now())
    except change_of_address.TooOften:
        say(
            request,
            _("You have asked three times today, which is the limit. Please try again tomorrow."),
        )
        return
    enqueue_on_commit(tasks.send_address_change, change.pk)


ChangeView = Callable[[HttpRequest, AddressChange], HttpResponse]


def _of_change(side: Side) -> Callable[[ChangeView], Callable[..., HttpResponse]]:
    """Turn a view of a change into one of a token of that side."""

    def of_token(view: ChangeView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, token: str) -> HttpResponse:
            try:
                change = change_links.change_of(token, side)
            except links.GoneLink:
                return render(request, "subscribers/gone.html", status=410)
            except links.BadLink:
                return render(request, "subscribers/bad_link.html", status=403)
            speak(request, change.subscriber)
            with timezone.override(change.subscriber.zone):
                return view(request, change)

        return get_and_post(page)

    return of_token


@_of_change(Side.NEW)
def new_address(request: HttpRequest, change: AddressChange) -> HttpResponse:
    """Ask on GET, from the new mailbox, whether mail is to come there; see to that on POST."""
    now = timezone.now()
    if request.method == "POST":
        change_of_address.confirm(change.pk, at=now)
        return redirect(request.path)
    reader = change.subscriber
    done = change.confirmed_at is not None and change.ended_at is None
    moved = Subscriber.objects.select_related("bulletin").filter(
        pk__in=change.moved, address_key=change.address_key
    )
    return show(
        request,
        "new_address",
        reader,
        change=change,
        former=masked(readable(change.former_address)),
        done=done,
        movable=[] if done else change_of_address.movable(change),
        moved=list(moved.order_by("pk")) if done else [],
        open=AddressChange.objects.pending(at=now).filter(pk=change.pk).exists(),
        preferences=_fresh_link(reader, change, at=now) if done else "",
    )


def _fresh_link(reader: Subscriber, change: AddressChange, *, at: datetime) -> str:
    """Return the link to the choices, for who has just shown that the new mailbox is theirs; ""
    later, when the mail may be in others' hands."""
    lately = change.confirmed_at is not None and at - change.confirmed_at < LATELY
    mine = reader.address_key == change.address_key
    return links.link(reader, Purpose.PREFERENCES) if mine and lately else ""


@_of_change(Side.FORMER)
def former_address(request: HttpRequest, change: AddressChange) -> HttpResponse:
    """Ask on GET, from the former mailbox, whether to stop the change or take it back; see to that
    on POST."""
    now = timezone.now()
    if request.method == "POST":
        change_of_address.end(change.pk, at=now)
        return redirect(request.path)
    rows = AddressChange.objects
    can_end = rows.pending(at=now) | rows.undoable(at=now)
    return show(
        request,
        "former_address",
        change.subscriber,
        change=change,
        new=masked(readable(change.address)),
        can_end=can_end.filter(pk=change.pk).exists(),
        back=mailboxes.readers_at(change.former_key).confirmed().exists(),
    )
