"""Several mail servers share the work, and take over from one another."""

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
from tests.smtp.conftest import a_message
from tests.smtp.odd import Odd, serving

MANY = [a_message(f"{n}@example.org", text=str(n)) for n in range(30)]
NOBODY = Server("127.0.0.1", 9)  # discard: nobody listens


@pytest.fixture
def other() -> Iterator[Odd]:
    """A second mail server."""
    with serving(Odd()) as running:
        yield running


class Post:
    """What became of MANY, handed over to a fleet; `wait` is how long the rest is to wait."""

    def __init__(self, *servers: Server, sessions: int = 1, rate_limited: bool = True) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.begun: list[int] = []
        with closing(ServerGroup(servers, sessions=sessions, rate_limited=rate_limited)) as fleet:
            self.wait = fleet.deliver(iter(enumerate(MANY)), on_progress=self._note)

    def _note(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        assert not self.outcomes.keys() & {key for key, _ in settled}
        self.outcomes.update(settled)
        self.begun += begun

    @property
    def kinds(self) -> Counter[str]:
        """How many letters had which outcome."""
        return Counter(type(outcome).__name__ for outcome in self.outcomes.values())


def at(odd: Odd, **more: object) -> Server:
    return replace(Server("127.0.0.1", odd.port, timeout=5), **more)  # type: ignore[arg-type]


def test_each_server_gets_as_much_as_its_weight_says(odd: Odd, other: Odd) -> None:
    with closing(ServerGroup([at(odd, weight=9), at(other)], sessions=1)) as fleet:
        for message in MANY * 10:
            fleet.deliver(iter([(0, message)]), on_progress=lambda settled, begun: None)
    assert len(odd.texts) + len(other.texts) == 300
    assert 240 < len(odd.texts) < 299


def test_where_one_is_away_another_takes_everything(odd: Odd) -> None:
    post = Post(NOBODY, at(odd))
    assert post.kinds == {"Accepted": 30}
    assert post.wait is None
    assert sorted(odd.texts) == sorted(message.data for message in MANY)


@pytest.mark.redis
def test_one_that_was_found_away_is_left_alone_by_all(counting: Redis, odd: Odd) -> None:
    while not circuit_breakers.all_open():
        Post(NOBODY, at(odd))
    assert list(circuit_breakers.all_open()) == ["127.0.0.1:9"]
    post = Post(NOBODY)
    assert post.outcomes == {}
    assert post.wait is not None
    assert 0 < post.wait <= circuit_breakers.FIRST


def test_where_all_are_away_one_letter_says_why_and_the_rest_is_as_before() -> None:
    post = Post(NOBODY)
    assert post.kinds == {"Away": 1}
    assert isinstance(post.outcomes[0], ServerUnreachable)
    assert post.begun == []
    assert post.wait == pytest.approx(circuit_breakers.FIRST, abs=5)


def test_one_that_puts_off_whatever_it_gets_is_left_and_another_goes_on(
    odd: Odd, other: Odd
) -> None:
    odd.answers = {"RCPT": "451 4.3.0 Not just now"}
    post = Post(at(odd, weight=1000), at(other))
    assert post.kinds["Unavailable"] <= 11
    assert post.kinds["Accepted"] == 30 - post.kinds["Unavailable"] == len(other.texts)
    assert post.wait is None


def test_a_server_that_hangs_up_after_each_text_leaves_few_in_doubt_and_the_rest_to_another(
    odd: Odd, other: Odd
) -> None:
    odd.answers = {".": "drop"}
    post = Post(at(odd, weight=1000), at(other), sessions=1)
    assert len(post.outcomes) == 30
    assert post.kinds["Uncertain"] == len(odd.texts) <= 11
    assert post.kinds["Accepted"] == len(other.texts) == 30 - len(odd.texts)


@pytest.mark.redis
def test_when_it_takes_mail_again_it_is_as_if_it_had_never_been_away(
    counting: Redis, odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breakers, "FIRST", 0.0)
    name = str(at(odd))
    circuit_breakers.open_circuit(name, answer="gone", longest=120)
    assert circuit_breakers.open_circuits([name])
    assert Post(at(odd)).kinds == {"Accepted": 30}
    assert circuit_breakers.open_circuits([name]) == {}


@pytest.mark.redis
def test_a_server_gets_no_more_than_its_pace_allows(counting: Redis, odd: Odd) -> None:
    post = Post(at(odd, most=Rate(12, 3600, burst=12)), sessions=4)
    assert post.kinds == {"Accepted": 12}
    assert len(post.begun) == 12
    assert post.wait is not None
    assert 200 < post.wait <= 300


@pytest.mark.redis
def test_what_is_too_much_for_one_goes_by_another(counting: Redis, odd: Odd, other: Odd) -> None:
    post = Post(at(odd, most=Rate(12, 3600, burst=12), weight=1000), at(other))
    assert post.kinds == {"Accepted": 30}
    assert len(odd.texts) <= 12


@pytest.mark.redis
def test_a_turn_that_comes_soon_is_waited_for(counting: Redis, odd: Odd) -> None:
    post = Post(at(odd, most=Rate(100, 1, burst=2)), sessions=2)
    assert post.kinds == {"Accepted": 30}
    assert post.wait is None


@pytest.mark.redis
def test_single_mails_are_not_held_back_by_a_pace(counting: Redis, odd: Odd) -> None:
    post = Post(at(odd, most=Rate(2, 3600, burst=2)), rate_limited=False)
    assert post.kinds == {"Accepted": 30}


@pytest.mark.redis
def test_a_server_that_is_warmed_up_gets_the_share_of_an_hour_at_once(
    counting: Redis, odd: Odd
) -> None:
    today = timezone.localdate()
    assert Post(at(odd, warm_up=today, plan=(240, 480))).kinds == {"Accepted": 10}
    counting.flushdb()
    yesterday = today - timedelta(days=1)
    assert Post(at(odd, warm_up=yesterday, plan=(240, 480))).kinds == {"Accepted": 20}


def test_without_redis_what_has_a_pace_waits_and_what_has_none_goes(odd: Odd, other: Odd) -> None:
    rate_limited = Post(at(odd, most=Rate(12, 3600, burst=12)))
    assert (rate_limited.outcomes, rate_limited.wait) == ({}, 30.0)
    assert Post(at(other)).kinds == {"Accepted": 30}


def test_words_of_limits_are_no_refusal_whatever_their_code(odd: Odd) -> None:
    odd.answers = {"0@example.org": "550 Connection frequency limited"}
    odd.answers |= {"1@example.org": "550 5.1.1 No such mailbox"}
    post = Post(at(odd))
    assert isinstance(post.outcomes[0], Deferred)
    assert post.kinds == {"Accepted": 28, "Unavailable": 1, "Refused": 1}
    assert isinstance(post.outcomes[2], Accepted)
