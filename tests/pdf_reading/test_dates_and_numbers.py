"""Dates and numbers of issues are read in all forms that people print."""

from __future__ import annotations

import pytest

from pdf_reading.lexicon import byline
from pdf_reading.lexicon.dates import dates_in, first_date, without_dates
from pdf_reading.lexicon.facts import is_dateline, is_day
from pdf_reading.lexicon.numbers import numbers_in

DATES = {
    "2024.9.30 No.75": "2024-09-30",
    "2024-09-30": "2024-09-30",
    "2024/09/30": "2024-09-30",
    "2024 年 9 月 30 日 星期一": "2024-09-30",
    "二〇二四年九月三十日": "2024-09-30",
    "二○二四年十二月": "2024-12",
    "民國一一三年九月": "2024-09",
    "中華民國113年9月30日": "2024-09-30",
    "2024年7—8月": "2024-07/08",
    "2024年7、8月合刊": "2024-07/08",
    "2024年12月—2025年1月": "2024-12/2025-01",
    "2025年4月28日—5月2日": "2025-04-28/05-02",
    "2025.4.28-5.2": "2025-04-28/05-02",
    "Monday, 30 September 2024": "2024-09-30",
    "30th of Sept. 2024": "2024-09-30",
    "September 30th, 2024": "2024-09-30",
    "30-Sep-2024": "2024-09-30",
    "30.9.2024": "2024-09-30",
    "30/9/2024": "2024-09-30",
    "30-09-2024": "2024-09-30",
    "9/30/2024": "2024-09-30",
    "9/9/2024": "2024-09-09",
    "pátek 9. června 2023": "2023-06-09",
    "9 de junio de 2023": "2023-06-09",
    "1er juin 2024": "2024-06-01",
    "FEB 2018, VOL 1": "2018-02",
    "September ’24": "2024-09",
    "APRIL-JUNE 2025": "2025-04/06",
    "April - June 2025": "2025-04/06",
    "December 2024 – January 2025": "2024-12/2025-01",
    "Sept/Oct 2024": "2024-09/10",
    "12–18 May 2024": "2024-05-12/18",
    "28 April – 2 May 2025": "2025-04-28/05-02",
    "May 12–18, 2024": "2024-05-12/18",
    "Issue 1, Spring 2000": "2000 (Spring)",
    "SPRING/SUMMER 2021": "2021 (Spring/Summer)",
    "Winter 2023/24": "2023-24 (Winter)",
    "Fall Edition 2020": "2020 (Fall)",
    "2024年春季号": "2024 (春季)",
    "2024年第二季度": "2024 (第二季度)",
    "Q2 2024": "2024 (Q2)",
}
NO_DATES = ("2024年春节前夕", "2024.13.45", "9/10/2024", "31/31/2024", "Room 12 of 30")


@pytest.mark.parametrize(("text", "date"), DATES.items())
def test_a_date_is_read_in_each_form(text: str, date: str) -> None:
    assert first_date(text) == date


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_none(text: str) -> None:
    assert first_date(text) == ""


def test_a_range_that_runs_backwards_is_two_dates() -> None:
    assert [one.value for one in dates_in("June 2024 – May 2024")] == ["2024-06", "2024-05"]


@pytest.mark.parametrize(
    ("text", "years"),
    [("YEAR 2023-24", "2023-24"), ("2014-2015", "2014-2015"), ("2022/2023", "2022-2023")],
)
def test_years_that_follow_each_other_are_a_date_but_no_sure_one(text: str, years: str) -> None:
    assert [(one.value, one.is_sure) for one in dates_in(text)] == [(years, False)]


def test_what_stands_beside_dates_is_left() -> None:
    assert without_dates("Sallow, 3 May 2026, then 4 May 2026", mark="*") == "Sallow, *, then *"


NUMBERS = {
    "2024.9.30 No.75": "No.75",
    "Vol:2": "Vol:2",
    "Volume IV no. 3": "Volume IV no. 3",
    "FEB 2018, VOL 1, ISSUE 1": "VOL 1, ISSUE 1",
    "Issue 1, Spring 2000": "Issue 1",
    "March Newsletter (No 25)": "No 25",
    "č. 15/2022-23": "č. 15/2022-23",
    "č.15 2022/2023": "č.15 2022/2023",
    "Vol. 12, No. 9   September 2026": "Vol. 12, No. 9",
    "Issue 5/12 May 2024": "Issue 5",
    "Nos. 3 & 4": "Nos. 3 & 4",
    "ISSUE: 4": "ISSUE: 4",
    "Issue #12": "Issue #12",
    "VOLUME - 5, ISSUE - 2": "VOLUME - 5, ISSUE - 2",
    "Vol. 5(2)": "Vol. 5(2)",
    "Volume Two, Issue Three": "Volume Two, Issue Three",
    "12th Edition": "12th Edition",
    "Nr. 3/2023": "Nr. 3/2023",
    "N° 12": "N° 12",
    "2026年第9期（总第132期）": "2026年第9期（总第132期）",
    "第三卷第二期": "第三卷第二期",
    "總第一百二十期": "總第一百二十期",
    "总第45期（2024年第3期）": "总第45期（2024年第3期）",
    "二〇二四年第九期": "二〇二四年第九期",
    "2024年第7、8期合刊": "2024年第7、8期合刊",
    "创刊号": "创刊号",
}


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_a_number_is_read_in_each_form(text: str, number: str) -> None:
    assert numbers_in(text) == [number]


@pytest.mark.parametrize(
    "text", ["NO CIVIL UNREST", "no 25 people", "The issue civil servants face", "ISSN 1002-1990"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert numbers_in(text) == []


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Saturday, 3 May 2026 · No. 7", True),
        ("2026年9月15日 星期二 第9期", True),
        ("March Newsletter (No 25)", True),
        ("YEAR 2023-24", True),
        ("The Weir Post, No. 7", False),
        ("Meeting on 3 May 2026", False),
        ("Sallow", False),
    ],
)
def test_a_dateline_says_nothing_but_number_and_date(text: str, alone: bool) -> None:
    assert is_dateline(text) == alone


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Harper, Ben O’Hara & Cleo", "Ann Harper, Ben O’Hara & Cleo"),
        ("By J.R. van der Berg", "J.R. van der Berg"),
        ("By the Coastal Works Office", "the Coastal Works Office"),
        ("Von Anna Müller und Jörg Ö. Weiß", "Anna Müller und Jörg Ö. Weiß"),
        ("Text: Anna Müller", "Anna Müller"),
        ("Von Mai bis Oktober", ""),
        ("Von Haus zu Haus", ""),
        ("By post, by phone, by hand", ""),
        ("文 / 王小明", "王小明"),
    ],
)
def test_a_byline_names_one_or_several(text: str, names: str) -> None:
    assert byline(text) == names


@pytest.mark.parametrize(
    ("text", "names_a_day"),
    [
        ("Wednesday, August 31", True),
        ("the 7th of May", True),
        ("20 July 2026", True),
        ("5月3日 星期日", True),
        ("June", False),
        ("October 6, 7:00 to 9:00 PM at the mill", False),
        ("May 4 and after", False),
    ],
)
def test_a_day_is_one_with_its_year_or_without(text: str, *, names_a_day: bool) -> None:
    assert is_day(text) is names_a_day
