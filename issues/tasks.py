"""Reading what was uploaded. Tasks carry keys only, and may be lost, late or doubled.

Which issues are to be read stands in the table; `sweep`, which Celery's beat enqueues, finds those
that are left over.
"""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from issues import page_images
from issues.intake import reading
from issues.models import Issue

PICTURING = 3.0  # seconds that one task makes pictures of pages
SWEEP = (
    15.0  # seconds from one sweep to the next; what it enqueued and nobody took is enqueued anew
)


@shared_task
def read_issue(issue_id: int) -> None:
    """Read an uploaded issue."""
    issue = Issue.objects.select_related("bulletin").filter(pk=issue_id).first()
    if issue is not None:
        reading.read(issue, at=timezone.now())
        make_page_images.delay(issue_id)


@shared_task
def make_page_images(issue_id: int, first: int = 1) -> None:
    """Make the pictures of pages that are missing, from the page `first` on and then the others;
    for a few seconds, since other uploads wait in the same queue, and again behind them."""
    issue = Issue.objects.select_related("bulletin").filter(pk=issue_id).first()
    if issue is not None and page_images.make_missing(issue, first=first, seconds=PICTURING):
        make_page_images.delay(issue_id, first)


@shared_task
def sweep() -> None:
    """Enqueue the reading of issues that nobody reads."""
    stale = timezone.now() - timedelta(seconds=2 * settings.READING_SECONDS)
    for issue_id in Issue.objects.unread(before=stale).values_list("pk", flat=True):
        read_issue.apply_async((issue_id,), expires=SWEEP)
