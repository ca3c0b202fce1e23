"""How far a digest is, for pages that refresh by themselves."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from digests import mailing
from digests.models import Digest, Issue
from digests.tasks import prepare_digest

logger = logging.getLogger(__name__)


def of_issue(issue: Issue) -> dict[str, Any] | None:
    """The progress of an issue's digest, None where there is none."""
    digest = Digest.objects.select_related("issue").filter(issue=issue).first()
    return of(digest) if digest else None


def of(digest: Digest) -> dict[str, Any]:
    """What the page shows and its script fetches: counts by state, a sentence, whether it ended."""
    counts = mailing.count(digest)
    return {
        "finished": digest.finished_at is not None,
        "failed": bool(digest.failure),
        "sentence": _sentence(digest, counts),
        "readers": counts.candidates,
        "settled": counts.settled,
        "editions": counts.editions,
        "sent": counts.sent,
        "waiting": counts.waiting,
        "skipped": counts.skipped,
        "excluded": counts.excluded,
        "failures": counts.failed,
        "uncertain": counts.uncertain,
        "address": reverse("admin:digests_digest_progress", args=(digest.pk,)),
    }


def _sentence(digest: Digest, counts: mailing.Counts) -> str:
    if digest.failure:
        return _("The digest cannot be made: %(failure)s") % {"failure": digest.failure}
    if digest.finished_at is not None:
        return _("Finished: every reader is accounted for.")
    if digest.prepared_at is None:
        return _("Working out who gets what.")
    return _("%(settled)d of %(readers)d readers are done.") % {
        "settled": counts.settled,
        "readers": counts.candidates,
    }


def ring(request: HttpRequest, digest: Digest) -> None:
    """Have the digest prepared and sent; where no worker can be told, the next sweep finds it."""
    try:
        prepare_digest.delay(digest.pk)
    except OperationalError:
        logger.warning("digest %s: preparing not queued", digest.pk)
        messages.info(
            request, _("The mails cannot be sent at this moment, and will be by themselves soon.")
        )
