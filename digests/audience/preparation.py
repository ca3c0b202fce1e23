"""Opening a digest: freezing who gets what, in bounded steps that can be cut short anywhere."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from digests import rendering
from digests.audience import (
    batching,
    carrying,
    choosing,
    corrections,
    interest,
    keyword_matches,
    topic_masks,
)
from digests.audience.keyword_matches import Matcher
from digests.models import Delivery, Digest, PendingIssue
from digests.models.delivery import MAY_INFORM, DeliveryStatus
from digests.models.digest import CORRECTION, DIGEST, Occasion
from digests.sending import left_out
from foundation import fault_injection, link_keys
from issues.models import Issue
from mail.delivery import ShouldStop, never_stop
from publications.models import Bulletin
from subscribers.models import Subscriber, may_be_mailed

logger = logging.getLogger(__name__)

STEP = 20_000  # readers of whom is written down in one transaction
_CONCERNED: dict[str, Callable[[datetime], Q]] = {
    Occasion.ISSUE: lambda _at: Q(),
    Occasion.WEEKLY: lambda _at: Q(cadence=Subscriber.Cadence.WEEKLY),
    Occasion.MONTHLY: lambda _at: Q(cadence=Subscriber.Cadence.MONTHLY),
    Occasion.CATCH_UP: lambda at: Q(catch_up_due_at__lte=at) | Q(paused_until__lte=at),
    Occasion.WELCOME: lambda at: Q(welcome_due_at__lte=at),
}
_EXCLUDED = Q(status=DeliveryStatus.EXCLUDED)


@transaction.atomic
def open_digest(issue: Issue, *, at: datetime) -> Digest:
    """The digest of a published issue; opened now unless it was before. It carries what its readers
    have not been told of yet."""
    draft = Digest.draft(issue, at=at)
    digest, new = Digest.objects.get_or_create(
        issue=issue,
        corrects=None,
        taken_back_at=None,
        defaults={
            "bulletin": draft.bulletin,
            "opened_at": at,
            "topics": draft.topics,
            "new_topics": draft.new_topics,
        },
    )
    if new:
        readers = _mailed_now(digest, _candidates(digest))
        issues = carrying.pending_issues(digest, readers)
        carrying.write_down(digest, issues, carrying.pending_articles(digest, readers))
        logger.info("digest %s opened for issue %s", digest.pk, issue.pk)
    return digest


def open_collected(
    bulletin: Bulletin, occasion: Occasion, *, at: datetime, due_at: datetime | None = None
) -> Digest | None:
    """Open the digest of what the readers of that occasion have not been told of; None where there
    is nothing that one of them follows, or it was opened before. It holds what was published up to
    `due_at`, or else `at`.
    """
    digest = Digest(bulletin=bulletin, occasion=occasion, opened_at=at, due_at=due_at)
    with transaction.atomic():
        readers = _candidates(digest)
        carrying.add_missing(digest, readers)
        mailed = _mailed_now(digest, readers)
        issues = carrying.pending_issues(digest, mailed)
        articles = carrying.pending_articles(digest, mailed)
        if not interest.somebody_wants(issues, articles, mailed):
            interest.mark_asked(issues, articles, mailed)
            _events_are_over(digest, readers)
            return None
        digest.save(force_insert=True)
        carrying.write_down(digest, issues, articles)
    logger.info("digest %s opened: %s, %s issues", digest.pk, occasion.value, len(issues))
    return digest


def prepare(digest: Digest, *, at: datetime, stop: ShouldStop = never_stop) -> bool:
    """Set the blocks, write one delivery per reader, and stamp the digest as prepared.

    Goes on where an earlier call ended, and returns whether the digest is prepared now: not when
    `stop()` was true between two steps, each of about half a second. When its mails cannot be
    rendered, that is written down as its `failure` before anybody is mailed.
    """
    if not _render(digest):
        return _given_up(digest, at=at)
    left, matcher = True, Matcher(digest)
    while left:
        if stop():
            return False
        left = _step(digest, matcher)
    digest.refresh_from_db()
    rows = Delivery.objects.filter(digest=digest)
    written = rows.aggregate(all=Count("pk"), excluded=Count("pk", filter=_EXCLUDED))
    if written != {"all": digest.candidates, "excluded": sum(digest.excluded.values())}:
        logger.error("digest %s: the ledger does not hold", digest.pk)
        return False
    with transaction.atomic():
        unprepared = Digest.objects.filter(pk=digest.pk, prepared_at=None)
        # A database that is restored to the middle of preparing gives the numbers of deliveries
        # anew; so the links and return paths of these have a key that none of the others has.
        if unprepared.update(prepared_at=at, link_key=link_keys.random_link_key()):
            batching.cut(digest)
            logger.info("digest %s prepared: %s readers", digest.pk, digest.candidates)
    digest.refresh_from_db(fields=["link_key"])
    fault_injection.crash_here(fault_injection.PREPARED)
    return True


def _render(digest: Digest) -> bool:
    try:
        if not digest.blocks:
            with transaction.atomic():
                rendering.set_blocks(digest)
                if digest.kind == DIGEST:
                    left_out.since_rendered(digest)
    except rendering.CannotRender as error:
        Digest.objects.filter(pk=digest.pk).update(failure=str(error))
        logger.warning("digest %s cannot be rendered: %s", digest.pk, error)
        return False
    Digest.objects.filter(pk=digest.pk).exclude(failure="").update(failure="")
    return True


def _given_up(digest: Digest, *, at: datetime) -> bool:
    """Stamp a cancelled digest that cannot be rendered as prepared, for nobody. Returns whether
    it is new."""
    cancelled = Digest.objects.filter(pk=digest.pk, cancelled_at__isnull=False, candidates=0)
    return bool(cancelled.filter(prepared_at=None).update(prepared_at=at))


def _step(digest: Digest, matcher: Matcher) -> bool:
    """Write down who of the next STEP readers gets what. Returns whether there was anybody left."""
    with transaction.atomic():
        digest.refresh_from_db(fields=["prepared_to", "candidates", "excluded", "taken_back_at"])
        if digest.taken_back_at is not None:
            return False  # its issue is a draft again, and may change
        low = digest.prepared_to
        high = _next_step_ends(digest, low=low)
        if high is None:
            return False
        ours = Digest.objects.filter(pk=digest.pk, prepared_to=low).update(prepared_to=high)
        if not ours:
            return True  # another worker took this step; go on behind it
        readers = _candidates(digest).filter(pk__gt=low, pk__lte=high)
        new = _write_down(digest, readers, matcher)
        _events_are_over(digest, readers)
        excluded = Counter(digest.excluded) + _excluded(digest, low=low, high=high)
        Digest.objects.filter(pk=digest.pk).update(
            candidates=F("candidates") + new, excluded=excluded
        )
    return True


def _excluded(digest: Digest, *, low: int, high: int) -> Counter[str]:
    """Return how many of the readers of a step get nothing, by reason."""
    step = Delivery.objects.filter(digest=digest, subscriber__gt=low, subscriber__lte=high)
    rows = step.filter(_EXCLUDED).order_by().values_list("reason")
    return Counter(dict(rows.annotate(number=Count("pk"))))


def _write_down(digest: Digest, readers: QuerySet[Subscriber], matcher: Matcher) -> int:
    """Write down who of `readers` gets what. Returns of how many."""
    if digest.kind == CORRECTION:
        return corrections.add_deliveries(digest, readers)
    with choosing.chosen(digest, topic_masks.with_topic_mask(digest, readers)):
        met = keyword_matches.add_deliveries(matcher, readers)
        others = choosing.add_deliveries(digest, some_have_one=met > 0)
        choosing.keep_pending(digest)
    return met + others


def _candidates(digest: Digest) -> QuerySet[Subscriber]:
    """Return those who were readers of the bulletin when the digest was opened, and of what is no
    issue's those whom its occasion concerns; of a correction, those who got what it corrects."""
    if digest.kind == CORRECTION:
        return corrections.audience(digest)
    at = digest.opened_at
    stayed = Q(unsubscribed_at=None) | Q(unsubscribed_at__gt=at)
    return Subscriber.objects.filter(
        stayed, _CONCERNED[digest.occasion](at), bulletin=digest.bulletin_id, confirmed_at__lte=at
    )


