"""The dates that people print on an issue: days, months, seasons and years, and ranges of them.

A day, a month and a range of them are ISO 8601 (2024-09-30, 2024-09, 2025-04/06); a season is its
year with the season as printed, 2000 (Spring); two years are as printed, 2014-2015 or 2023-24.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pdf_reading.lexicon.months import (
    CHINESE_SEASON,
    DASH,
    MONTH,
    SEASON,
    month_of,
    with_plain_numerals,
)

_Y, _D = r"(?<!\d)(?:19|20)\d{2}", r"(?<!\d)\d{1,2}"
_TH = r"(?:\s?(?:st|nd|rd|th|er)\b|[.º°ª])?"
_OF = r"\s*-?(?:\b(?:of|de|del|dne)\b\s*)?"
_AT_END = rf"[\s,.-]*(?:\b(?:of|de|del)\b\s*)?(?P<y>{_Y}|['’]\d{{2}})(?!\d)"
_YEAR_ON = rf"(?P<y2>(?:{_Y}|\d{{2}}))(?!\d)"
_SEASONS = rf"{SEASON}(?:{DASH}{SEASON})?"
# Of two dates, what stands before the common part ends in 0 and what stands behind it in 2.
_DAY_THEN_MONTH = rf"(?P<d>{_D}){_TH}{_OF}(?P<n>{MONTH}){_AT_END}"
_MONTH_THEN_DAY = rf"(?P<n>{MONTH})\s*(?P<d>{_D}){_TH}{_AT_END}"
_CHINESE_MONTH = rf"(?P<y>{_Y})\s*年\s*(?P<m>{_D})"
_CHINESE_DAY = rf"{_CHINESE_MONTH}\s*月\s*(?P<d>{_D})"
_SEPARATED = rf"(?P<y>{_Y})(?P<sep>\s?[-./]\s?)(?P<m>{_D})(?P=sep)(?P<d>{_D})(?!\d)"

_Parts = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date, and from where to where it is printed. `is_day`: it names a day. `is_sure`: it names
    more than years, as these may be any numbers."""

    value: str
    start: int
    stop: int
    is_day: bool
    is_sure: bool


def dates_in(text: str) -> Iterator[PrintedDate]:
    """The dates of a text in order, the longest of those that begin at one place. Their places are
    those in the text `with_plain_numerals`."""
    text, at = with_plain_numerals(text), 0
    while found := _next(text, at):
        yield found
        at = found.stop


def first_date(text: str, *, days_only: bool = False) -> str:
    """The first sure date of a text; "" without one."""
    dates = (one for one in dates_in(text) if one.is_sure and (one.is_day or not days_only))
    return next((one.value for one in dates), "")


def without_dates(text: str, *, mark: str = " ") -> str:
    """A text with a mark in the place of each of its dates."""
    plain, pieces, at = with_plain_numerals(text), [], 0
    for one in dates_in(text):
        pieces.append(plain[at : one.start])
        at = one.stop
    return mark.join([*pieces, plain[at:]])


def _next(text: str, at: int) -> PrintedDate | None:
    found = [
        PrintedDate(value, *match.span(), is_day=form in _OF_DAYS, is_sure=form is not _years)
        for form, patterns in _FORMS.items()
        for pattern in patterns
        if (match := pattern.search(text, at)) and (value := form(match.groupdict()))
    ]
    return min(found, key=lambda one: (one.start, -one.stop), default=None)


def _days(parts: _Parts) -> str:
    return _range(_day(parts, "0"), _day(parts, "2") if parts.get("d2") else None)


def _days_in_figures(parts: _Parts) -> str:
    """A day and a month on either side of a stroke, whichever way they can be read alone: 30/9/2024
    and 9/30/2024, but neither 9/10/2024 nor 10/9/2024."""
    one, other = parts["one"], parts["other"]
    readings = {
        _day({"y": parts["y"], "d": d, "m": m}, "0") for d, m in ((one, other), (other, one))
    }
    found = readings - {""}
    return found.pop() if len(found) == 1 else ""


def _months(parts: _Parts) -> str:
    second = parts.get("m2") or parts.get("n0")
    if parts.get("slash") and _years({"y": parts["y"], "y2": parts["m"]}):
        return ""  # 2011/12 are two years, 2011-12 is a month
    return _range(_month(parts, "0"), _month(parts, "2") if second else None)


def _seasons(parts: _Parts) -> str:
    season = re.sub(r"\s+", " ", parts["season"] or "").strip()
    return f"{_years(parts)} ({season.title() if season.isascii() else season})"


def _years(parts: _Parts) -> str:
    """A year, or two that follow each other."""
    first, second = parts["y"] or "", parts.get("y2")
    if not second:
        return first
    follows = int(second) % 100 == (int(first) + 1) % 100
    return f"{first}-{second}" if follows else ""


