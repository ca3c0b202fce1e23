"""Reading what was uploaded. Tasks carry keys only, and may be lost, late or doubled.

Which issues are to be read stands in the table; `sweep`, which Celery's beat enqueues, finds those
that are left over.
"""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from foundation.enqueue import enqueue
from issues import at_work, binning, page_images, reading_again, search
from issues.intake import reading
from issues.models import Issue, Rereading

IMAGE_SECONDS = 3.0  # that one task makes images of pages
SEARCHED_AT_ONCE = 500  # articles whose text one sweep writes down for the search


@shared_task
def read_issue(issue_id: int) -> None:
    """Read an uploaded issue."""
    issue = Issue.objects.select_related("bulletin").filter(pk=issue_id).first()
    if issue is not None:
        reading.read(issue, at=timezone.now())
        enqueue(make_page_images, issue_id)


@shared_task
def read_issue_again(issue_id: int) -> None:
    """Read the files of a draft again, for its editor to compare."""
    rereading = Rereading.objects.select_related("issue__bulletin").filter(issue=issue_id).first()
    if rereading is not None:
        reading_again.read(rereading, at=timezone.now())


@shared_task
def make_page_images(issue_id: int, first: int = 1) -> None:
    """Make the images of pages that are missing, from the page `first` on and then the others;
    for a few seconds, since other uploads wait in the same queue, and again behind them."""
    issue = Issue.objects.select_related("bulletin").filter(pk=issue_id).first()
    if issue is not None and page_images.make_missing(issue, first=first, seconds=IMAGE_SECONDS):
        enqueue(make_page_images, issue_id, first)


@shared_task
def forget() -> None:
    """Delete for good what has been in the bin, or was not saved, for a month."""
    at = timezone.now()
    binning.purge(at=at)
    at_work.forget_old(at=at)


@shared_task
def sweep() -> None:
    """Enqueue the reading of issues that nobody reads, and write down what is searched."""
    stale = timezone.now() - timedelta(seconds=2 * settings.READING_SECONDS)
    for issue_id in Issue.objects.unread(before=stale).values_list("pk", flat=True):
        enqueue(read_issue, issue_id, expires=settings.SWEEP_SECONDS)
    for issue_id in Rereading.objects.unread(before=stale).values_list("issue", flat=True):
        enqueue(read_issue_again, issue_id, expires=settings.SWEEP_SECONDS)
    search.write_missing(limit=SEARCHED_AT_ONCE)
