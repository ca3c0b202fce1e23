"""Erasing a reader because they ask for it: what goes, what stays, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit_log.recording import record_act
from backoffice.by_bulletin import seen
from backoffice.subscriber_pages.care import ReasonForm
from subscribers import erased_addresses
from subscribers.models import Subscriber, Suppression


def erase_view(request: HttpRequest, reader: Subscriber, context: dict[str, Any]) -> HttpResponse:
    """Ask for the reason on GET, and say what stays; erase on POST, and log it without the
    address."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        shown = {"title": _("Erase this reader"), "reader": reader, "form": form}
        context = context | shown | _what_stays(request, reader)
        return TemplateResponse(request, "admin/subscribers/subscriber/erase.html", context)
    because = form.cleaned_data["because"]
    with transaction.atomic():
        if erased_addresses.erase(reader.pk, at=timezone.now()):
            record_act(
                "reader.erased",
                by=request.user,
                at=timezone.now(),
                after={"because": because},
                **reader.log_keys,
            )
    messages.success(request, _("The reader is erased."))
    return redirect("admin:subscribers_subscriber_changelist")


def _what_stays(request: HttpRequest, reader: Subscriber) -> dict[str, Any]:
    """Return what is said of it: of other bulletins, those of whoever asks alone."""
    theirs = Subscriber.objects.filter(address_key=reader.address_key).exclude(pk=reader.pk)
    held = Suppression.objects.current().filter(address_key=reader.address_key)
    return {
        "suppressed": held.exists(),
        "elsewhere": list(seen(request, theirs.select_related("bulletin"))),
    }
