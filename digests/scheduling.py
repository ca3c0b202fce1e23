"""Issues that are published at a time: a draft that has one is published then by the sweep, as it
stands then."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from audit_log.recording import record_act
from digests import obstacles, preview, publishing
from digests.models import Digest
from issues.models import Issue
from issues.models.issue import IssueQuerySet

logger = logging.getLogger(__name__)

MAX_AHEAD = timedelta(days=366)  # that an issue can be scheduled ahead


class NotInTime(Exception):
    """The time has passed, or is further ahead than MAX_AHEAD."""


def schedule(issue: Issue, *, publish_at: datetime, mailed: bool = True, at: datetime) -> None:
    """Have a draft published at `publish_at`, instead of the time that it had.

    Raises NotInTime, and `publishing.NotReady` for what could not be published now either.
    """
    if not at < publish_at <= at + MAX_AHEAD:
        raise NotInTime
    with transaction.atomic():
        drafts = Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT)
        current = drafts.select_for_update().first()
        if current is None:
            raise publishing.NotReady([obstacles.Obstacle(obstacles.Reason.NO_DRAFT)])
        if found := obstacles.of_draft(current, mailed=mailed):
            raise publishing.NotReady(found)
        drafts.update(publish_at=publish_at, web_only=not mailed, missed_at=None, obstacles=[])
    logger.info("issue %s scheduled", issue.pk)


def unschedule(issue: Issue) -> bool:
    """Take the time of a draft back. Returns False if it has none, or is published already."""
    drafts = Issue.objects.scheduled().filter(pk=issue.pk)
    taken_back = bool(drafts.update(publish_at=None, web_only=False))
    if taken_back:
        logger.info("issue %s is not scheduled any more", issue.pk)
    return taken_back


def dismiss(issue: Issue) -> bool:
    """Forget that a draft could not be published at its time. Returns False if that is not so."""
    missed = Issue.objects.missed().filter(pk=issue.pk)
    return bool(missed.update(missed_at=None, obstacles=[]))


def due(*, at: datetime) -> IssueQuerySet:
    """Return the issues that are to be published at `at`, the earliest first."""
    return Issue.objects.scheduled().filter(publish_at__lte=at).select_related("bulletin")


def publish(issue: Issue, *, at: datetime) -> Digest | None:
    """Publish a scheduled issue that is due, unless its time was changed or taken back meanwhile.
    Returns the digest that was opened. One that cannot be published is a draft without a time
    again, which keeps why."""
    with transaction.atomic():
        same = Issue.objects.scheduled().filter(pk=issue.pk, publish_at=issue.publish_at)
        now = same.select_for_update().first()
        if now is None:
            return None
        try:
            return _published(now, at=at)
        except publishing.NotReady as error:
            same.update(publish_at=None, missed_at=now.publish_at, obstacles=list(error.obstacles))
            _record("issue.missed_its_time", now, at=at)
            logger.warning("issue %s could not be published at its time: %s", now.pk, error)
            return None


def _published(issue: Issue, *, at: datetime) -> Digest | None:
    if issue.web_only:
        publishing.publish_on_the_web(issue, at=at)
        _record("issue.published_on_the_web", issue, at=at)
        return None
    digest = publishing.publish(issue, at=at)
    readers = sum(preview.reached(issue, at=at).values())
    _record("issue.published", issue, at=at, readers=readers)
    return digest


def _record(act: str, issue: Issue, *, at: datetime, **after: int) -> None:
    """Write down what the service did at a time that somebody chose."""
    record_act(act, by=None, at=at, after=after, **issue.log_keys)
