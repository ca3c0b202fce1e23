"""The date of an issue as it is stored: a day, a month or a year of ISO 8601, or a range of them
(2025-04/06); two years (2023-24); a year with its season (2000 (Spring))."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_RANGE = re.compile(r"(?P<first>\d{4}(?:-\d\d){0,2})(?:/(?P<second>\d[\d-]{1,9}))?", re.ASCII)
_YEARS = re.compile(
    r"(?P<first>\d{4})(?:-(?P<second>(?:\d\d){1,2}))?(?P<season> \([^()]{1,20}\))?", re.ASCII
)


def check_date(value: str) -> None:
    """Raise ValidationError for what is no date of an issue."""
    if not (_iso_dates(value) or _are_years(value)):
        raise ValidationError(_("This is no date. Write it as in the examples."))


def in_words(value: str) -> str:
    """Return a date as the language in force writes it: 2026年9月, September 2026. A season, years
    and what is no date stay as they are."""
    return " – ".join(_one_in_words(one) for one in _iso_dates(value)) or value


def for_machines(value: str) -> str:
    """Return a date as the attribute of `<time>` has it (HTML, 4.5.14); "" for one that it cannot
    have."""
    dates = _iso_dates(value)
    return dates[0] if len(dates) == 1 else ""


def day_format() -> str:
    """Return how a day is written in the language in force, in the letters of Django's `date`
    filter."""
    return gettext("j F Y")


def _iso_dates(value: str) -> list[str]:
    """The one date or the two of a range, whole; none in anything else."""
    match = _RANGE.fullmatch(value)
    if not match:
        return []
    first, second = match["first"], match["second"]
    dates = [first, first[: -len(second)] + second] if second else [first]
    if second and len(second) > len(first):
        return []
    ordered = all(map(_is_iso, dates)) and dates == sorted(set(dates))
    return dates if ordered else []


def _is_iso(value: str) -> bool:
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", value, re.ASCII))


def _are_years(value: str) -> bool:
    """Whether a value is a year, or two that follow each other, with a season or without."""
    match = _YEARS.fullmatch(value)
    if not match or not (match["second"] or match["season"]):
        return False
    second = match["second"] or str(int(match["first"]) + 1)
    return int(second) % 100 == (int(match["first"]) + 1) % 100


def _one_in_words(value: str) -> str:
    year, month, day = [*value.split("-"), "", ""][:3]
    if day:
        return date_format(date.fromisoformat(value), day_format())
    if month:
        return date_format(date(int(year), int(month), 1), "YEAR_MONTH_FORMAT")
    return year