def _range(first: str, second: str | None) -> str:
    """Two dates as ISO 8601 writes a range: the second without the years or months of both."""
    if second is None or not first:
        return first
    if second <= first:
        return ""
    shared = next((n for n in (8, 5) if len(first) > n and first[:n] == second[:n]), 0)
    return f"{first}/{second[shared:]}"


def _day(parts: _Parts, side: str) -> str:
    day = parts["d2" if side == "2" else "d"] or ""
    try:
        return date(_year(parts, side), _month_number(parts, side), int(day)).isoformat()
    except ValueError:
        return ""


def _month(parts: _Parts, side: str) -> str:
    month = _month_number(parts, side)
    return f"{_year(parts, side)}-{month:02}" if 1 <= month <= 12 else ""


def _year(parts: _Parts, side: str) -> int:
    year = parts.get(f"y{side}") or parts["y"] or ""
    return int(year) if year.isdigit() else 2000 + int(year[1:])


def _month_number(parts: _Parts, side: str) -> int:
    for own in (side, ""):
        if figures := parts.get(f"m{own}"):
            return int(figures)
        if name := parts.get(f"n{own}"):
            return month_of(name)
    return 0


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_FORMS: Mapping[Callable[[_Parts], str], tuple[re.Pattern[str], ...]] = {
    _days: _compiled(
        rf"{_CHINESE_DAY}\s*[日号號]?",
        rf"{_CHINESE_DAY}\s*[日号號]?{DASH}(?:(?:(?P<y2>{_Y})\s*年\s*)?(?P<m2>{_D})\s*月\s*)?"
        rf"(?P<d2>{_D})\s*[日号號]",
        _SEPARATED,
        rf"{_SEPARATED}{DASH}(?:(?:(?P<y2>{_Y})(?P=sep))?(?P<m2>{_D})(?P=sep))?(?P<d2>{_D})"
        r"(?![\d./-])",
        rf"(?P<d>{_D})\.\s?(?P<m>{_D})\.\s?(?P<y>{_Y})(?!\d)",
        _DAY_THEN_MONTH,
        _MONTH_THEN_DAY,
        rf"(?P<d>{_D}){_TH}(?:{_OF}(?P<n0>{MONTH})(?:[\s,]*(?P<y0>{_Y}))?)?{DASH}(?P<d2>{_D}){_TH}"
        rf"{_OF}(?P<n>{MONTH}){_AT_END}",
        rf"(?P<n>{MONTH})\s*(?P<d>{_D}){_TH}(?:[\s,]*(?P<y0>{_Y}))?{DASH}(?:(?P<n2>{MONTH})\s*)?"
        rf"(?P<d2>{_D}){_TH}{_AT_END}",
    ),
    _days_in_figures: _compiled(
        rf"(?<![\d/-])(?P<one>{_D})\s?(?P<sep>[/-])\s?(?P<other>{_D})\s?(?P=sep)\s?(?P<y>{_Y})(?!\d)",
    ),
    _months: _compiled(
        rf"{_CHINESE_MONTH}\s*月",
        rf"{_CHINESE_MONTH}\s*月?(?:{DASH}|\s*、\s*)(?:(?P<y2>{_Y})\s*年\s*)?(?P<m2>{_D})\s*月",
        rf"(?P<n>{MONTH}){_AT_END}",
        rf"(?P<n0>{MONTH})(?:[\s,]*(?P<y0>{_Y}))?{DASH}(?P<n>{MONTH}){_AT_END}",
        rf"(?P<y>{_Y})\s*(?:[-.]|(?P<slash>/))\s*(?P<m>{_D})(?![\d./-])",
        rf"(?P<y>{_Y})\s+(?P<n>{MONTH})(?=\s*(?:$|[^\w\s]))",
    ),
    _seasons: _compiled(
        rf"(?P<season>{_SEASONS})(?:\s+(?:issue|edition|term|newsletter|semester))?[\s,.]*"
        rf"(?P<y>{_Y})(?:\s*[-–/]\s*{_YEAR_ON})?",
        rf"(?P<y>{_Y})(?:\s*[-–/]\s*{_YEAR_ON})?[\s,.]*(?P<season>{_SEASONS})",
        rf"(?P<y>{_Y})\s*年?\s*(?P<season>{CHINESE_SEASON})",
        rf"(?P<season>\bQ[1-4])[\s,./-]*(?P<y>{_Y})",
        rf"(?P<y>{_Y})[\s,./-]*(?P<season>Q[1-4]\b)",
        rf"(?P<y>{_Y})\s*年?\s*(?P<season>第?\s*[一二三四1-4]\s*季度)",
    ),
    _years: _compiled(
        rf"(?P<y>{_Y})\s*[-–—/]\s*{_YEAR_ON}",
        rf"(?P<y>{_Y})(?!\d)",
    ),
}
_OF_DAYS = (_days, _days_in_figures)
