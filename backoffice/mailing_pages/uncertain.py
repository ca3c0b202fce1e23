"""The page where an operator resolves uncertain deliveries."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice import masking
from backoffice.history import LogChange
from backoffice.mailing_pages import progress
from digests import sending
from digests.models import Delivery, Digest
from digests.sending import Decision
from foundation.masking import masked_in

MAX_ROWS = 100
_ACTS = {
    Decision.COUNT_AS_SENT: "uncertain.counted_as_sent",
    Decision.SEND_AGAIN: "uncertain.sent_again",
}


def uncertain_view(
    request: HttpRequest, digest: Digest, context: dict[str, object], *, log_change: LogChange
) -> HttpResponse:
    """Show the uncertain deliveries and ask on GET; resolve them on POST, once, and log it."""
    if request.method == "POST":
        return _resolve(request, digest, log_change)
    uncertain = Delivery.objects.uncertain_in(digest)
    count, whole = uncertain.count(), masking.may_see(request, digest)
    context = context | {
        "title": _("Uncertain deliveries"),
        "subtitle": str(digest),
        "digest": digest,
        "deliveries": [
            (
                delivery,
                delivery.subscriber and str(*masking.mask(request, [delivery.subscriber])),
                delivery.smtp_response if whole else masked_in(delivery.smtp_response),
            )
            for delivery in uncertain.select_related("subscriber").order_by("pk")[:MAX_ROWS]
        ],
        "more": max(0, count - MAX_ROWS),
    }
    return TemplateResponse(request, "admin/digests/digest/uncertain.html", context)


def _resolve(request: HttpRequest, digest: Digest, log_change: LogChange) -> HttpResponse:
    try:
        decision = Decision(request.POST.get("decision", ""))
    except ValueError:
        return redirect("admin:digests_digest_uncertain", digest.pk)
    with transaction.atomic():
        count = sending.resolve_uncertain(digest, decision, at=timezone.now())
        sentence = _sentence(decision, count)
        if count:
            act = _ACTS[decision]
            log_change(request, digest, sentence, act=act, after={"count": count})
    if count:
        messages.success(request, sentence)
    if count and decision is Decision.SEND_AGAIN:
        progress.enqueue_sending(request, digest)
    return redirect("admin:digests_digest_change", digest.pk)


def _sentence(decision: Decision, count: int) -> str:
    if decision is Decision.COUNT_AS_SENT:
        sentence = ngettext(
            "%(count)d uncertain delivery counts as sent.",
            "%(count)d uncertain deliveries count as sent.",
            count,
        )
    else:
        sentence = ngettext(
            "%(count)d uncertain delivery is sent again.",
            "%(count)d uncertain deliveries are sent again.",
            count,
        )
    return sentence % {"count": count}
