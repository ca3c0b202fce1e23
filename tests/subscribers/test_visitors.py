"""How often one visitor may sign up somebody, counted in a real Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from subscribers import visitors
from subscribers.models import Bulletin, Subscriber, Topic
from tests.embedded import serving

SignUp = Callable[..., str]


@pytest.fixture
def counting(settings: Settings, socket: Path, tmp_path: Path) -> Iterator[None]:
    with serving(socket, tmp_path / "redis"):
        settings.COUNTING_URL = f"redis+unix://{socket}"
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
    assert (refused.status_code, b"Too many at once" in refused.content) == (429, True)
    assert Subscriber.objects.count() == 3
    assert browser.post(where, form, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_while_redis_is_away_nobody_is_turned_away(
    settings: Settings, socket: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.COUNTING_URL = f"redis+unix://{socket}"
    assert visitors.may_sign_up("192.0.2.7")
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
        (0, "", "", "unknown"),  # a Unix socket
    ],
)
def test_a_visitor_is_whom_our_own_outermost_proxy_served(
    settings: Settings, proxies: int, forwarded: str, remote: str, visitor: str
) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    assert visitors.visitor_of(request) == visitor