def _mailed_now(digest: Digest, readers: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
    """Return those of `readers` who may be mailed, and whose cadence lets the digest come now."""
    mailable = readers.filter(may_be_mailed(at=digest.opened_at))
    if digest.occasion in topic_masks.WITH_EACH_ISSUE:
        return mailable.filter(cadence=Subscriber.Cadence.ISSUE)
    return mailable


def _events_are_over(digest: Digest, readers: QuerySet[Subscriber]) -> None:
    """Have what the digest is opened for be due no more to `readers`, all or those of a step; a
    new reader for whom there was no mail is greeted."""
    at, ours = digest.opened_at, Subscriber.objects.filter(pk__in=readers.order_by().values("pk"))
    match digest.occasion:
        case Occasion.WELCOME:
            informing = Delivery.objects.filter(
                subscriber=OuterRef("pk"),
                digest__opened_at__gte=OuterRef("confirmed_at"),
                status__in=MAY_INFORM,
            )
            ours.filter(~Exists(informing)).update(greeting_due_at=at)
            ours.update(welcome_due_at=None, missing_since=None)
        case Occasion.CATCH_UP:
            # What is left comes with the next issue, and with no weekly mail any more.
            changed = ours.filter(catch_up_due_at__lte=at, cadence=Subscriber.Cadence.ISSUE)
            PendingIssue.objects.filter(subscriber__in=changed, later=True).update(later=False)
            ours.filter(catch_up_due_at__lte=at).update(catch_up_due_at=None, missing_since=None)
            ours.filter(paused_until__lte=at).update(paused_until=None)


def _next_step_ends(digest: Digest, *, low: int) -> int | None:
    ids = _candidates(digest).filter(pk__gt=low).order_by("pk").values_list("pk", flat=True)
    step = ids[:STEP].aggregate(high=models.Max("pk"))
    high: int | None = step["high"]
    return high
