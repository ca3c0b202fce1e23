"""The page where an operator decides about uncertain deliveries."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.mailing_pages import progress
from digests import sending
from digests.models import Delivery, Digest
from digests.sending import Decision

MOST = 100


Log = Callable[[HttpRequest, Digest, str], object]


def page(
    request: HttpRequest, digest: Digest, context: dict[str, object], *, log: Log
) -> HttpResponse:
    """GET shows the uncertain deliveries and asks; POST decides, once, and has it logged."""
    if request.method == "POST":
        return _decide(request, digest, log)
    uncertain = Delivery.objects.uncertain_in(digest)
    count = uncertain.count()
    told = {
        "title": _("Uncertain deliveries"),
        "subtitle": str(digest),
        "digest": digest,
        "deliveries": list(uncertain.select_related("subscriber").order_by("pk")[:MOST]),
        "more": max(0, count - MOST),
    }
    return TemplateResponse(request, "admin/digests/digest/uncertain.html", context | told)


def _decide(request: HttpRequest, digest: Digest, log: Log) -> HttpResponse:
    try:
        decision = Decision(request.POST.get("decision", ""))
    except ValueError:
        return redirect("admin:digests_digest_uncertain", digest.pk)
    count = sending.resolve_uncertain(digest, decision, at=timezone.now())
    if count:
        told = _told(decision, count)
        log(request, digest, told)
        messages.success(request, told)
    if count and decision is Decision.SEND_AGAIN:
        progress.enqueue_sending(request, digest)
    return redirect("admin:digests_digest_change", digest.pk)


def _told(decision: Decision, count: int) -> str:
    if decision is Decision.COUNT_AS_SENT:
        told = ngettext(
            "%(count)d uncertain delivery counts as sent.",
            "%(count)d uncertain deliveries count as sent.",
            count,
        )
    else:
        told = ngettext(
            "%(count)d uncertain delivery is sent again.",
            "%(count)d uncertain deliveries are sent again.",
            count,
        )
    return told % {"count": count}
