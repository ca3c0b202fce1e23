"""Opening a digest: freezing who gets what, in bounded steps that can be cut short anywhere."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db import connection, models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from bulletin_site import points
from digests import printing
from digests.mailing import chunking, corrections, watching
from digests.models import Delivery, Digest, Edition, Issue, Section
from digests.models.delivery import Reason, Status
from digests.models.digest import CORRECTION
from subscribers.models import Subscriber, Suppression

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

logger = logging.getLogger(__name__)

MOST_TOPICS = 62  # one bit each of a signed 64-bit number
STEP = 20_000  # readers of whom is written down in one transaction


class _Choice(TypedDict):
    selection: int
    excluded: str


def mailed_topics(issue: Issue) -> list[int]:
    """The ids of the topics of an issue's mailed sections, each once, in the sections' order."""
    return Section.objects.filter(issue=issue).mailed().topic_ids()


def too_many_topics(issue: Issue) -> bool:
    """Whether the sections are about more topics than a digest can hold apart."""
    return len(mailed_topics(issue)) > MOST_TOPICS


def open_digest(issue: Issue, *, at: datetime) -> Digest:
    """The digest of a published issue; opened now unless it was before."""
    digest, new = Digest.objects.get_or_create(
        issue=issue,
        corrects=None,
        defaults={"opened_at": at, "topics": mailed_topics(issue)},
    )
    if new:
        logger.info("digest %s opened for issue %s", digest.pk, issue.pk)
    return digest


def prepare(digest: Digest, *, at: datetime) -> bool:
    """Set the blocks, write one delivery per reader, and stamp the digest as prepared.

    Goes on where an earlier call ended, and returns whether the digest is prepared now. When
    its mails cannot be printed, that is written down as its `failure` before anybody is mailed.
    """
    if not _print(digest):
        return False
    while _step(digest):
        pass
    digest.refresh_from_db()
    if digest.candidates != Delivery.objects.filter(digest=digest).count():
        logger.error("digest %s: the ledger does not hold", digest.pk)
        return False
    with transaction.atomic():
        if Digest.objects.filter(pk=digest.pk, prepared_at=None).update(prepared_at=at):
            chunking.cut(digest)
            logger.info("digest %s prepared: %s readers", digest.pk, digest.candidates)
    points.reached(points.PREPARED)
    return True


def _print(digest: Digest) -> bool:
    try:
        if not digest.blocks:
            printing.set_blocks(digest)
    except printing.CannotPrint as error:
        Digest.objects.filter(pk=digest.pk).update(failure=str(error))
        logger.warning("digest %s cannot be printed: %s", digest.pk, error)
        return False
    Digest.objects.filter(pk=digest.pk).exclude(failure="").update(failure="")
    return True


def _step(digest: Digest) -> bool:
    """Write down who of the next STEP readers gets what; whether there was anybody left."""
    with transaction.atomic():
        digest.refresh_from_db(fields=["prepared_to", "candidates"])
        low = digest.prepared_to
        high = _next_step_ends(digest, low=low)
        if high is None:
            return False
        ours = Digest.objects.filter(pk=digest.pk, prepared_to=low).update(prepared_to=high)
        if not ours:
            return True  # another worker took this step; go on behind it
        new = 0
        while (missing := _missing(digest, low=low, high=high)).exists():
            new += _write_down(digest, missing)
        Digest.objects.filter(pk=digest.pk).update(candidates=F("candidates") + new)
    return True


def _write_down(digest: Digest, readers: QuerySet[Subscriber]) -> int:
    """Who of `readers` gets what; of how many it was written down."""
    if digest.kind == CORRECTION:
        return corrections.add_deliveries(digest, readers)
    chosen = _with_selection(digest, readers)
    met = watching.add_deliveries(digest, readers, chosen=chosen)
    _add_editions(digest, readers)
    return met + _add_deliveries(digest, readers)


def _candidates(digest: Digest) -> QuerySet[Subscriber]:
    """Who was a reader of the bulletin when the digest was opened; of a correction, who got the
    digest that it corrects."""
    if digest.kind == CORRECTION:
        return corrections.audience(digest)
    stayed = Q(unsubscribed_at=None) | Q(unsubscribed_at__gt=digest.opened_at)
    return Subscriber.objects.filter(
        stayed, bulletin=digest.issue.bulletin_id, confirmed_at__lte=digest.opened_at
    )


def _next_step_ends(digest: Digest, *, low: int) -> int | None:
    ids = _candidates(digest).filter(pk__gt=low).order_by("pk").values_list("pk", flat=True)
    step = ids[:STEP].aggregate(high=models.Max("pk"))
    high: int | None = step["high"]
    return high


def _missing(digest: Digest, *, low: int, high: int) -> QuerySet[Subscriber]:
    """The candidates with an id over `low` and up to `high` who have no delivery yet."""
    written = Delivery.objects.filter(digest=digest, subscriber=OuterRef("pk"))
    return _candidates(digest).filter(~Exists(written), pk__gt=low, pk__lte=high)


def _with_selection(
    digest: Digest, readers: QuerySet[Subscriber]
) -> QuerySet[WithAnnotations[Subscriber, _Choice]]:
    """Each reader's selection: bit n for the n-th topic of the digest, 0 while they are paused
    or their address is suppressed."""
    bits = [
        When(subscriptions__topic=topic, then=Value(1 << n))
        for n, topic in enumerate(digest.topics)
    ]
    number: models.BigIntegerField[int, int] = models.BigIntegerField()
    followed = Sum(
        Case(*bits, default=Value(0), output_field=number),
        filter=Q(subscriptions__ended_at=None),
    )
    held = Suppression.objects.current().filter(address_key=OuterRef("address_key"))
    excluded = Case(
        When(Exists(held), then=Value(Reason.SUPPRESSED)),
        When(paused_until__gt=digest.opened_at, then=Value(Reason.PAUSED)),
        default=Value(""),
        output_field=models.CharField(),
    )
    selection = Case(
        When(excluded="", then=Coalesce(Cast(followed, number), Value(0))),
        default=Value(0),
        output_field=number,
    )
    return readers.order_by().annotate(excluded=excluded, selection=selection)


def _add_editions(digest: Digest, readers: QuerySet[Subscriber]) -> None:
    wanted = _with_selection(digest, readers).filter(selection__gt=0)
    pairs = wanted.values_list("language", "selection").distinct()
    Edition.objects.bulk_create(
        (Edition(digest=digest, language=lang, selection=bits) for lang, bits in pairs),
        ignore_conflicts=True,
    )


def _add_deliveries(digest: Digest, readers: QuerySet[Subscriber]) -> int:
    """One row for each of `readers` whose edition there is, or who gets nothing; how many.

    INSERT … SELECT: the rows never pass through Python. Who changed their topics between the
    two statements has no edition yet and is found missing by the next turn of the loop.
    """
    chosen = _with_selection(digest, readers).values("pk", "language", "selection", "excluded")
    select, params = chosen.query.sql_with_params()
    sql = f"""
        INSERT INTO digests_delivery
            (digest_id, subscriber_id, edition_id, status, reason, attempts, due_at, answer)
        SELECT %s, reader.pk, edition.id,
            CASE WHEN edition.id IS NULL THEN %s ELSE %s END,
            CASE WHEN reader.excluded <> '' THEN reader.excluded
                 WHEN edition.id IS NULL THEN %s ELSE '' END,
            0, %s, ''
        FROM ({select}) AS reader
        LEFT JOIN digests_edition AS edition
            ON edition.digest_id = %s AND edition.language = reader.language
            AND edition.selection = reader.selection AND edition.watched = ''
        WHERE edition.id IS NOT NULL OR reader.selection = 0
        ON CONFLICT DO NOTHING"""  # noqa: S608 - Django made the SELECT; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                digest.pk,
                Status.EXCLUDED.value,
                Status.QUEUED.value,
                Reason.NOTHING.value,
                connection.ops.adapt_datetimefield_value(digest.opened_at),
                *params,
                digest.pk,
            ],
        )
        return int(cursor.rowcount)
