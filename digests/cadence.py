"""Digests that no issue opens: weekly and monthly ones when they are due by the bulletin's clock,
what was missed during a pause once it is over, and the first mail of new readers.

What each holds is what its readers have not been told of, so that a mail that comes late, or twice,
tells of nothing twice and of everything once (docs/cadence.md).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db import IntegrityError, transaction
from django.db.models import Min

from digests import audience, sending
from digests.models import Digest
from digests.models.digest import DigestQuerySet, Occasion
from publications.models import Bulletin
from subscribers.models import Subscriber

logger = logging.getLogger(__name__)

_BY_CALENDAR = {
    Occasion.WEEKLY: Subscriber.Cadence.WEEKLY,
    Occasion.MONTHLY: Subscriber.Cadence.MONTHLY,
}


def open_due(*, at: datetime) -> Iterator[Digest]:
    """Open the digests that are due at `at`, and yield each. Some queries for each bulletin, more
    where there is something to open.

    One that may have been mailed before the database was restored from a backup is opened paused.
    """
    for bulletin in Bulletin.objects.all():
        for occasion in Occasion:
            if occasion != Occasion.ISSUE and (digest := _open(bulletin, occasion, at=at)):
                yield digest


def last_due(bulletin: Bulletin, occasion: Occasion, *, at: datetime) -> datetime:
    """Return when the weekly or monthly mail was due for the last time, at `at` or before."""
    return next(due for due in _moments(bulletin, occasion, at=at, step=-1) if due <= at)


def next_due(bulletin: Bulletin, occasion: Occasion, *, at: datetime) -> datetime:
    """Return when the weekly or monthly mail is due next, after `at`."""
    return next(due for due in _moments(bulletin, occasion, at=at, step=1) if due > at)


def _moments(
    bulletin: Bulletin, occasion: Occasion, *, at: datetime, step: int
) -> Iterator[datetime]:
    """Yield when the mail is due from the day of `at` on, forwards with a `step` of 1 and backwards
    with -1: also of two months, one of which may not have the day."""
    zone = bulletin.zone
    today = at.astimezone(zone).date()
    for day in (today + timedelta(step * n) for n in range(63)):
        if _is_day(bulletin, occasion, day):
            yield _moment(day, bulletin.digest_hour, zone)


def _is_day(bulletin: Bulletin, occasion: Occasion, day: date) -> bool:
    if occasion == Occasion.WEEKLY:
        return day.isoweekday() == bulletin.weekly_day
    return day.day == bulletin.monthly_day


def _moment(day: date, hour: int, zone: tzinfo) -> datetime:
    """Return when the clocks of `zone` show that hour, or, where they are put forward over it, when
    they are: by as much as they are put forward, which is two hours in Antarctica/Troll and half of
    one on Lord Howe Island. Of an hour that comes twice the first counts."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _open(bulletin: Bulletin, occasion: Occasion, *, at: datetime) -> Digest | None:
    by_calendar = occasion in _BY_CALENDAR
    since = (_due_since if by_calendar else _awaited_since)(bulletin, occasion, at=at)
    if since is None:
        return None
    try:
        with transaction.atomic():
            digest = audience.open_collected(
                bulletin, occasion, at=at, due_at=since if by_calendar else None
            )
            if digest is not None and sending.may_have_been_mailed(since):
                Digest.objects.filter(pk=digest.pk).update(paused_at=at, restored_at=at)
            return digest
    except IntegrityError:  # another process opened it at the same moment
        logger.info("%s of bulletin %s was opened meanwhile", occasion.value, bulletin.pk)
        return None


def _due_since(bulletin: Bulletin, occasion: Occasion, *, at: datetime) -> datetime | None:
    """Return when the weekly or monthly mail was due that was not opened. One of a day that is
    still to come, opened by a clock that ran ahead, keeps nobody from those before. It waits for
    issues that appeared before, and of which it is still being written down who gets them."""
    due_at = last_due(bulletin, occasion, at=at)
    opened = Digest.objects.filter(bulletin=bulletin, occasion=occasion, due_at__range=(due_at, at))
    readers = Subscriber.objects.filter(bulletin=bulletin, cadence=_BY_CALENDAR[occasion])
    if opened.exists() or not readers.confirmed().exists():
        return None
    return None if _being_prepared(bulletin).filter(opened_at__lte=due_at).exists() else due_at


def _awaited_since(bulletin: Bulletin, occasion: Occasion, *, at: datetime) -> datetime | None:
    """Return since when a reader waits for it, while nothing of the bulletin is being prepared."""
    readers = Subscriber.objects.confirmed().filter(bulletin=bulletin, confirmed_at__lte=at)
    columns = (
        ["welcome_due_at"] if occasion == Occasion.WELCOME else ["catch_up_due_at", "paused_until"]
    )
    firsts: list[datetime | None] = [
        readers.filter(**{f"{column}__lte": at}).aggregate(first=Min(column))["first"]
        for column in columns
    ]
    since: datetime | None = min((first for first in firsts if first), default=None)
    unprepared = Digest.objects.filter(bulletin=bulletin, occasion=occasion, prepared_at=None)
    if since is None or unprepared.exists() or _being_prepared(bulletin).exists():
        return None
    return since


def _being_prepared(bulletin: Bulletin) -> DigestQuerySet:
    """Return the digests of which it is being written down who gets them."""
    unprepared = Digest.objects.filter(bulletin=bulletin, prepared_at=None, cancelled_at=None)
    return unprepared.without_corrections().filter(failure="")
