"""How often one visitor may sign up somebody, counted in a real Redis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from digests import alarms, monitoring
from publications.models import Bulletin, Topic
from subscribers import sign_up_limit
from subscribers.models import Subscriber
from subscribers.sign_up_limit import Limit
from tests.support.embedded import serving

SignUp = Callable[..., str]


@pytest.fixture
def counting(settings: Settings, socket: Path, tmp_path: Path) -> Iterator[None]:
    with serving(socket, tmp_path / "redis"):
        settings.RATE_LIMIT_STORAGE_URL = f"redis+unix://{socket}"
        yield


@pytest.mark.redis
@pytest.mark.usefixtures("counting")
def test_one_visitor_cannot_sign_up_strangers_without_end(
    settings: Settings,
    browser: Client,
    bulletin: Bulletin,
    topics: list[Topic],
    sign_up: SignUp,
) -> None:
    settings.SIGN_UPS_PER_HOUR = 3
    for n in range(3):
        sign_up(f"stranger{n}@reader.example", topics[0])
    form = {"address": "next@reader.example", "topics": [topics[0].pk], "language": "en"}
    where = reverse("subscribers:sign_up", args=[bulletin.slug])
    refused = browser.post(where, form)
    assert (refused.status_code, b"Too many sign-ups at once" in refused.content) == (429, True)
    assert Subscriber.objects.count() == 3
    assert browser.post(where, form, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.redis
@pytest.mark.usefixtures("counting")
@pytest.mark.parametrize(
    ("limit", "setting", "addresses"),
    [
        (Limit.NETWORK, "NETWORK_SIGN_UPS_PER_HOUR", [f"192.0.2.{n}" for n in range(4)]),
        (Limit.NETWORK, "NETWORK_SIGN_UPS_PER_HOUR", [f"2001:db8:1:{n}::/64" for n in range(4)]),
        (Limit.SITE, "SITE_SIGN_UPS_PER_HOUR", [f"192.0.{n}.7" for n in range(4)]),
        (Limit.SITE, "SITE_SIGN_UPS_PER_DAY", [f"192.0.{n}.7" for n in range(4)]),
    ],
)
def test_many_networks_are_limited_together_and_the_log_says_so_once(
    limit: Limit,
    setting: str,
    addresses: list[str],
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    setattr(settings, setting, 3)
    assert [sign_up_limit.limit_reached(each) for each in addresses] == [None, None, None, limit]
    assert sign_up_limit.limit_reached(addresses[0]) == limit
    logged = [record.getMessage() for record in caplog.records]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"limit={limit.value}" in logged[0]
    assert "PROXIES" not in logged[0]
    assert not [each for each in addresses if each.removesuffix("::/64") in logged[0]]
    if limit is Limit.NETWORK:
        assert sign_up_limit.limit_reached("198.51.100.7") is None


@pytest.mark.redis
@pytest.mark.usefixtures("counting")
@pytest.mark.parametrize("others", [0, 1])
def test_when_everybody_looks_alike_the_log_says_so(
    others: int, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SIGN_UPS_PER_HOUR = 3
    for n in range(others):
        sign_up_limit.limit_reached(f"198.51.100.{n}")
    reached = [sign_up_limit.limit_reached("172.18.0.1") for _ in range(6)]
    assert reached == [None] * 3 + [Limit.VISITOR] * 3
    (logged,) = [record.getMessage() for record in caplog.records]
    assert ("PROXIES is wrong" in logged) == (others == 0)
    assert "172.18" not in logged


@pytest.mark.redis
@pytest.mark.usefixtures("counting")
def test_the_limit_of_the_site_has_a_page_that_blames_no_network(
    settings: Settings, browser: Client, bulletin: Bulletin, topics: list[Topic], sign_up: SignUp
) -> None:
    settings.SITE_SIGN_UPS_PER_HOUR = 1
    sign_up("stranger@reader.example", topics[0])
    form = {"address": "next@reader.example", "topics": [topics[0].pk], "language": "en"}
    where = reverse("subscribers:sign_up", args=[bulletin.slug])
    refused = browser.post(where, form, REMOTE_ADDR="192.0.2.7")
    assert refused.status_code == 429
    assert b"More people are signing up" in refused.content
    assert b"your network" not in refused.content


@pytest.mark.parametrize(
    ("visitor", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("unknown", "unknown"),
    ],
)
def test_a_network_is_what_often_has_one_owner(visitor: str, network: str) -> None:
    assert sign_up_limit.network_of(visitor) == network


def test_while_redis_is_away_nobody_is_turned_away(
    settings: Settings, socket: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.RATE_LIMIT_STORAGE_URL = f"redis+unix://{socket}"
    assert sign_up_limit.limit_reached("192.0.2.7") is None
    assert "Redis does not answer" in caplog.text


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "visitor"),
    [
        (0, "198.51.100.1", "192.0.2.7", "192.0.2.7"),
        (1, "198.51.100.1, 203.0.113.9", "192.0.2.7", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "192.0.2.7", "198.51.100.1"),
        (3, "198.51.100.1, 203.0.113.9", "192.0.2.7", "192.0.2.7"),
        (1, "<script>", "192.0.2.7", "unknown"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:192.0.2.7", "192.0.2.7"),
        (0, "", "", "unknown"),  # a Unix socket
    ],
)
def test_a_visitor_is_whom_our_own_outermost_proxy_served(
    settings: Settings, proxies: int, forwarded: str, remote: str, visitor: str
) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    assert sign_up_limit.visitor_of(request) == visitor


@pytest.mark.redis
@pytest.mark.usefixtures("counting")
def test_ten_thousand_sign_ups_from_one_network_mail_a_hundred_and_tell_the_operator(
    settings: Settings,
    browser: Client,
    bulletin: Bulletin,
    topics: list[Topic],
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.NETWORK_SIGN_UPS_PER_HOUR, settings.SIGN_UPS_ALARM = 100, 300
    where = reverse("subscribers:sign_up", args=[bulletin.slug])
    codes: Counter[int] = Counter()
    sources = [f"198.51.100.{n % 254 + 1}" for n in range(10_000)]
    for n, source in enumerate(sources[:150]):
        form = {"address": f"stranger{n}@reader.example", "topics": [topics[0].pk]}
        answer = browser.post(where, form | {"language": "en"}, REMOTE_ADDR=source)
        codes[answer.status_code] += 1
    assert codes == {302: 100, 429: 50}
    reached = Counter(map(sign_up_limit.limit_reached, sources[150:]))  # what the page asks first
    assert reached == {Limit.NETWORK: 9_850}
    asked = Subscriber.objects.exclude(confirmation_due_at=None)
    assert asked.count() == 100
    check = monitoring.sign_ups()["sign_ups"]
    assert (check.ok, check.detail) == (False, str(settings.SIGN_UPS_ALARM))
    (sentence,) = alarms.sentences({"sign_ups": check})
    assert str(settings.SIGN_UPS_ALARM) in sentence
    logged = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    alarm = [line for line in logged if "SIGN_UPS_ALARM" in line]
    assert len(alarm) == 1
    assert not [line for line in logged if "198.51" in line or "@" in line]


@pytest.mark.redis
@pytest.mark.usefixtures("counting")
def test_the_operator_reads_of_more_than_the_alarm_and_of_no_fewer(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SIGN_UPS_ALARM = 3
    for n in range(4):
        assert not sign_up_limit.too_many()
        sign_up_limit.limit_reached(f"192.0.{n}.7")
    assert sign_up_limit.too_many()
    for n in range(4):
        sign_up_limit.limit_reached(f"192.0.{n}.7")
    assert len([one for one in caplog.records if "SIGN_UPS_ALARM" in one.getMessage()]) == 1
