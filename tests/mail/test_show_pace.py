"""`manage.py show_pace`, as an operator types it."""

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
    call_command("show_pace", stdout=out, **options)
    return out.getvalue()


@pytest.mark.redis
def test_servers_providers_and_who_is_left_alone_are_shown(
    counting: Redis, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MAIL_SERVERS = servers(
        "smtp://user:geheim@a.test?pace=14/second smtp://b.test?weight=3"
    )
    settings.PROVIDERS = providers("qq.com+foxmail.com:300/hour")
    assert "Nobody is left alone." in shown()
    circuit_breakers.open_circuit("qq.com", answer="451 Later", longest=1800)
    said = shown()
    assert "a.test:25  weight 1  14 mails in 1 s" in said
    assert "b.test:25  weight 3  as fast as it takes them" in said
    assert "qq.com  300 mails in 3600 s" in said
    assert "451 Later" in said
    assert "geheim" not in said


@pytest.mark.redis
def test_an_operator_has_a_provider_tried_again_at_once(
    counting: Redis, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    circuit_breakers.open_circuit("qq.com", answer="451 Later", longest=1800)
    assert "Nobody is left alone." in shown(reopen="qq.com")
    with pytest.raises(CommandError, match="Nobody of that name"):
        shown(reopen="qq.com")


def test_without_redis_it_says_so(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CommandError, match="Redis does not answer"):
        shown()
