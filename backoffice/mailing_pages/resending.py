"""The pages where a mail, or those of a digest that failed, are sent again, after a second look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit_log.recording import record_act
from backoffice import masking
from backoffice.history import LogChange
from backoffice.mailing_pages import delivery_words, progress
from digests import sending
from digests.models import Delivery, Digest
from digests.sending import NotResent, Scope, resending

PERMISSION = "digests.resend_delivery"


def may_resend(request: HttpRequest, row: Delivery | Digest | None = None) -> bool:
    """Return whether this user may have mails sent again: that one, or those of that digest."""
    return bool(request.user.has_perm(PERMISSION, row))


def resend_view(request: HttpRequest, delivery: Delivery, context: dict[str, Any]) -> HttpResponse:
    """Ask on GET; have one mail sent again on POST, once, and log it. Lead back to the reader where
    one came from there."""
    back = _way_back(request, delivery)
    if request.method == "POST":
        _resend(request, delivery)
        return redirect(back)
    obstacle = resending.obstacle_to(delivery)
    context = context | {
        "title": _("Send this mail again"),
        "delivery": delivery,
        "digest": delivery.digest,
        "reader": masking.shown_reader(delivery),
        "outcome": delivery_words.outcome(delivery),
        "obstacle": delivery_words.OBSTACLES[obstacle] if obstacle else "",
        "left": sending.MAX_RESENDS - delivery.resends,
        "back": back,
        "from": request.GET.get("from", ""),
    }
    return TemplateResponse(request, "admin/digests/delivery/resend.html", context)


def _resend(request: HttpRequest, delivery: Delivery) -> None:
    try:
        with transaction.atomic():
            digest = sending.resend(delivery.pk, at=timezone.now())
            record_act(
                "delivery.resent",
                by=request.user,
                at=timezone.now(),
                before={"status": delivery.status},
                after={"digest": digest.pk, "delivery": delivery.pk},
                **(delivery.subscriber.log_keys if delivery.subscriber else {}),
            )
    except NotResent as error:
        messages.warning(request, str(delivery_words.OBSTACLES[error.obstacle]))
        return
    messages.success(request, _("The mail is sent again."))
    progress.enqueue_sending(request, digest)


def _way_back(request: HttpRequest, delivery: Delivery) -> str:
    came_from = request.POST.get("from") or request.GET.get("from")
    if came_from == "reader" and delivery.subscriber_id:
        return reverse("admin:subscribers_subscriber_change", args=[delivery.subscriber_id])
    return reverse("admin:digests_delivery_change", args=[delivery.pk])


def resend_failed_view(
    request: HttpRequest, digest: Digest, context: dict[str, Any], *, log_change: LogChange
) -> HttpResponse:
    """Say on GET what would be done; have those that failed sent again on POST, once, and log
    it."""
    if request.method == "POST":
        _resend_failed(request, digest, log_change=log_change)
        return redirect("admin:digests_digest_change", digest.pk)
    obstacle = resending.obstacle_to_failed(digest)
    context = context | {
        "title": _("Send again to those that failed"),
        "subtitle": str(digest),
        "digest": digest,
        "failed": resending.failed(digest, at=timezone.now()),
        "obstacle": delivery_words.OBSTACLES[obstacle] if obstacle else "",
    }
    return TemplateResponse(request, "admin/digests/digest/resend.html", context)


def _resend_failed(request: HttpRequest, digest: Digest, *, log_change: LogChange) -> None:
    try:
        scope = Scope(request.POST.get("scope", ""))
        with transaction.atomic():
            count = sending.resend_failed(digest, scope, at=timezone.now())
            if count:
                after = {"count": count, "scope": scope.value}
                log_change(request, digest, _sentence(count), act="failed.resent", after=after)
    except ValueError:
        return
    except NotResent as error:
        messages.warning(request, str(delivery_words.OBSTACLES[error.obstacle]))
        return
    if count:
        messages.success(request, _sentence(count))
        progress.enqueue_sending(request, digest)
    else:
        messages.info(request, _("There is nobody to whom it could be sent again."))


def _sentence(count: int) -> str:
    return ngettext(
        "%(count)d mail that failed is sent again.",
        "%(count)d mails that failed are sent again.",
        count,
    ) % {"count": count}
