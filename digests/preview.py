"""The preview of what publishing an issue or a correction would do, for the editor who is asked
whether to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Count, Exists, OuterRef

from digests import rendering
from digests.audience import corrections
from digests.audience.keyword_matches import matched_articles
from digests.models import Digest
from digests.models.delivery import DeliveryStatus
from issues.models import Issue, Section
from subscribers.models import KeywordAlert, Subscriber, Subscription


@dataclass(frozen=True, slots=True)
class LargestMessage:
    """The mail with all sections in a language: its HTML, what that weighs in kB (of 1,000
    bytes), and whether leads or articles would be left out, so that mail programs show it whole."""

    language: str
    html: str
    kilobytes: float
    trimmed: bool


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """The sections that would be mailed and those that would not; by language how many readers
    would get some of them, or an article that matches their keyword alerts (`reached`); how many
    would get nothing; and what the largest mails are. `minutes` is how long the bulletin's own
    rate limit takes for them."""

    mailed: tuple[Section, ...]
    left_out: tuple[Section, ...]
    reached: dict[str, int]
    unreached: int
    largest: tuple[LargestMessage, ...]
    minutes: int = 0


def preview_publishing(issue: Issue, *, at: datetime) -> PublishPreview:
    """Return what would happen if `issue` were published at `at`. Thirteen queries at most, and
    50 ms or so for rendering its mails."""
    sections = list(issue.sections.select_related("topic"))
    can_be = set(issue.sections.mailed().values_list("pk", flat=True))
    mailed = tuple(one for one in sections if one.pk in can_be)
    readers = Subscriber.objects.filter(bulletin=issue.bulletin).mailable(at=at)
    by_language = reached(issue, at=at)
    return PublishPreview(
        mailed=mailed,
        left_out=tuple(one for one in sections if one not in mailed),
        reached=dict(by_language),
        unreached=readers.count() - by_language.total(),
        largest=_of_issue(issue, at=at),
        minutes=ceil(by_language.total() / rate) if (rate := issue.bulletin.rate_limit) else 0,
    )


def reached(issue: Issue, *, at: datetime) -> Counter[str]:
    """Return how many readers would get something at `at`, by language. Five queries."""
    draft = Digest.draft(issue, at=at)
    readers = Subscriber.objects.filter(bulletin=draft.bulletin).mailable(at=at).order_by()
    follows = _follows(draft.topics)
    by_language = readers.filter(follows).values_list("language").annotate(number=Count("pk"))
    others = readers.filter(
        ~follows, Exists(KeywordAlert.objects.filter(subscriber=OuterRef("pk")))
    )
    met = matched_articles(draft, others)
    alerted = others.values_list("pk", "language") if met else ()
    return Counter(dict(by_language)) + Counter(tongue for pk, tongue in alerted if pk in met)


def _follows(topics: Sequence[int]) -> Exists:
    """Return whether a reader follows one of `topics`. Not by their ids: above some hundred
    thousand of them PostgreSQL scans `NOT (id IN (SELECT ...))` anew for each reader."""
    current = Subscription.objects.current().filter(subscriber=OuterRef("pk"))
    return Exists(current.filter(topic__in=topics))


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """The readers who would get a correction, by language (`reached`), how many got a corrected
    article but have left or paused since, or must not be mailed (`unreached`), of how many nobody
    knows whether they got one (`uncertain`), and the mails with all that is corrected."""

    reached: dict[str, int]
    unreached: int
    uncertain: int
    largest: tuple[LargestMessage, ...]


def preview_correction(draft: Digest) -> CorrectionPreview:
    """Return who would get the correction that `digests.audience.drafted` gave, and how it would
    look. Eight queries. Raises `digests.rendering.CannotRender`."""
    largest = _largest(rendering.previewed(draft))
    rows: Any = corrections.received(draft).with_skip_reason(at=draft.opened_at).order_by()
    free = rows.filter(skip_reason="").values_list("edition__language")
    return CorrectionPreview(
        reached=dict(free.annotate(number=Count("pk"))),
        unreached=rows.exclude(skip_reason="").count(),
        uncertain=corrections.received(draft, status=DeliveryStatus.UNCERTAIN).count(),
        largest=largest,
    )


def _of_issue(issue: Issue, *, at: datetime) -> tuple[LargestMessage, ...]:
    """The largest mails of an issue; none where none can be rendered yet."""
    try:
        return _largest(rendering.preview_of(issue, at=at))
    except rendering.CannotRender:
        return ()


def _largest(digest: Digest) -> tuple[LargestMessage, ...]:
    proofs = rendering.Proofs(digest)
    wholes = [(language, proofs.whole(language)) for language in proofs.languages]
    return tuple(
        LargestMessage(language, proofs.page(language), whole.weight / 1000, whole.trimmed)
        for language, whole in wholes
    )
