"""Number and date of an issue, and where they are looked for: in the masthead, then in the running
heads, at the rims of the first page, in the imprint at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.normalisation import mostly_cjk
from pdf_reading.layout.furniture import Furniture
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.sheet import Sheet
from pdf_reading.lexicon.dates import PrintedDate, dates_in
from pdf_reading.lexicon.facts import beside_facts, is_dateline, is_imprint
from pdf_reading.lexicon.months import months_in
from pdf_reading.lexicon.numbers import NUMBER, counts_all, is_volume, numbers_in

RIM = 1 / 6  # of the height of a page
MAX_BESIDE = 40  # letters beside the facts of a running head, such as the title
CLOSE = 2.5  # sizes from line to line
_IS_YEAR = re.compile(r"\d{4}")
_YEAR = re.compile(r"(?<![\w/.-])(?:19|20)\d\d(?![\w/-])")


def number_and_date(masthead: Sequence[Line], elsewhere: Sequence[Line] = ()) -> tuple[str, str]:
    """Read number and date in the lines of a masthead, and what is missing there `elsewhere`: also
    the month or day of a year that stands alone."""
    number, date = _number(masthead), _date(masthead)
    if not date or _IS_YEAR.fullmatch(date):
        other = _date(elsewhere)
        date = other if other.startswith(date) else date
    return number or _number(elsewhere), date


def month_of_only_year(masthead: Sequence[Line], sheets: Sequence[Sheet]) -> str:
    """Return the month that a dateline names without a year, as in "March Newsletter (No 25)", in
    the only year that the issue names; "" if it names none or several."""
    months = [
        month for line in masthead if is_dateline(line.text) for month in months_in(line.text)
    ]
    if len(months) != 1:
        return ""
    texts = (line.text for sheet in sheets for line in sheet.lines)
    years = {year for text in texts for year in _YEAR.findall(text)}
    return f"{years.pop()}-{months[0]:02}" if len(years) == 1 else ""


def lines_of_facts(sheets: Sequence[Sheet], furniture: Furniture) -> list[Line]:
    """The lines outside of the masthead that may give number and date, the surest first."""
    first = next((sheet for sheet in sheets if sheet.lines), sheets[0])
    running = [line for sheet in sheets for line in sheet.lines if id(line) in furniture.lines]
    return [
        *(line for line in running if is_imprint(line.text) and _says_little_else(line)),
        *_datelines_at_rims(first),
        *(_datelines_at_rims(sheets[-1]) if sheets[-1] is not first else ()),
        *(_leaning(sheets[0], text) for text in sheets[0].rotated_texts if is_dateline(text)),
    ]


def _leaning(sheet: Sheet, text: str) -> Line:
    """Words along the edge of a page as a line in no place of it."""
    face = Face(0, bold=False, family="")
    return Line(sheet.number, text, Box(0, 0, 0, 0), 0.0, face)


def _says_little_else(line: Line) -> bool:
    return len(beside_facts(line.text)) <= MAX_BESIDE


def _datelines_at_rims(sheet: Sheet) -> list[Line]:
    """The datelines near the upper and lower edge; a date alone elsewhere is that of an article."""
    upper, lower = RIM * sheet.height, (1 - RIM) * sheet.height
    return [
        line
        for line in sheet.lines
        if (line.box.bottom < upper or line.box.top > lower) and is_dateline(line.text)
    ]


def _number(lines: Iterable[Line]) -> str:
    """The first number; where it is that of a volume, with the next of an issue behind it, and with
    the count of all issues in brackets."""
    numbers = list(dict.fromkeys(n for line in lines for n in numbers_in(line.text)))
    if not numbers:
        return ""
    first, others = numbers[0], numbers[1:]
    if is_volume(first):
        issue = next((n for n in others if not is_volume(n) and not counts_all(n)), "")
        return _tight(f"{first}, {issue}" if issue and not _is_chinese(first) else first + issue)
    whole = next((n for n in others[:1] if counts_all(n) and not counts_all(first)), "")
    return _tight(f"{first}（{whole}）" if whole else first)


def _is_chinese(number: str) -> bool:
    return mostly_cjk(number) or "期" in number


def _tight(number: str) -> str:
    """Chinese numbers without the spaces of their typesetting."""
    return re.sub(r"\s+", "", number) if _is_chinese(number) else number


class _Found(NamedTuple):
    """How far a date is from being that of the issue, the least first."""

    unsure: bool
    apart_from_number: bool
    is_no_day: bool
    date: PrintedDate


def _date(lines: Sequence[Line]) -> str:
    """The date beside the number rather than another, a day rather than a month. Years alone only
    where a line says nothing else."""
    numbered = [line for line in lines if NUMBER.search(line.text)]
    found = [
        _Found(not date.is_sure, not _is_beside(line, numbered), not date.is_day, date)
        for line in lines
        # "No. 9 September 2026" is no 9 September.
        for date in dates_in(NUMBER.sub(" | ", line.text))
        if date.is_sure or is_dateline(line.text)
    ]
    return min(found, key=lambda one: one[:3]).date.value if found else ""


def _is_beside(line: Line, numbered: Sequence[Line]) -> bool:
    """Whether a number stands in a line, beside it, above or below it."""
    return any(
        line is other
        or (
            line.page == other.page
            and abs(line.baseline - other.baseline) < CLOSE * max(line.face.size, other.face.size)
        )
        for other in numbered
    )
