"""What a clock on the wall shows, and when: also on the days on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import time_zones

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # by half an hour


def test_a_time_in_the_hour_that_is_left_out_is_none() -> None:
    with pytest.raises(time_zones.NoSuchTime):
        time_zones.moment(datetime(2027, 3, 28, 2, 30), BERLIN)  # noqa: DTZ001
    with pytest.raises(time_zones.NoSuchTime):
        time_zones.moment(datetime(2026, 10, 4, 2, 15), LORD_HOWE)  # noqa: DTZ001


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    twice = datetime(2027, 10, 31, 2, 30)  # noqa: DTZ001
    assert time_zones.moment(twice, BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert time_zones.is_twice(twice, BERLIN)
    assert not time_zones.is_twice(twice + timedelta(hours=1), BERLIN)
    assert not time_zones.is_twice(datetime(2027, 3, 28, 2, 30), BERLIN)  # noqa: DTZ001


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "America/New_York"]),
)
def test_every_time_that_a_clock_shows_is_found_again(at: datetime, name: str) -> None:
    zone, at = ZoneInfo(name), at.replace(microsecond=0, tzinfo=UTC)
    wall = at.astimezone(zone).replace(tzinfo=None, fold=0)
    found = time_zones.moment(wall, zone)
    assert found == at or (time_zones.is_twice(wall, zone) and found < at)


def test_tomorrow_is_that_of_the_place() -> None:
    late = datetime(2026, 9, 15, 22, tzinfo=UTC)  # where it is the 16th by then
    at = time_zones.tomorrow(late, ZoneInfo("Asia/Shanghai"), hour=8)
    assert at == datetime(2026, 9, 17, 0, tzinfo=UTC)


def test_tomorrow_at_an_hour_that_is_left_out_is_when_the_clocks_are_put_forward() -> None:
    at = time_zones.tomorrow(datetime(2027, 3, 27, 12, tzinfo=UTC), BERLIN, hour=2)
    assert at.astimezone(BERLIN).hour == 3


def test_names_of_places_are_offered_and_an_unknown_one_is_the_sites() -> None:
    assert "Asia/Shanghai" in time_zones.places()
    assert "Etc/GMT+8" not in time_zones.places()
    assert time_zones.zone_called("Mars/Olympus") == time_zones.zone_called("")
