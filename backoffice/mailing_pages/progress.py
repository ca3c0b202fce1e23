"""How far a digest is, for pages that refresh by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digests import reporting
from digests.models import Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.models.feedback import FeedbackKind
from digests.reporting import Progress
from digests.tasks import prepare_digest
from foundation.enqueue import enqueue
from issues.models import Issue


def of_issue(issue: Issue) -> dict[str, Any] | None:
    """The progress of an issue's digest, None where there is none."""
    digests = Digest.objects.without_corrections().of_issue(issue)
    digest = digests.with_titles().defer("blocks").first()
    return of(digest) if digest else None


def of(digest: Digest) -> dict[str, Any]:
    """What the page shows: what its script fetches, with links to the deliveries in each state,
    and why."""
    report = reporting.report(digest, at=timezone.now())
    return _figures(digest, report) | {
        "undecided": report.counts.uncertain > 0,
        "rows": list(_rows(digest, report)),
        "reasons": _named(report.reasons, SkipReason),
        "answers": list(report.answers.items()),
        "feedback": _named(report.feedback, FeedbackKind),
        "address": reverse("admin:digests_digest_progress", args=(digest.pk,)),
        "page": reverse("admin:digests_digest_change", args=(digest.pk,)),
    }


def figures(digest: Digest) -> dict[str, Any]:
    """What the page's script fetches, again and again: a sentence, the counts by state, and
    whether it ended."""
    return _figures(digest, reporting.progress(digest, at=timezone.now()))


def _figures(digest: Digest, far: Progress) -> dict[str, Any]:
    return {row.name: row.number for row in _rows(digest, far)} | {
        "finished": digest.finished_at is not None,
        "wrong": reporting.is_wrong(digest, far),
        "sentence": reporting.sentence(digest, far),
        "settled": far.counts.settled,
    }


class _Row(NamedTuple):
    name: str
    label: str
    number: int
    address: str


def _rows(digest: Digest, far: Progress) -> Iterator[_Row]:
    """The counts in the order of the sum, each with the address of its deliveries."""
    counts = far.counts
    yield _Row("readers", _("readers"), counts.candidates, _deliveries(digest))
    for status, count in (
        (DeliveryStatus.SENT, counts.sent),
        (DeliveryStatus.FAILED, counts.failed),
        (DeliveryStatus.UNCERTAIN, counts.uncertain),
        (DeliveryStatus.SKIPPED, counts.skipped),
        (DeliveryStatus.EXCLUDED, counts.excluded),
    ):
        address = _deliveries(digest, status__exact=status.value)
        yield _Row(status.value, str(status.label), count, address)
    waiting = _deliveries(digest, status=DeliveryStatus.QUEUED)
    yield _Row("waiting", _("waiting"), counts.waiting, waiting)


def _deliveries(digest: Digest, **only: str) -> str:
    query = urlencode({"digest__id__exact": digest.pk} | only)
    return f"{reverse('admin:digests_delivery_changelist')}?{query}"


def _named(tally: dict[str, int], names: type[TextChoices]) -> list[tuple[str, int]]:
    return [(str(names(value).label), number) for value, number in tally.items()]


def enqueue_sending(request: HttpRequest, digest: Digest) -> None:
    """Enqueue the preparing and sending of the digest, and say so where it has to wait."""
    if not enqueue(prepare_digest, digest.pk):
        messages.info(
            request, _("The mails cannot be sent at this moment, and will be by themselves soon.")
        )
