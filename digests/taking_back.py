"""Taking back an issue that was just published: a draft again, as long as no mail has left."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from digests import sending
from digests.models import Batch, Digest
from digests.sending import batch_counts
from issues.models import Issue

logger = logging.getLogger(__name__)


class MailsAreLeaving(Exception):
    """A worker has mails of the issue in hand, or some have left."""


def take_back(issue: Issue, *, at: datetime) -> bool:
    """Make a published issue a draft again, and have its digest mailed to nobody. Returns False
    if it is not published. Raises MailsAreLeaving.

    All its batches are locked before they are asked for, and none is due any more when they are
    unlocked: no worker claims one meanwhile, and none claims one later, also by a statement that
    began before.
    """
    with transaction.atomic():
        published = Issue.objects.filter(pk=issue.pk, status=Issue.Status.PUBLISHED)
        if published.select_for_update().first() is None:
            return False
        for digest in Digest.objects.of_issue(issue).select_for_update().defer("blocks", "texts"):
            _cancel(digest, at=at)
        published.update(status=Issue.Status.DRAFT, published_at=None, web_only=False)
    logger.info("issue %s was taken back", issue.pk)
    return True


def can_be_taken_back(issue: Issue) -> bool:
    """Return whether it looks so at this moment. Three queries at most."""
    if issue.status != Issue.Status.PUBLISHED:
        return False
    digests = Digest.objects.of_issue(issue).defer("blocks", "texts")
    return not any(map(_mails_are_leaving, digests))


def _cancel(digest: Digest, *, at: datetime) -> None:
    batches = Batch.objects.filter(digest=digest)
    batch_counts.lock(batches)
    if _mails_are_leaving(digest):
        raise MailsAreLeaving
    batches.update(due_at=None)
    sending.keep_carried(digest)
    Digest.objects.filter(pk=digest.pk).update(cancelled_at=at, taken_back_at=at)
    logger.info("digest %s was taken back", digest.pk)


def _mails_are_leaving(digest: Digest) -> bool:
    """Return whether a mail server may have a mail of it, as far as its batches know, which keep
    their counts while they are free; a restored database does not. Who got a correction got
    mails before."""
    if digest.corrects_id or digest.restored_at or digest.was_mailed:
        return True
    return Batch.objects.filter(digest=digest).begun().exists()
