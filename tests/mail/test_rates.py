"""Rates, mail servers and providers as settings write them, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from mail.rate_limits.providers import Provider, provider_of, providers
from mail.rate_limits.rates import Rate
from mail.servers import Server, servers

DAY = 86_400


def test_a_rate_is_written_in_words() -> None:
    assert Rate.of("14/second") == Rate(14, 1, burst=420)
    assert Rate.of("300 per hour") == Rate(300, 3600, burst=2)
    assert Rate.of("20 per 5 minutes").per_second == pytest.approx(20 / 300)


@pytest.mark.parametrize("words", ["", "fast", "0/second", "-1/hour", "3"])
def test_what_is_no_rate_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Rate.of(words)


def test_several_mail_servers_stand_in_one_setting() -> None:
    first, second = servers(
        "smtp+tls://a%40b:p%20w@mail.example:2525?weight=3 smtps://other.example"
    )
    assert (first.host, first.port, first.user, first.password) == (
        "mail.example",
        2525,
        "a@b",
        "p w",
    )
    assert (first.starttls, first.tls, first.weight) == (True, False, 3)
    assert (second.port, second.starttls, second.tls, second.weight) == (465, False, True, 1)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example/path",
        "smtp://mail.example:99999",
        "smtp://mail.example?weight=0",
        "smtp://mail.example?wait=3",
        "smtp://mail.example?rate=fast",
        "smtp://mail.example?warm_up=tomorrow",
        "smtp://mail.example?plan=100,0",
        "smtp://mail.example?timeout=-1",
        "smtp://mail.example?nonsense",
    ],
)
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        servers(url)


def test_a_server_that_is_warmed_up_gets_more_each_day_until_its_own_rate_is_less() -> None:
    server = Server.of("smtp://h?warm_up=2026-12-01&plan=240,4800&rate=1/minute")
    assert server.rate_on(date(2026, 11, 30)) == Rate(240, DAY, burst=10)
    assert server.rate_on(date(2026, 12, 1)) == Rate(240, DAY, burst=10)
    assert server.rate_on(date(2026, 12, 2)) == Rate(1, 60, burst=2)
    assert server.rate_on(date(2026, 12, 3)) == Rate(1, 60, burst=2)


def test_a_server_that_is_warm_has_no_rate_unless_it_was_given_one() -> None:
    server = Server.of("smtp://h?warm_up=2026-12-01")
    assert server.rate_on(date(2026, 12, 10)) == Rate(100_000, DAY, burst=4166)
    assert server.rate_on(date(2026, 12, 11)) is None


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(Server.of("smtp://user:geheim@mail.example"))


def test_a_provider_is_known_by_each_of_its_domains() -> None:
    known = providers("qq.com+foxmail.com:300/hour,gmail.com:20/second")
    assert provider_of("a@FoxMail.com", among=known) == Provider("qq.com", Rate.of("300/hour"))
    assert provider_of("a@example.org", among=known) == Provider("example.org")
    assert providers("") == {}


@pytest.mark.parametrize("words", ["qq.com", "qq.com:", ":3/hour", "qq.com+:3/hour", "a:b:c"])
def test_what_names_no_provider_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        providers(words)
