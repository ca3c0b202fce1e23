"""What publishing an issue would do, for the editor who is asked whether to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from digests.models import Issue, Section
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Prospect:
    """Which sections would be mailed and which not; by language how many readers would get some
    of them (`reached`); how many would get nothing."""

    mailed: tuple[Section, ...]
    left_out: tuple[Section, ...]
    reached: dict[str, int]
    unreached: int


def foresee(issue: Issue, *, at: datetime) -> Prospect:
    """What would happen if `issue` were published at `at`. Three queries."""
    sections = list(issue.sections.select_related("topic"))
    mailed = tuple(one for one in sections if one.topic_id and not one.not_for_mailing)
    readers = Subscriber.objects.filter(bulletin=issue.bulletin).active(at=at)
    following = Q(
        subscriptions__topic__in={one.topic_id for one in mailed}, subscriptions__ended_at=None
    )
    rows = readers.order_by().filter(following).values_list("language")
    reached = dict(rows.annotate(number=Count("pk", distinct=True)))
    return Prospect(
        mailed=mailed,
        left_out=tuple(one for one in sections if one not in mailed),
        reached=reached,
        unreached=readers.count() - sum(reached.values()),
    )
