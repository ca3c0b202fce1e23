"""A short choice of time zones, by city and by how far their clocks are from UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.time_zones import zone_called

CITIES: dict[str, Promise] = {
    "Pacific/Honolulu": gettext_lazy("Honolulu"),
    "America/Los_Angeles": gettext_lazy("Los Angeles, Vancouver"),
    "America/Denver": gettext_lazy("Denver"),
    "America/Chicago": gettext_lazy("Chicago"),
    "America/Mexico_City": gettext_lazy("Mexico City"),
    "America/New_York": gettext_lazy("New York, Toronto"),
    "America/Sao_Paulo": gettext_lazy("São Paulo"),
    "UTC": gettext_lazy("Coordinated Universal Time"),
    "Europe/London": gettext_lazy("London, Lisbon"),
    "Europe/Berlin": gettext_lazy("Berlin, Paris, Rome"),
    "Africa/Lagos": gettext_lazy("Lagos"),
    "Africa/Johannesburg": gettext_lazy("Johannesburg"),
    "Europe/Athens": gettext_lazy("Athens, Helsinki"),
    "Africa/Cairo": gettext_lazy("Cairo"),
    "Europe/Istanbul": gettext_lazy("Istanbul"),
    "Europe/Moscow": gettext_lazy("Moscow"),
    "Africa/Nairobi": gettext_lazy("Nairobi"),
    "Asia/Dubai": gettext_lazy("Dubai"),
    "Asia/Karachi": gettext_lazy("Karachi"),
    "Asia/Kolkata": gettext_lazy("Delhi, Mumbai"),
    "Asia/Dhaka": gettext_lazy("Dhaka"),
    "Asia/Bangkok": gettext_lazy("Bangkok, Hanoi, Jakarta"),
    "Asia/Shanghai": gettext_lazy("Beijing, Shanghai, Hong Kong, Taipei"),
    "Asia/Singapore": gettext_lazy("Singapore, Kuala Lumpur"),
    "Asia/Tokyo": gettext_lazy("Tokyo, Seoul"),
    "Australia/Sydney": gettext_lazy("Sydney, Melbourne"),
    "Pacific/Auckland": gettext_lazy("Auckland"),
}


def choices(present: str, *, at: datetime) -> list[tuple[str, str]]:
    """Return the choices for somebody whose zone is `present`: that of the site, and from west to
    east the zones of CITIES and theirs."""
    own = _("As the site: %(zone)s") % {"zone": label(settings.TIME_ZONE, at=at)}
    names = {*CITIES, *filter(None, [present])}
    ordered = sorted(
        names,
        key=lambda name: (
            _offset(name, at),
            list(CITIES).index(name) if name in CITIES else len(CITIES),
        ),
    )
    return [("", own), *((name, label(name, at=at)) for name in ordered)]


def label(name: str, *, at: datetime) -> str:
    """Return the cities of a zone, and what its clocks show at `at` when UTC is zero."""
    city = CITIES.get(name) or name.rpartition("/")[2].replace("_", " ")
    minutes = _offset(name, at) // timedelta(minutes=1)
    if not minutes:
        return f"{city} (UTC)"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"{city} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def _offset(name: str, at: datetime) -> timedelta:
    return at.astimezone(zone_called(name)).utcoffset() or timedelta(0)
