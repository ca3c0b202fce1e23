"""Publishing an issue: from then on everybody can read it, and its digest is under way."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from digests import audience, obstacles
from digests.models import Digest
from digests.obstacles import Obstacle, Reason
from issues.models import Issue

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """The issue cannot be published yet, because of `obstacles`."""

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("; ".join(each.reason for each in self.obstacles))

    @property
    def reasons(self) -> tuple[str, ...]:
        """The obstacles as sentences for the editor, in the language in force."""
        return tuple(map(str, self.obstacles))


def publish(issue: Issue, *, at: datetime) -> Digest:
    """Publish a draft and open its digest; for an issue that is published, return its digest.

    Raises NotReady. Twice is once: the draft is published by the one who changes its status.
    """
    with transaction.atomic():
        if _become_published(issue, at=at, mailed=True):
            return audience.open_digest(issue, at=at)
    published = Digest.objects.without_corrections().of_issue(issue).first()
    if published is None:
        raise NotReady([Obstacle(Reason.NO_DRAFT)])
    return published


def publish_on_the_web(issue: Issue, *, at: datetime) -> bool:
    """Publish a draft without mails. Returns False if it was published so already. Raises
    NotReady."""
    with transaction.atomic():
        new = _become_published(issue, at=at, mailed=False)
    before = Issue.objects.filter(pk=issue.pk, status=Issue.Status.PUBLISHED, web_only=True)
    if not new and not before.exists():
        raise NotReady([Obstacle(Reason.NO_DRAFT)])
    return new


def correct(draft: Digest, *, released: bool = False) -> tuple[Digest, bool]:
    """Open a correction that `digests.audience.drafted` gave. Returns it, and whether it
    is new.

    Raises NotReady where the bulletin asks for a release and this was not `released`, and
    `digests.audience.StillSending`.
    """
    if draft.bulletin.needs_sign_off and not released:
        raise NotReady([Obstacle(Reason.NOT_RELEASED)])
    return audience.open_correction(draft)


def _become_published(issue: Issue, *, at: datetime, mailed: bool) -> bool:
    """Publish a draft, whose row is held meanwhile. Returns False if it is none. Raises
    NotReady."""
    drafts = Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT)
    current = drafts.select_for_update().first()
    if current is None:
        return False
    if found := obstacles.of_draft(current, mailed=mailed):
        raise NotReady(found)
    published = drafts.update(
        status=Issue.Status.PUBLISHED,
        published_at=at,
        web_only=not mailed,
        publish_at=None,
        missed_at=None,
        obstacles=[],
    )
    if published:
        logger.info("issue %s published%s", issue.pk, "" if mailed else " on the web only")
    return bool(published)
