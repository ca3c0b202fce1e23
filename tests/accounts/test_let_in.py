"""A locked-out administrator is let in by a command."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings
from redis import Redis

from audit_log.models import Entry
from foundation import redis_client
from tests.accounts.conftest import Door

pytestmark = pytest.mark.django_db
NEW = "an even longer one of this test"


def let_in(*args: str) -> str:
    said = StringIO()
    call_command("let_in", *args, stdout=said, stderr=said)
    return said.getvalue()


@pytest.mark.redis
def test_who_forgot_password_and_phone_and_guessed_too_often_is_in_again(
    chief: User, door: Door, settings: Settings, counting: Redis
) -> None:
    settings.REDIS_SOCKET = counting.connection_pool.connection_kwargs["path"]
    settings.RATE_LIMIT_STORAGE_URL = f"redis+unix://{settings.REDIS_SOCKET}"
    redis_client._window_limiter.cache_clear()
    door.password("chief")
    door.add_app()
    stranger = Door()
    assert [stranger.password("chief", "wrong").status_code for _ in range(6)][-1] == 429
    counting.set("LIMITS:LIMITER/sign-ups/x", 1)
    said = let_in("chief", "--remove-second-factor")
    assert counting.exists("LIMITS:LIMITER/sign-ups/x")  # what is no guess is counted on
    path = said.split()[-1].removeprefix(settings.SITE_URL)
    Client().post(path, {"new_password1": NEW, "new_password2": NEW})
    assert stranger.password("chief", NEW)["Location"] == "/admin/"
    assert stranger.is_in()
    entry = Entry.objects.get(act="colleague.let_in")
    assert (entry.by, entry.subject) == (None, f"user={chief.pk}")
    assert entry.after == {"second_factors_removed": 2}


def test_the_second_factor_stays_if_nobody_asks_for_its_removal(chief: User, door: Door) -> None:
    door.password("chief")
    door.add_app()
    said = let_in("chief")
    assert "/admin/login/new/" in said
    assert Authenticator.objects.filter(user=chief).count() == 2
    assert "Redis does not answer" in said


def test_who_is_nobody_or_may_not_log_in_is_not_let_in(colleague: User) -> None:
    colleague.is_active = False
    colleague.save()
    for name in ("nobody", "colleague"):
        with pytest.raises(CommandError):
            let_in(name)
    assert not Entry.objects.exists()
