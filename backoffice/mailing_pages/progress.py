"""The progress of a digest, for pages that refresh by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.mailing_pages import delivery_words
from backoffice.mailing_pages.mailing_filters import MAILING
from digests import progress_sentences, reporting
from digests.models import Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.models.feedback import FeedbackKind
from digests.reporting import Progress, Report
from digests.tasks import prepare_digest
from foundation.enqueue import enqueue
from foundation.masking import masked_in
from issues.models import Issue

EXPLAINED = frozenset({DeliveryStatus.EXCLUDED, DeliveryStatus.SKIPPED, DeliveryStatus.UNCERTAIN})


def of_issue(issue: Issue) -> dict[str, Any] | None:
    """Return the progress of an issue's digest, None where there is none."""
    digests = Digest.objects.without_corrections().of_issue(issue)
    digest = digests.with_titles().defer("blocks", "texts").first()
    return of_digest(digest) if digest else None


def of_digest(digest: Digest) -> dict[str, Any]:
    """Return what the page shows: what its script fetches, with links to the deliveries in each
    state, and why."""
    report = reporting.report(digest, at=timezone.now())
    return _counts(digest, report) | {
        "has_uncertain": report.counts.uncertain > 0,
        "rows": list(_rows(digest, report)),
        "reasons": list(_reasons(digest, report)),
        "smtp_responses": list(_rejections(digest, report)),
        "feedback": list(_feedback(digest, report)),
        "address": reverse("admin:digests_digest_progress", args=(digest.pk,)),
        "page": reverse("admin:digests_digest_change", args=(digest.pk,)),
    }


def counts(digest: Digest) -> dict[str, Any]:
    """Return what the page's script fetches, again and again: a sentence, the counts by state,
    and whether it ended."""
    return _counts(digest, reporting.progress(digest, at=timezone.now()))


def _counts(digest: Digest, report: Progress) -> dict[str, Any]:
    return {row.name: row.number for row in _rows(digest, report)} | {
        "finished": digest.finished_at is not None,
        "wrong": reporting.is_wrong(digest, report),
        "sentence": progress_sentences.sentence(digest, report),
        "settled": report.counts.settled,
    }


class _Row(NamedTuple):
    name: str
    label: str
    number: int
    address: str
    meaning: str = ""


def _rows(digest: Digest, report: Progress) -> Iterator[_Row]:
    """Yield the counts in the order of the sum, each with the address of its deliveries."""
    counts = report.counts
    yield _Row("readers", _("readers"), counts.candidates, _deliveries(digest))
    for status, count in (
        (DeliveryStatus.SENT, counts.sent),
        (DeliveryStatus.FAILED, counts.failed),
        (DeliveryStatus.UNCERTAIN, counts.uncertain),
        (DeliveryStatus.SKIPPED, counts.skipped),
        (DeliveryStatus.EXCLUDED, counts.excluded),
    ):
        address = _deliveries(digest, status__exact=status.value)
        meaning = str(delivery_words.MEANINGS[status]) if status in EXPLAINED else ""
        yield _Row(status.value, str(status.label), count, address, meaning)
    waiting = _deliveries(digest, status=DeliveryStatus.QUEUED)
    yield _Row("waiting", _("waiting"), counts.waiting, waiting)


def _deliveries(digest: Digest, **only: str) -> str:
    query = urlencode({MAILING: digest.pk} | only)
    return f"{reverse('admin:digests_delivery_changelist')}?{query}"


def _reasons(digest: Digest, report: Report) -> Iterator[_Row]:
    for value, number in report.reasons.items():
        rows = _deliveries(digest, reason__exact=value)
        yield _Row(value, str(SkipReason(value).label), number, rows)


def _rejections(digest: Digest, report: Report) -> Iterator[_Row]:
    """Yield what a mail server said to those that failed: in words, and its own as well. Addresses
    in it are masked for everybody."""
    for said, number in report.smtp_responses.items():
        failed = {"status__exact": DeliveryStatus.FAILED.value}
        shown = masked_in(said)
        if shown == said:  # an address stands in no link either
            failed["smtp_response__exact"] = said
        words = masked_in(delivery_words.rejection(said)) if said else "–"
        yield _Row(shown, words, number, _deliveries(digest, **failed), shown)


def _feedback(digest: Digest, report: Report) -> Iterator[_Row]:
    for value, number in report.feedback.items():
        query = urlencode({MAILING: digest.pk, "kind__exact": value})
        rows = f"{reverse('admin:digests_feedback_changelist')}?{query}"
        yield _Row(value, str(FeedbackKind(value).label), number, rows)


def enqueue_sending(request: HttpRequest, digest: Digest) -> None:
    """Enqueue the preparing and sending of the digest, and say so where it has to wait."""
    if not enqueue(prepare_digest, digest.pk):
        messages.info(
            request, _("The mails cannot be sent at this moment, and will be by themselves soon.")
        )
