"""Corrections: what was wrong in a digest, for exactly those who got it.

A correction is a digest like any other, but for its audience: the deliveries of the digest that
it corrects which were sent and whose editions had one of the articles. Each reader gets those
articles that their own edition had.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet

from digests.audience import editions
from digests.audience.editions import Key
from digests.models import Delivery, Digest, Edition
from digests.models.delivery import DeliveryQuerySet, DeliveryStatus
from digests.sending import ledger
from issues.models import Section
from subscribers.models import Subscriber

logger = logging.getLogger(__name__)

MAX_ARTICLES = 20  # articles of one correction; an issue that is wrong throughout is a new issue


class StillSending(Exception):
    """The digest is not finished: who would get the correction is not known yet."""


def drafted(digest: Digest, *, articles: Iterable[int], remark: str, at: datetime) -> Digest:
    """The correction of some `articles` of `digest`, MAX_ARTICLES at most, not stored. No query."""
    return Digest(
        bulletin_id=digest.bulletin_id,
        issue_id=digest.issue_id,
        corrects=digest,
        corrected=",".join(map(str, sorted(articles))),
        remark=remark,
        topics=digest.topics,
        opened_at=at,
    )


def open_correction(draft: Digest) -> tuple[Digest, bool]:
    """Store what `drafted` gave, to be prepared and sent, and whether that is new: the same
    remark on the same articles is one correction. Raises StillSending."""
    if Digest.objects.unfinished().filter(pk__in=[draft.corrects_id]).exists():
        raise StillSending
    correction, new = Digest.objects.get_or_create(
        corrects=draft.corrects,
        corrected=draft.corrected,
        remark=draft.remark,
        defaults={
            "bulletin_id": draft.bulletin_id,
            "issue_id": draft.issue_id,
            "topics": draft.topics,
            "opened_at": draft.opened_at,
        },
    )
    if new:
        logger.info("digest %s opened, corrects %s", correction.pk, draft.corrects_id)
    return correction, new


def received(correction: Digest, *, status: str = DeliveryStatus.SENT) -> DeliveryQuerySet:
    """The deliveries by which readers got a corrected article; those by which they may have got
    it with the `status` UNCERTAIN. One query, and another when it is asked."""
    mask = _mask(correction)
    either = "|".join(map(str, correction.corrected_articles))
    had = Q(shared__gt=0) | Q(alert_articles__regex=rf"(^|,)({either})(,|$)")
    editions = Edition.objects.filter(digest=correction.corrects_id)
    return Delivery.objects.filter(
        digest=correction.corrects_id,
        status=status,
        subscriber__isnull=False,
        edition__in=editions.annotate(shared=F("topic_mask").bitand(mask)).filter(had),
    )


def audience(correction: Digest) -> QuerySet[Subscriber]:
    """Return who got a corrected article, and is not forgotten."""
    return Subscriber.objects.filter(deliveries__in=received(correction))


def add_deliveries(correction: Digest, readers: QuerySet[Subscriber]) -> int:
    """Write the deliveries of those of `readers` who got a corrected article. Returns how many.
    Whoever left, paused or must not be mailed by now is excluded."""
    rows = list(
        received(correction)
        .filter(subscriber__in=readers)
        .with_skip_reason(at=correction.opened_at)
        .select_related("edition")
    )
    mask = _mask(correction)
    keys = {row.pk: _key(row.edition, correction, mask=mask) for row in rows if row.edition}
    ids = editions.made(correction, set(keys.values()))
    Delivery.objects.bulk_create(
        ledger.new_delivery(
            correction,
            row.subscriber_id,
            edition_id=ids[keys[row.pk]],
            excluded=row.skip_reason,
            corrects=row.pk,
        )
        for row in rows
    )
    return len(rows)


def _mask(correction: Digest) -> int:
    """The mask of the topics that the corrected articles are about."""
    sections = Section.objects.filter(articles__in=correction.corrected_articles).mailed()
    return sum(1 << correction.topics.index(topic) for topic in sections.topic_ids())


def _key(edition: Edition, correction: Digest, *, mask: int) -> Key:
    """Return what is left of an edition when only the corrected articles are."""
    matched = [pk for pk in edition.alert_article_ids if pk in correction.corrected_articles]
    return edition.language, edition.topic_mask & mask, ",".join(map(str, matched))
