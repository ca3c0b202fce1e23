"""Dates of issues, however exact, and whether two of them say the same."""

from __future__ import annotations

import re

_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}  # ISO 8601-2
_SEASON = re.compile("|".join(_SEASONS))
_TWO_YEARS = re.compile(r"(\d{4})[-/](?:\d\d)?(\d\d)")
Span = tuple[int, ...]


def is_same(read: str, wanted: str) -> bool:
    """Whether two dates say the same; "2025-04/06" is "2025-04/2025-06", "2000-21" is a spring."""
    return read == wanted or _span(read) == _span(wanted) != ()


def _span(date: str) -> Span:
    """Year, month and day of the first and, where it differs, of the last; () for no date."""
    text = date.casefold().replace("–", "-")
    if season := _SEASON.search(text):
        return (*_numbers(text)[:1], _SEASONS[season[0]])
    if years := _two_years(text):
        return years
    first, _, last = text.partition("/")
    start, stop = _numbers(first), _numbers(last)
    return (*start, 0, *_completed(stop, start)) if stop else start


def _two_years(text: str) -> Span:
    """A year and the next, "2014-2015" or "2023-24"; () for anything else."""
    years = _TWO_YEARS.fullmatch(text)
    follows = years and (int(years[1]) + 1) % 100 == int(years[2])
    return (int(years[1]), 0, int(years[1]) + 1) if years and follows else ()


def _numbers(text: str) -> Span:
    return tuple(map(int, re.findall(r"\d+", text)))


def _completed(stop: Span, start: Span) -> Span:
    """The last date with what it has in common with the first: (6,) after (2025, 4)."""
    return (*start[: len(start) - len(stop)], *stop)
