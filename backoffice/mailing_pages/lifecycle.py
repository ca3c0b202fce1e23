"""The page where an operator pauses, resumes or cancels a digest, after a second look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.history import LogChange
from backoffice.mailing_pages import progress
from digests import progress_sentences, reporting, sending
from digests.models import Digest


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a digest's lifecycle: its name in the log, its title, what it means, the
    sentence when it is done, and whether it is for good."""

    act: str
    title: Promise
    meaning: Promise
    done: Promise
    take: Callable[[Digest, datetime], bool]
    final: bool = False


HOLDS = {
    sending.Hold.WITHDRAWN: _(
        "The issue is withdrawn, so that nobody gets its mails. Put it back on the web first, or "
        "stop this mailing for good."
    ),
    sending.Hold.IN_HAND: _(
        "An article was withdrawn a moment ago, and workers may still have mails with it in hand. "
        "Try again in half a minute: who still waits gets the mail without it."
    ),
}
STEPS = {
    "pause": Step(
        "digest.paused",
        _("Pause"),
        _("Within seconds nothing more is sent, until the digest is resumed."),
        _("The digest is paused."),
        lambda digest, at: sending.pause(digest, at=at),
    ),
    "resume": Step(
        "digest.resumed",
        _("Resume"),
        _("Who still waits gets the mail now."),
        _("The digest goes on."),
        lambda digest, at: sending.resume(digest, at=at),
    ),
    "cancel": Step(
        "digest.cancelled",
        _("Stop this mailing for good"),
        _("Who still waits never gets this mail. This cannot be taken back."),
        _("The digest is cancelled."),
        lambda digest, at: sending.cancel(digest, at=at),
        final=True,
    ),
}


def possible_steps(digest: Digest) -> dict[str, Step]:
    """Return the steps that can be taken now."""
    if digest.finished_at or digest.cancelled_at:
        return {}
    return {name: STEPS[name] for name in ("resume" if digest.paused_at else "pause", "cancel")}


def lifecycle_view(
    request: HttpRequest,
    digest: Digest,
    name: str,
    context: dict[str, object],
    *,
    log_change: LogChange,
) -> HttpResponse:
    """Ask on GET; take the step on POST, once, and log it."""
    if name not in STEPS:
        raise Http404
    step = STEPS[name]
    if request.method != "POST":
        context = context | {
            "title": step.title,
            "subtitle": str(digest),
            "digest": digest,
            "step": step,
        }
        if reporting.restored(digest):
            report = reporting.report(digest, at=timezone.now())
            context["warning"] = progress_sentences.sentence(digest, report)
        return TemplateResponse(request, "admin/digests/digest/lifecycle.html", context)
    with transaction.atomic():
        taken = step.take(digest, timezone.now())
        if taken:
            log_change(request, digest, str(step.done), act=step.act)
    if taken:
        messages.success(request, str(step.done))
        progress.enqueue_sending(request, digest)
    elif name == "resume" and (hold := sending.what_holds(digest, at=timezone.now())):
        messages.warning(request, str(HOLDS[hold]))
    return redirect("admin:digests_digest_change", digest.pk)
