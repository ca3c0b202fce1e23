"""`manage.py show_rate_limits`, as an operator types it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings
from redis import Redis

from mail.rate_limits import circuit_breakers
from mail.rate_limits.providers import providers
from mail.servers import servers


def shown(**options: str) -> str:
    out = StringIO()
    call_command("show_rate_limits", stdout=out, **options)
    return out.getvalue()


@pytest.mark.redis
def test_servers_providers_and_open_circuit_breakers_are_shown(
    counting: Redis, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MAIL_SERVERS = servers(
        "smtp://user:geheim@a.test?rate=14/second smtp://b.test?weight=3"
    )
    settings.PROVIDERS = providers("qq.com+foxmail.com:300/hour")
    assert "No circuit breaker is open." in shown()
    circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    output = shown()
    assert "a.test:25  weight 1  14 mails in 1 s" in output
    assert "b.test:25  weight 3  as fast as it takes them" in output
    assert "qq.com  300 mails in 3600 s" in output
    assert "451 Later" in output
    assert "geheim" not in output


@pytest.mark.redis
@pytest.mark.django_db
def test_an_operator_resets_the_circuit_breaker_of_a_provider(
    counting: Redis, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    assert "No circuit breaker is open." in shown(reset="qq.com")
    with pytest.raises(CommandError, match="No open circuit breaker has that name"):
        shown(reset="qq.com")


@pytest.mark.redis
def test_the_circuit_of_a_server_that_is_no_longer_in_the_settings_is_not_shown(
    counting: Redis, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MAIL_SERVERS = servers("smtp://a.test")
    for name in ("a.test:25", "former.test:25"):
        circuit_breakers.open_circuit(name, reason="gone", max_seconds=1800)
    output = shown()
    assert "a.test:25  for " in output
    assert "former.test" not in output
    with pytest.raises(CommandError, match="No open circuit breaker has that name"):
        shown(reset="former.test:25")


def test_without_redis_it_says_so(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CommandError, match="Redis does not answer"):
        shown()
