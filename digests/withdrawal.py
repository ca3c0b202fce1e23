"""Withdrawing what is published, an issue or one of its articles, and putting it back.

Readers who follow a link to it are told; nothing else leads there. What is being mailed is paused:
of an issue nobody gets more; an article is left out for those who still wait, once somebody
resumes it (`digests.sending.what_holds`). What is put back comes with their next mail to those who
were told of its issue without it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from digests import sending
from digests.models import Digest
from issues.models import Article, Issue

logger = logging.getLogger(__name__)


class Withdrawn(NamedTuple):
    """The result: whether it is `new`, and the digests that were `paused` for it."""

    new: bool
    paused: tuple[Digest, ...] = ()


def withdraw_issue(issue: Issue, *, because: str, at: datetime) -> Withdrawn:
    """Withdraw a published issue. `because` is what readers are told of it."""
    with transaction.atomic():
        published = Issue.objects.filter(pk=issue.pk, status=Issue.Status.PUBLISHED)
        if not published.update(status=Issue.Status.WITHDRAWN, withdrawn_at=at, withdrawal=because):
            return Withdrawn(new=False)
        logger.info("issue %s withdrawn", issue.pk)
        return Withdrawn(new=True, paused=_pause(issue, at=at))


def restore_issue(issue: Issue) -> bool:
    """Publish a withdrawn issue again. Returns False if it was not withdrawn."""
    withdrawn = Issue.objects.filter(pk=issue.pk, status=Issue.Status.WITHDRAWN)
    with transaction.atomic():
        restored = bool(
            withdrawn.update(status=Issue.Status.PUBLISHED, withdrawn_at=None, withdrawal="")
        )
        if restored:
            sending.make_up_for(Article.objects.filter(section__issue=issue))
    if restored:
        logger.info("issue %s put back", issue.pk)
    return restored


def withdraw_article(article: Article, *, because: str, at: datetime) -> Withdrawn:
    """Withdraw an article of a published issue. `because` is what readers are told of it."""
    issue = article.section.issue
    with transaction.atomic():
        published = Article.objects.standing().filter(
            pk=article.pk, section__issue__status=Issue.Status.PUBLISHED
        )
        if not published.update(withdrawn_at=at, withdrawal=because):
            return Withdrawn(new=False)
        logger.info("article %s of issue %s withdrawn", article.pk, issue.pk)
        return Withdrawn(new=True, paused=_pause(issue, at=at))


def restore_article(article: Article) -> bool:
    """Put a withdrawn article back. Returns False if it was not withdrawn."""
    withdrawn = Article.objects.filter(pk=article.pk, withdrawn_at__isnull=False)
    with transaction.atomic():
        restored = bool(withdrawn.update(withdrawn_at=None, withdrawal=""))
        if restored:
            sending.make_up_for(Article.objects.filter(pk=article.pk))
    if restored:
        logger.info("article %s put back", article.pk)
    return restored


def _pause(issue: Issue, *, at: datetime) -> tuple[Digest, ...]:
    of_it = Digest.objects.with_issue(issue) | Digest.objects.of_issue(issue)
    going = of_it.unfinished().filter(cancelled_at=None).defer("blocks", "texts")
    return tuple(digest for digest in going if sending.pause(digest, at=at))
