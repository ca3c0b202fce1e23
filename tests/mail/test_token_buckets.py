"""Token buckets and circuit breakers, in a real Redis."""

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

from mail.rate_limits import circuit_breakers, token_buckets
from mail.rate_limits.rates import Rate

SLOW = Rate(10, 3600, burst=10)
NEVER_AGAIN = Rate(10, 1_000_000_000, burst=10)  # the next token comes in three years


@pytest.fixture
def patient(counting: Redis, settings: Settings) -> Redis:
    """The same Redis, for which this process waits as long as a busy machine takes."""
    settings.REDIS_URL = f"unix://{settings.REDIS_SOCKET}?socket_timeout=60"
    return counting


@pytest.mark.redis
def test_of_a_full_bucket_the_burst_is_given_and_then_nothing(counting: Redis) -> None:
    assert token_buckets.take("qq.com", SLOW, wanted=7).granted == 7
    assert token_buckets.take("qq.com", SLOW, wanted=7).granted == 3
    empty = token_buckets.take("qq.com", SLOW, wanted=1)
    assert empty.granted == 0
    assert 300 < empty.wait <= 360


@pytest.mark.redis
def test_buckets_of_other_names_are_others(counting: Redis) -> None:
    token_buckets.take("qq.com", SLOW, wanted=10)
    assert token_buckets.take("163.com", SLOW, wanted=10).granted == 10


@pytest.mark.redis
def test_a_bucket_fills_again_at_its_rate(counting: Redis) -> None:
    quick = Rate(1000, 1, burst=5)
    token_buckets.take("qq.com", quick, wanted=5)
    grant = token_buckets.take("qq.com", quick, wanted=1)
    while not grant.granted:
        time.sleep(grant.wait)
        grant = token_buckets.take("qq.com", quick, wanted=1)
    assert grant.granted == 1


@pytest.mark.redis
def test_workers_who_take_at_once_get_the_burst_together(counting: Redis) -> None:
    with ThreadPoolExecutor(8) as workers:
        grants = workers.map(lambda _: token_buckets.take("qq.com", SLOW, wanted=3), range(8))
    assert sum(grant.granted for grant in grants) == 10


@pytest.mark.redis
@examples(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.integers(0, 20), max_size=8))
def test_nobody_ever_gets_more_than_was_in_the_bucket(patient: Redis, wanted: list[int]) -> None:
    patient.flushdb()
    grants = [token_buckets.take("qq.com", NEVER_AGAIN, wanted=number) for number in wanted]
    granted = [grant.granted for grant in grants]
    assert sum(granted) == min(sum(wanted), 10)
    assert all(got <= number for got, number in zip(granted, wanted, strict=True))


@pytest.mark.redis
def test_whoever_queues_waits_until_those_before_had_theirs(counting: Redis) -> None:
    token_buckets.take("qq.com", SLOW, wanted=10)
    first = token_buckets.take("qq.com", SLOW, wanted=5, queues=True)
    second = token_buckets.take("qq.com", SLOW, wanted=5, queues=True)
    assert first.wait <= 360
    assert second.wait - first.wait == pytest.approx(5 * 360, abs=5)


def test_without_redis_nobody_gets_a_token() -> None:
    assert token_buckets.take("qq.com", SLOW, wanted=5) == (0, token_buckets.RETRY_SECONDS)


@pytest.mark.redis
def test_an_open_circuit_is_known_to_all_workers_and_opened_once(counting: Redis) -> None:
    first = circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    assert circuit_breakers.open_circuit("qq.com", reason="451 Again", max_seconds=1800) == first
    assert circuit_breakers.open_circuits(["qq.com", "163.com"])["qq.com"].reason == "451 Later"
    assert list(circuit_breakers.all_open()) == ["qq.com"]


@pytest.mark.redis
def test_a_circuit_that_opens_again_is_open_longer_up_to_a_limit(
    counting: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breakers, "FIRST_OPEN_SECONDS", 0.01)
    lengths = []
    for _ in range(5):
        circuit = circuit_breakers.open_circuit("qq.com", reason="", max_seconds=0.05)
        lengths.append(circuit.seconds)
        time.sleep(max(0, circuit.left))
    assert lengths == [0.01, 0.02, 0.04, 0.05, 0.05]


@pytest.mark.redis
def test_a_circuit_that_was_reset_opens_as_for_the_first_time(
    counting: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breakers, "FIRST_OPEN_SECONDS", 0.01)
    circuit_breakers.open_circuit("qq.com", reason="", max_seconds=1)
    circuit_breakers.reset(["qq.com"])
    assert circuit_breakers.open_circuits(["qq.com"]) == {}
    assert circuit_breakers.open_circuit("qq.com", reason="", max_seconds=1).times == 1


def test_without_redis_each_worker_finds_out_by_itself(settings: Settings, tmp_path: Path) -> None:
    assert circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800).left > 0
    assert circuit_breakers.open_circuits(["qq.com"]) == {}
    circuit_breakers.reset(["qq.com"])
