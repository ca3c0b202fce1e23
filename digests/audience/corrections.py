"""Corrections: what was wrong in a digest, for exactly those who got it.

A correction is a digest like any other, but for its audience: the deliveries of the digest that
it corrects which were sent and whose editions had one of the articles. Each reader gets those
articles that their own edition had.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from digests.audience import editions
from digests.audience.editions import Key
from digests.models import Delivery, Digest, Edition, LeftOut
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
    if Digest.objects.with_issue(draft.own_issue).filter(finished_at=None).exists():
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
    """The deliveries by which readers got a corrected article, with whichever digest it came; those
    by which they may have got it with the `status` UNCERTAIN. Four queries, and another when it is
    asked."""
    digests = list(Digest.objects.with_issue(correction.own_issue).defer("blocks", "texts"))
    return Delivery.objects.filter(
        ~_left_out(correction),
        digest__in=digests,
        status=status,
        subscriber__isnull=False,
        edition__in=_editions(correction, digests),
    )


def _left_out(correction: Digest) -> Q:
    """The condition that a mail had none of the corrected articles, because they were
    withdrawn."""
    corrected = frozenset(correction.corrected_articles)
    rows: dict[int, list[LeftOut]] = defaultdict(list)
    for row in LeftOut.objects.filter(article__in=corrected):
        rows[row.digest_id].append(row)
    found = Q(pk=None)
    for digest, of_it in rows.items():
        if corrected == {row.article_id for row in of_it}:
            found |= Q(digest=digest, settled_at__gte=max(row.since for row in of_it))
    return found


def _editions(correction: Digest, digests: Iterable[Digest]) -> QuerySet[Edition]:
    """The editions of `digests` with a corrected article."""
    topics = _topics(correction)
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for digest in digests:
        for mask, about in _held_by(correction, digest, topics).items():
            alike[_mask(about, digest), mask].append(digest.pk)
    either = "|".join(map(str, correction.corrected_articles))
    alerted, found = Q(alert_articles__regex=rf"(^|,)({either})(,|$)"), Q(pk=None)
    editions = Edition.objects.all()
    for n, ((topic_mask, issue_mask), ids) in enumerate(alike.items()):
        editions = editions.alias(
            **{
                f"topics_{n}": F("topic_mask").bitand(topic_mask),
                f"issues_{n}": F("issue_mask").bitand(issue_mask),
            }
        )
        by_topic = Q(**{f"topics_{n}__gt": 0, f"issues_{n}__gt": 0})
        found |= Q(digest__in=ids) & (by_topic | alerted)
    return editions.filter(found)


def audience(correction: Digest) -> QuerySet[Subscriber]:
    """Return who got a corrected article, and is not forgotten."""
    return Subscriber.objects.filter(pk__in=received(correction).values("subscriber"))


def add_deliveries(correction: Digest, readers: QuerySet[Subscriber]) -> int:
    """Write the deliveries of those of `readers` who got a corrected article. Returns how many.
    Whoever left, paused or must not be mailed by now is excluded."""
    rows = list(
        received(correction)
        .filter(subscriber__in=readers)
        .with_skip_reason(at=correction.opened_at)
        .select_related("edition", "digest")
        .defer("digest__blocks", "digest__texts")
    )
    topics = _topics(correction)
    keys: dict[int | None, Key] = {}
    for row in rows:  # who was told of an article that was put back has two
        key = _key(row, correction, topics=topics)
        keys[row.subscriber_id] = (
            _both(keys[row.subscriber_id], key) if row.subscriber_id in keys else key
        )
    first = {row.subscriber_id: row for row in reversed(rows)}
    ids = editions.made(correction, set(keys.values()))
    Delivery.objects.bulk_create(
        ledger.new_delivery(
            correction,
            reader,
            edition_id=ids[keys[reader]],
            excluded=row.skip_reason,
            corrects=row.pk,
        )
        for reader, row in first.items()
    )
    return len(first)


def _both(one: Key, other: Key) -> Key:
    """Return the edition of what stands in either."""
    fronts = [*one.alert_articles.split(","), *other.alert_articles.split(",")]
    front = ",".join(dict.fromkeys(pk for pk in fronts if pk))
    return one._replace(topic_mask=one.topic_mask | other.topic_mask, alert_articles=front)


def _topics(correction: Digest) -> dict[int, int]:
    """The topics that the corrected articles are about, by their ids."""
    sections = Section.objects.filter(articles__in=correction.corrected_articles).mailed()
    rows = sections.filter(articles__in=correction.corrected_articles).order_by()
    return {pk: topic for pk, topic in rows.values_list("articles", "topic") if topic is not None}


def _held_by(correction: Digest, digest: Digest, topics: Mapping[int, int]) -> dict[int, set[int]]:
    """Return by which issue masks a digest tells of corrected articles, each with the topics of
    these: as parts of the issue, and of those that it carries alone."""
    found: dict[int, set[int]] = defaultdict(set)
    for article, topic in topics.items():
        for bit in digest.bits_of(article, correction.own_issue.pk):
            found[1 << bit].add(topic)
    return found


def _mask(topics: Collection[int], digest: Digest) -> int:
    """The mask of some topics in a digest."""
    return sum(1 << n for n, topic in enumerate(digest.topics) if topic in topics)


def _key(row: Delivery, correction: Digest, *, topics: Mapping[int, int]) -> Key:
    """Return what is left of the edition of a delivery when only the corrected articles are."""
    edition, digest = row.edition, row.digest
    if edition is None:
        raise ValueError("an excluded reader got no article")
    held = {
        topic
        for mask, about in _held_by(correction, digest, topics).items()
        for topic in about
        if edition.issue_mask & mask
    }
    read = {
        topic
        for n, topic in enumerate(digest.topics)
        if topic in held and edition.topic_mask >> n & 1
    }
    matched = [pk for pk in edition.alert_article_ids if pk in correction.corrected_articles]
    front = ",".join(map(str, matched))
    return Key(edition.language, _mask(read, correction), correction.own_mask, front)
