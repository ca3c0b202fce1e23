"""Topic masks: which of a digest's topics each reader follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from digests.models import Digest
from digests.models.delivery import SkipReason
from digests.models.digest import Occasion
from issues.models import Issue, Section
from subscribers.models import Subscriber, Subscription, skip_reason

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


MAX_TOPICS = 62  # one bit each of a signed 64-bit number
# The digests that come between two weekly or monthly mails, to those alone who do not get these.
WITH_EACH_ISSUE = frozenset({Occasion.ISSUE, Occasion.CATCH_UP})


class _Choice(TypedDict):
    topic_mask: int
    excluded: str


def too_many_topics(issue: Issue) -> bool:
    """Return whether the sections are about more topics than a digest can hold apart."""
    return len(Section.objects.filter(issue=issue).mailed().topic_ids()) > MAX_TOPICS


def with_topic_mask(
    digest: Digest, readers: QuerySet[Subscriber]
) -> QuerySet[WithAnnotations[Subscriber, _Choice]]:
    """Return each reader's topic mask, bit n for the n-th topic of the digest; and why they are
    excluded, whatever they follow: they have left, paused, their address is suppressed, or an issue
    comes with their weekly or monthly mail."""
    return readers.order_by().annotate(excluded=_excluded(digest), topic_mask=_topic_mask(digest))


def _excluded(digest: Digest) -> Case:
    if digest.occasion not in WITH_EACH_ISSUE:
        return skip_reason(at=digest.opened_at)
    later = When(~Q(cadence=Subscriber.Cadence.ISSUE), then=Value(SkipReason.LATER.value))
    return skip_reason(at=digest.opened_at, further=[later])


def counted(digest: Digest, readers: QuerySet[Subscriber]) -> dict[tuple[str, int], int]:
    """Return how many of `readers` there are of each language and topic mask. One query."""
    masks = readers.order_by().annotate(topic_mask=_topic_mask(digest))
    rows = masks.values_list("language", "topic_mask").annotate(number=Count("pk"))
    return {(language, mask): number for language, mask, number in rows}


def _topic_mask(digest: Digest) -> Coalesce:
    number: models.BigIntegerField[int, int] = models.BigIntegerField()
    bits = [When(topic=topic, then=Value(1 << n)) for n, topic in enumerate(digest.topics)]
    bit = Case(*bits, default=Value(0), output_field=number)
    current = Subscription.objects.filter(subscriber=OuterRef("pk"), ended_at=None).order_by()
    # Looked up reader by reader: of a join PostgreSQL would read the whole table at each step.
    followed = current.values("subscriber").annotate(bits=Cast(Sum(bit), number)).values("bits")
    return Coalesce(Subquery(followed), Value(0), output_field=number)
