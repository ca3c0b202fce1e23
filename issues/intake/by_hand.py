"""An issue that is made by hand, without any file."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from issues.models import Issue, Section
from publications.models import Bulletin

logger = logging.getLogger(__name__)


def begin(bulletin: Bulletin, *, at: datetime) -> Issue:
    """Make a draft dated today, with one empty section; one that was begun today and not
    touched since is taken up again."""
    today = localdate(at).isoformat()
    with transaction.atomic():
        Bulletin.objects.select_for_update().get(pk=bulletin.pk)  # two presses are one draft
        empty = Issue.objects.filter(
            bulletin=bulletin,
            status=Issue.Status.DRAFT,
            date=today,
            files=None,
            version=0,
        )
        if (begun := empty.first()) is not None:
            return begun
        issue = Issue.objects.create(
            bulletin=bulletin,
            status=Issue.Status.DRAFT,
            title=bulletin.name[:200],
            date=today,
            uploaded_at=at,
            read_at=at,
        )
        Section.objects.create(issue=issue, position=1)
    logger.info("issue %s begun by hand for bulletin %s", issue.pk, bulletin.pk)
    return issue
