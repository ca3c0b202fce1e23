"""Several mail servers share the messages, and stand in for one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from redis import Redis

from mail.delivery import Accepted, Deferred, Outcome, ServerUnreachable
from mail.delivery.server_group import ServerGroup
from mail.rate_limits import circuit_breakers
from mail.rate_limits.rates import Rate
from mail.servers import Server
from tests.support.flaky_server import FlakyServer, serving
from tests.support.smtp import a_message

MANY = [a_message(f"{n}@example.org", text=str(n)) for n in range(30)]
NOBODY = Server("127.0.0.1", 9)  # discard: nobody listens


@pytest.fixture
def other() -> Iterator[FlakyServer]:
    """A second mail server."""
    with serving(FlakyServer()) as running:
        yield running


class DeliveryRun:
    """The outcomes of MANY, delivered by a server group; `wait` is how long the rest is to wait."""

    def __init__(self, *servers: Server, sessions: int = 1, rate_limited: bool = True) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.begun: list[int] = []
        with closing(
            ServerGroup(servers, sessions=sessions, rate_limited=rate_limited)
        ) as server_group:
            self.wait = server_group.deliver(iter(enumerate(MANY)), on_progress=self._on_progress)

    def _on_progress(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        assert not self.outcomes.keys() & {key for key, _ in settled}
        self.outcomes.update(settled)
        self.begun += begun

    @property
    def kinds(self) -> Counter[str]:
        """How many messages had which outcome."""
        return Counter(type(outcome).__name__ for outcome in self.outcomes.values())


def at(flaky: FlakyServer, **more: object) -> Server:
    return replace(Server("127.0.0.1", flaky.port, timeout=5), **more)  # type: ignore[arg-type]


def test_each_server_gets_as_much_as_its_weight_says(
    flaky: FlakyServer, other: FlakyServer
) -> None:
    with closing(ServerGroup([at(flaky, weight=9), at(other)], sessions=1)) as server_group:
        for message in MANY * 10:
            server_group.deliver(iter([(0, message)]), on_progress=lambda settled, begun: None)
    assert len(flaky.texts) + len(other.texts) == 300
    assert 240 < len(flaky.texts) < 299


def test_where_one_server_is_unreachable_another_gets_everything(flaky: FlakyServer) -> None:
    run = DeliveryRun(NOBODY, at(flaky))
    assert run.kinds == {"Accepted": 30}
    assert run.wait is None
    assert sorted(flaky.texts) == sorted(message.data for message in MANY)


@pytest.mark.redis
def test_the_circuit_of_an_unreachable_server_is_open_for_all_workers(
    counting: Redis, flaky: FlakyServer
) -> None:
    while not circuit_breakers.all_open():
        DeliveryRun(NOBODY, at(flaky))
    assert list(circuit_breakers.all_open()) == ["127.0.0.1:9"]
    run = DeliveryRun(NOBODY)
    assert run.outcomes == {}
    assert run.wait is not None
    assert 0 < run.wait <= circuit_breakers.FIRST_OPEN_SECONDS


def test_where_all_are_unreachable_one_message_says_why_and_the_rest_is_as_before() -> None:
    run = DeliveryRun(NOBODY)
    assert run.kinds == {"ServerUnreachable": 1}
    assert isinstance(run.outcomes[0], ServerUnreachable)
    assert run.begun == []
    assert run.wait == pytest.approx(circuit_breakers.FIRST_OPEN_SECONDS, abs=5)


def test_after_a_server_that_defers_whatever_it_gets_another_gets_the_rest(
    flaky: FlakyServer, other: FlakyServer
) -> None:
    flaky.replies = {"RCPT": "451 4.3.0 Not just now"}
    run = DeliveryRun(at(flaky, weight=1000), at(other))
    assert run.kinds["Deferred"] <= 11
    assert run.kinds["Accepted"] == 30 - run.kinds["Deferred"] == len(other.texts)
    assert run.wait is None


def test_a_server_that_hangs_up_after_each_text_leaves_few_uncertain_and_the_rest_to_another(
    flaky: FlakyServer, other: FlakyServer
) -> None:
    flaky.replies = {".": "drop"}
    run = DeliveryRun(at(flaky, weight=1000), at(other), sessions=1)
    assert len(run.outcomes) == 30
    assert run.kinds["Uncertain"] == len(flaky.texts) <= 11
    assert run.kinds["Accepted"] == len(other.texts) == 30 - len(flaky.texts)


@pytest.mark.redis
def test_a_server_that_accepts_mail_again_has_its_circuit_reset(
    counting: Redis, flaky: FlakyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breakers, "FIRST_OPEN_SECONDS", 0.0)
    name = str(at(flaky))
    circuit_breakers.open_circuit(name, reason="gone", max_seconds=120)
    assert circuit_breakers.open_circuits([name])
    assert DeliveryRun(at(flaky)).kinds == {"Accepted": 30}
    assert circuit_breakers.open_circuits([name]) == {}


@pytest.mark.redis
def test_a_server_gets_no_more_than_its_rate_allows(counting: Redis, flaky: FlakyServer) -> None:
    run = DeliveryRun(at(flaky, max_rate=Rate(12, 3600, burst=12)), sessions=4)
    assert run.kinds == {"Accepted": 12}
    assert len(run.begun) == 12
    assert run.wait is not None
    assert 200 < run.wait <= 300


@pytest.mark.redis
def test_what_is_too_much_for_one_goes_by_another(
    counting: Redis, flaky: FlakyServer, other: FlakyServer
) -> None:
    run = DeliveryRun(at(flaky, max_rate=Rate(12, 3600, burst=12), weight=1000), at(other))
    assert run.kinds == {"Accepted": 30}
    assert len(flaky.texts) <= 12


@pytest.mark.redis
def test_a_token_that_comes_soon_is_waited_for(counting: Redis, flaky: FlakyServer) -> None:
    run = DeliveryRun(at(flaky, max_rate=Rate(100, 1, burst=2)), sessions=2)
    assert run.kinds == {"Accepted": 30}
    assert run.wait is None


@pytest.mark.redis
def test_single_messages_are_not_rate_limited(counting: Redis, flaky: FlakyServer) -> None:
    run = DeliveryRun(at(flaky, max_rate=Rate(2, 3600, burst=2)), rate_limited=False)
    assert run.kinds == {"Accepted": 30}


@pytest.mark.redis
def test_a_server_that_is_warmed_up_gets_the_share_of_an_hour_at_once(
    counting: Redis, flaky: FlakyServer
) -> None:
    today = timezone.localdate()
    assert DeliveryRun(at(flaky, warm_up=today, plan=(240, 480))).kinds == {"Accepted": 10}
    counting.flushdb()
    yesterday = today - timedelta(days=1)
    assert DeliveryRun(at(flaky, warm_up=yesterday, plan=(240, 480))).kinds == {"Accepted": 20}


def test_without_redis_what_is_rate_limited_waits_and_the_rest_is_sent(
    flaky: FlakyServer, other: FlakyServer
) -> None:
    rate_limited = DeliveryRun(at(flaky, max_rate=Rate(12, 3600, burst=12)))
    assert (rate_limited.outcomes, rate_limited.wait) == ({}, 30.0)
    assert DeliveryRun(at(other)).kinds == {"Accepted": 30}


def test_words_of_limits_are_no_rejection_whatever_their_code(flaky: FlakyServer) -> None:
    flaky.replies = {"0@example.org": "550 Connection frequency limited"}
    flaky.replies |= {"1@example.org": "550 5.1.1 No such mailbox"}
    run = DeliveryRun(at(flaky))
    assert isinstance(run.outcomes[0], Deferred)
    assert run.kinds == {"Accepted": 28, "Deferred": 1, "Rejected": 1}
    assert isinstance(run.outcomes[2], Accepted)
