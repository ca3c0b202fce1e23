"""Time zones: the one of a name, and the moment that a clock on its wall shows."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.utils import timezone


class NoSuchTime(ValueError):
    """The clocks are put forward over that time: they never show it."""


@lru_cache(maxsize=1024)
def zone_called(name: str) -> tzinfo:
    """The time zone of that IANA name; the site's where there is none."""
    try:
        return ZoneInfo(name) if name else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


@cache
def places() -> tuple[str, ...]:
    """Return the names of all zones that are called by a place, such as Asia/Shanghai."""
    regions = "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific"
    kept = tuple(f"{region}/" for region in regions.split())
    return tuple(sorted(name for name in available_timezones() if name.startswith(kept)))


def moment(wall: datetime, zone: tzinfo) -> datetime:
    """Return when the clocks of `zone` show `wall`, the first time where they are put back and
    show it twice. Raises NoSuchTime."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != wall.replace(fold=0):
        raise NoSuchTime
    return first


def is_twice(wall: datetime, zone: tzinfo) -> bool:
    """Return whether the clocks of `zone` show `wall` twice, because they are put back."""
    offsets = [wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    return offsets[0] != offsets[1] and _exists(wall, zone)


def tomorrow(at: datetime, zone: tzinfo, *, hour: int) -> datetime:
    """Return when it is `hour` o'clock in `zone` on the day after that of `at`; where the clocks
    are put forward over that hour, when they are."""
    day = at.astimezone(zone).date() + timedelta(1)
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _exists(wall: datetime, zone: tzinfo) -> bool:
    try:
        moment(wall, zone)
    except NoSuchTime:
        return False
    return True
