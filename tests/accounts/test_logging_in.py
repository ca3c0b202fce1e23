"""Guessing at passwords gets slower and slower, and its owner can still log in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, cast

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings
from redis import Redis

from accounts import login_limit
from accounts.login_limit import network_of
from foundation import redis_client

pytestmark = pytest.mark.django_db
PASSWORD = "a long one of this test"
LOG_IN = "/admin/login/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    yield
    for limiter in (redis_client._window_limiter("memory://"), login_limit._alone()):
        limiter.storage.reset()


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("editor", password=PASSWORD)


def tried(
    password: str = "wrong", *, name: str = "editor", at: str = "198.51.100.7", browser: Any = None
) -> HttpResponse:
    client = browser or Client()
    answer = client.post(
        LOG_IN, {"username": name, "password": password}, REMOTE_ADDR=at, HTTP_ACCEPT_LANGUAGE="en"
    )
    return cast("HttpResponse", answer)


def answers(count: int, **how: Any) -> list[int]:
    return [tried(**how).status_code for _ in range(count)]


def anywhere(number: int) -> str:
    """An address of a network of its own."""
    return str(ip_address((100 << 24) + (number << 8)))


def test_the_sixth_wrong_guess_waits_and_so_does_the_right_one(editor: User) -> None:
    assert answers(6) == [200] * 5 + [429]
    refused = tried(PASSWORD)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "wait for 1 minute" in refused.content.decode()
    assert (
        "请等待"
        in Client()
        .post(
            LOG_IN,
            {"username": "editor", "password": "x"},
            REMOTE_ADDR="198.51.100.7",
            HTTP_ACCEPT_LANGUAGE="zh-hans",
        )
        .content.decode()
    )


def test_a_name_with_nul_is_answered(editor: User) -> None:
    assert tried(name="edi\0tor").status_code in {200, 400}  # PostgreSQL cannot be asked for it


def test_waits_grow_with_the_guesses(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now, waited = time.time(), []
    monkeypatch.setattr(time, "time", lambda: now)
    for _ in range(300):
        if (answer := tried()).status_code == 429:
            waited.append(int(answer["Retry-After"]))
            now += waited[-1]
    assert waited[0] <= 60 < 10 * 60 < max(waited[1:4]) <= 15 * 60
    assert 3600 < max(waited) <= 24 * 3600


@pytest.mark.parametrize("same", ["198.51.100.200", "198.51.100.7"])
def test_a_neighbour_in_the_network_is_the_same_guesser(editor: User, same: str) -> None:
    answers(5)
    assert tried(PASSWORD, at=same).status_code == 429
    assert tried(PASSWORD, at="203.0.113.7").status_code == 302


def test_a_stranger_does_not_lock_the_owner_out_on_a_device_that_is_known(editor: User) -> None:
    own = Client()
    assert tried(PASSWORD, browser=own).status_code == 302
    codes = [tried(at=anywhere(n)).status_code for n in range(25)]
    assert codes == [200] * 20 + [429] * 5  # by account, from everywhere
    assert tried(PASSWORD, at="203.0.113.7").status_code == 429
    answers(6)  # and from the owner's own network
    assert tried(PASSWORD, browser=own).status_code == 302
    assert answers(6, browser=own) == [200] * 5 + [429]  # a device that was stolen is counted, too


def test_the_cookie_of_one_account_or_a_forged_one_helps_with_no_other(editor: User) -> None:
    User.objects.create_user("other", password=PASSWORD, is_staff=True)
    other = Client()
    assert tried(PASSWORD, name="other", browser=other).status_code == 302
    assert answers(6, browser=other)[-1] == 429
    forged = Client()
    forged.cookies["device"] = f"user={editor.pk} x:y:z"
    assert tried(PASSWORD, browser=forged).status_code == 429


def test_one_network_cannot_try_one_password_on_every_account(editor: User) -> None:
    codes = [tried(name=f"name{n}").status_code for n in range(21)]
    assert codes == [200] * 20 + [429]
    assert tried(PASSWORD, at="203.0.113.7").status_code == 302


def test_guesses_from_everywhere_do_not_take_the_processor_and_pages_stay(editor: User) -> None:
    codes = [tried(name=f"name{n}", at=anywhere(n)).status_code for n in range(61)]
    assert codes == [200] * 60 + [429]
    assert Client().get("/", REMOTE_ADDR=anywhere(1)).status_code == 200


def test_many_colleagues_behind_one_address_log_in_in_the_morning(editor: User) -> None:
    assert answers(30, password=PASSWORD) == [302] * 30


@pytest.mark.redis
def test_all_processes_count_together(editor: User, settings: Settings, counting: Redis) -> None:
    settings.RATE_LIMIT_STORAGE_URL = f"redis+unix://{settings.REDIS_SOCKET}"
    answers(5)
    redis_client._window_limiter.cache_clear()  # as another process begins
    assert tried(PASSWORD).status_code == 429
    counting.flushdb()
    assert tried(PASSWORD).status_code == 302


def test_while_redis_is_away_each_process_counts_alone(
    editor: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.RATE_LIMIT_STORAGE_URL = "redis://127.0.0.1:1/0"
    assert tried(PASSWORD).status_code == 302
    assert answers(6) == [200] * 5 + [429]
    assert "Redis does not answer" in caplog.text


def test_each_try_is_in_the_log_by_keys(editor: User, caplog: pytest.LogCaptureFixture) -> None:
    tried("a wrong secret")
    tried("another", name="my.secret@example.org", at="2001:db8:1:2::3")
    tried(PASSWORD)
    assert f"log-in failed: user={editor.pk} network=198.51.100.0/24 device=new" in caplog.text
    assert "log-in failed: name=" in caplog.text
    assert "network=2001:db8:1::/48" in caplog.text
    assert f"log-in ok: user={editor.pk}" in caplog.text
    for word in ("secret", "198.51.100.7", "2001:db8:1:2", PASSWORD, "editor"):
        assert word not in caplog.text


def test_networks_are_what_one_owner_is_given() -> None:
    assert network_of("198.51.100.7") == "198.51.100.0/24"
    assert network_of("2001:db8:1:2::/64") == "2001:db8:1::/48"
    assert network_of("unknown") == "unknown"


@pytest.mark.parametrize(
    "after", ["//evil.example/", "https://evil.example/", "", "javascript:alert(1)", "/\\evil"]
)
def test_who_logs_in_gets_to_the_first_page_and_not_elsewhere(editor: User, after: str) -> None:
    form = {"username": "editor", "password": PASSWORD, "next": after}
    answer = Client().post(f"{LOG_IN}?next={after}", form)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("weak", ["1", "12345678", "password1234", "135792468013"])
def test_weak_passwords_are_refused(editor: User, weak: str, admin_client: Client) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, editor)
    page = f"/admin/auth/user/{editor.pk}/password/"
    form = {"password1": weak, "password2": weak, "usable_password": "true"}
    assert admin_client.post(page, form).status_code == 200
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)
