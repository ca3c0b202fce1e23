"""The preview of what publishing an issue or a correction would do, for the editor who is asked
whether to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from digests import rendering
from digests.audience import corrections, topic_masks
from digests.audience.keyword_matches import Matcher, matched_articles
from digests.models import Digest
from digests.models.delivery import DeliveryStatus
from issues.models import Issue, Section
from publications.models import Topic
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
class EditionPreview:
    """An edition that readers would get: by which `names` it stands out (LARGEST, COMMONEST or
    SMALLEST), how many `readers` get it, and what they see of it before they open it."""

    names: tuple[str, ...]
    language: str
    topic_mask: int
    readers: int
    sections: tuple[Section, ...]
    subject: str
    preheader: str
    kilobytes: float
    trimmed: bool


MAX_SAMPLE = 20_000  # readers whose topic masks are counted for a preview
LARGEST, COMMONEST, SMALLEST = "largest", "commonest", "smallest"


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """The sections that would be mailed and those that would not; by language how many readers
    would get some of them, or an article that matches their keyword alerts (`reached`); how many
    would get nothing, and how many will be told by their weekly or monthly mail (`later`); which
    topics are announced (`new_topics`); and the `editions` that stand out, as far as topics tell
    them apart, among the first MAX_SAMPLE readers. `minutes` is how long the bulletin's own rate
    limit takes."""

    mailed: tuple[Section, ...]
    left_out: tuple[Section, ...]
    reached: dict[str, int]
    unreached: int
    later: int
    new_topics: tuple[Topic, ...]
    editions: tuple[EditionPreview, ...]
    minutes: int = 0

    @property
    def largest(self) -> tuple[EditionPreview, ...]:
        """The largest edition in each language."""
        return tuple(one for one in self.editions if LARGEST in one.names)


def preview_publishing(issue: Issue, *, at: datetime) -> PublishPreview:
    """Return what would happen if `issue` were published at `at`. Twenty queries at most, and
    50 ms or so for rendering its mails."""
    sections = list(issue.sections.select_related("topic"))
    can_be = set(issue.sections.mailed().values_list("pk", flat=True))
    mailed = tuple(one for one in sections if one.pk in can_be)
    draft = Digest.draft(issue, at=at)
    mailable = Subscriber.objects.filter(bulletin=issue.bulletin_id).mailable(at=at)
    readers = mailable.filter(cadence=Subscriber.Cadence.ISSUE)
    by_language = _reached(draft, readers)
    return PublishPreview(
        mailed=mailed,
        left_out=tuple(one for one in sections if one not in mailed),
        reached=dict(by_language),
        unreached=readers.count() - by_language.total(),
        later=mailable.exclude(cadence=Subscriber.Cadence.ISSUE).count(),
        new_topics=tuple(Topic.objects.filter(pk__in=draft.new_topics)) if draft.new_topics else (),
        editions=_editions(draft, _sampled_masks(draft, readers), {one.pk: one for one in mailed}),
        minutes=ceil(by_language.total() / rate) if (rate := issue.bulletin.rate_limit) else 0,
    )


def _editions(
    draft: Digest, masks: Mapping[tuple[str, int], int], sections: Mapping[int, Section]
) -> tuple[EditionPreview, ...]:
    """The editions that stand out; none where they cannot be rendered yet."""
    try:
        proofs = rendering.Proofs(rendering.previewed(draft))
    except rendering.CannotRender:
        return ()
    found = []
    for language in proofs.languages:
        of_language = {mask: n for (spoken, mask), n in masks.items() if spoken == language}
        for mask, names in _standing_out(proofs, language, of_language).items():
            joined = proofs.edition(language, topic_mask=mask)
            ids = proofs.sections(language, topic_mask=mask)
            found.append(
                EditionPreview(
                    names=tuple(names),
                    language=language,
                    topic_mask=mask,
                    readers=of_language.get(mask, 0),
                    sections=tuple(sections[pk] for pk in ids if pk in sections),
                    subject=joined.subject,
                    preheader=joined.preheader,
                    kilobytes=joined.weight / 1000,
                    trimmed=joined.trimmed,
                )
            )
    return tuple(found)


def _standing_out(
    proofs: rendering.Proofs, language: str, readers: Mapping[int, int]
) -> dict[int, list[str]]:
    """Return the names of the editions that stand out, by their topic masks. The largest is the
    one of all topics, whether anybody follows all of them or not."""
    names = defaultdict(list, {proofs.everything: [LARGEST]})
    weights = {mask: proofs.weight(language, topic_mask=mask) for mask in readers if mask}
    mailed = [mask for mask, weight in weights.items() if weight]
    if mailed:
        names[max(mailed, key=lambda mask: (readers[mask], mask))].append(COMMONEST)
        names[min(mailed, key=lambda mask: (weights[mask], mask))].append(SMALLEST)
    return names


def reached(issue: Issue, *, at: datetime) -> Counter[str]:
    """Return how many readers would get something at `at`, by language, without those to whom it
    comes with their weekly or monthly mail. Five queries."""
    draft = Digest.draft(issue, at=at)
    mailable = Subscriber.objects.filter(bulletin=draft.bulletin_id).mailable(at=at)
    readers = mailable.filter(cadence=Subscriber.Cadence.ISSUE)
    return _reached(draft, readers)


def _reached(draft: Digest, readers: QuerySet[Subscriber]) -> Counter[str]:
    followers = readers.order_by().filter(_follows(draft.topics)).values_list("language")
    return Counter(dict(followers.annotate(number=Count("pk")))) + _alerted(draft, readers)


def _sampled_masks(draft: Digest, readers: QuerySet[Subscriber]) -> dict[tuple[str, int], int]:
    """Count the topic masks of the first MAX_SAMPLE readers, which costs some µs for each."""
    behind = readers.order_by("pk").values_list("pk", flat=True)[MAX_SAMPLE : MAX_SAMPLE + 1]
    last = next(iter(behind), None)
    return topic_masks.counted(draft, readers.filter(pk__lt=last) if last else readers)


def _alerted(draft: Digest, readers: QuerySet[Subscriber]) -> Counter[str]:
    """Return how many of `readers` get something for their keyword alerts alone, by language."""
    others = readers.order_by().filter(
        ~_follows(draft.topics), Exists(KeywordAlert.objects.filter(subscriber=OuterRef("pk")))
    )
    met = matched_articles(Matcher(draft), others)
    alerted = others.values_list("pk", "language") if met else ()
    return Counter(tongue for pk, tongue in alerted if pk in met)


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


def _largest(digest: Digest) -> tuple[LargestMessage, ...]:
    proofs = rendering.Proofs(digest)
    wholes = [(language, proofs.whole(language)) for language in proofs.languages]
    return tuple(
        LargestMessage(language, proofs.page(language), whole.weight / 1000, whole.trimmed)
        for language, whole in wholes
    )
