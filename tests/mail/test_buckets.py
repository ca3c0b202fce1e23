"""Token buckets and closures, in a real Redis."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from redis import Redis

from bulletin_site.mail import buckets, closures
from bulletin_site.mail.paces import Pace

SLOW = Pace(10, 3600, burst=10)


@pytest.mark.redis
def test_of_a_full_bucket_the_burst_is_given_and_then_nothing(counting: Redis) -> None:
    assert buckets.take("qq.com", SLOW, wanted=7).granted == 7
    assert buckets.take("qq.com", SLOW, wanted=7).granted == 3
    empty = buckets.take("qq.com", SLOW, wanted=1)
    assert empty.granted == 0
    assert 300 < empty.wait <= 360


@pytest.mark.redis
def test_buckets_of_other_names_are_others(counting: Redis) -> None:
    buckets.take("qq.com", SLOW, wanted=10)
    assert buckets.take("163.com", SLOW, wanted=10).granted == 10


@pytest.mark.redis
def test_a_bucket_fills_again_as_fast_as_its_pace(counting: Redis) -> None:
    quick = Pace(1000, 1, burst=5)
    buckets.take("qq.com", quick, wanted=5)
    share = buckets.take("qq.com", quick, wanted=1)
    while not share.granted:
        time.sleep(share.wait)
        share = buckets.take("qq.com", quick, wanted=1)
    assert share.granted == 1


@pytest.mark.redis
def test_workers_who_take_at_once_get_the_burst_together(counting: Redis) -> None:
    with ThreadPoolExecutor(8) as workers:
        shares = workers.map(lambda _: buckets.take("qq.com", SLOW, wanted=3), range(8))
    assert sum(share.granted for share in shares) == 10


@pytest.mark.redis
@examples(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.integers(0, 20), max_size=8))
def test_nobody_ever_gets_more_than_was_in_the_bucket(counting: Redis, wanted: list[int]) -> None:
    counting.flushdb()
    granted = [buckets.take("qq.com", SLOW, wanted=number).granted for number in wanted]
    assert sum(granted) == min(sum(wanted), 10)
    assert all(got <= number for got, number in zip(granted, wanted, strict=True))


@pytest.mark.redis
def test_whoever_queues_is_told_to_come_when_those_before_had_theirs(counting: Redis) -> None:
    buckets.take("qq.com", SLOW, wanted=10)
    first = buckets.take("qq.com", SLOW, wanted=5, queues=True)
    second = buckets.take("qq.com", SLOW, wanted=5, queues=True)
    assert first.wait <= 360
    assert second.wait - first.wait == pytest.approx(5 * 360, abs=5)


def test_without_redis_nobody_gets_a_token() -> None:
    assert buckets.take("qq.com", SLOW, wanted=5) == (0, buckets.PATIENCE)


@pytest.mark.redis
def test_a_closure_is_known_to_all_and_seen_once(counting: Redis) -> None:
    first = closures.close("qq.com", answer="451 Later", longest=1800)
    assert closures.close("qq.com", answer="451 Again", longest=1800) == first
    assert closures.known(["qq.com", "163.com"])["qq.com"].answer == "451 Later"
    assert list(closures.holding()) == ["qq.com"]


@pytest.mark.redis
def test_closures_that_follow_on_one_another_are_longer_but_not_without_end(
    counting: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closures, "FIRST", 0.01)
    lengths = []
    for _ in range(5):
        closure = closures.close("qq.com", answer="", longest=0.05)
        lengths.append(closure.seconds)
        time.sleep(max(0, closure.left))
    assert lengths == [0.01, 0.02, 0.04, 0.05, 0.05]


@pytest.mark.redis
def test_when_mail_is_taken_again_the_closures_are_forgotten(
    counting: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closures, "FIRST", 0.01)
    closures.close("qq.com", answer="", longest=1)
    closures.reopen(["qq.com"])
    assert closures.known(["qq.com"]) == {}
    assert closures.close("qq.com", answer="", longest=1).number == 1


def test_without_redis_everybody_finds_out_alone(settings: Settings, tmp_path: Path) -> None:
    assert closures.close("qq.com", answer="451 Later", longest=1800).left > 0
    assert closures.known(["qq.com"]) == {}
    closures.reopen(["qq.com"])
