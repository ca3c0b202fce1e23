"""Whole drafts in the bin: deleted, taken back, and gone for good after a while. What was dropped
from a draft goes for good then, too."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F

from issues.models import BinEntry, Issue

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)


def bin_issue(issue: Issue, *, at: datetime) -> bool:
    """Put an issue that is not published into the bin. Returns False if it is there already, or
    published. It is scheduled no more. One statement."""
    gone = (Issue.Status.PUBLISHED, Issue.Status.WITHDRAWN, Issue.Status.BINNED)
    binned = (
        Issue.objects.filter(pk=issue.pk)
        .exclude(status__in=gone)
        .update(
            status=Issue.Status.BINNED,
            status_before_bin=F("status"),
            binned_at=at,
            publish_at=None,
        )
    )
    if binned:
        logger.info("issue %s: in the bin", issue.pk)
    return bool(binned)


def take_back(issue: Issue) -> bool:
    """Take an issue out of the bin, as it was. Returns False if it is not there. One statement."""
    taken = Issue.objects.filter(pk=issue.pk, status=Issue.Status.BINNED).update(
        status=F("status_before_bin"), status_before_bin="", binned_at=None
    )
    if taken:
        logger.info("issue %s: out of the bin", issue.pk)
    return bool(taken)


def purge(*, at: datetime) -> int:
    """Delete what has been in the bin for so long. Returns how many issues that were."""
    BinEntry.objects.filter(dropped_at__lt=at - KEPT_FOR).delete()
    old = Issue.objects.filter(status=Issue.Status.BINNED, binned_at__lt=at - KEPT_FOR)
    issues = list(old)
    for issue in issues:
        issue.delete()
        logger.info("issue %s: deleted for good", issue.pk)
    return len(issues)
