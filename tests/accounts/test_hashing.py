"""Hashing passwords does not take the threads that pages need."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import hashing
from accounts.hashing import BoundedHasher, TooManyAtOnce
from bulletin_site import settings as configured
from tests.accounts.conftest import PASSWORD, Door


@pytest.fixture(autouse=True)
def _hashed_as_in_earnest(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS


@pytest.fixture
def busy() -> Iterator[None]:
    """A process that has one password at work and one that waits."""
    hashing._WAITING.acquire()
    hashing._WAITING.acquire()
    yield
    hashing._WAITING.release()
    hashing._WAITING.release()


def test_hashes_are_those_of_django() -> None:
    hashed = make_password(PASSWORD)
    assert hashed.startswith("pbkdf2_sha256$")
    assert PBKDF2PasswordHasher().verify(PASSWORD, hashed)
    assert check_password(PASSWORD, PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6))
    assert not check_password("wrong", hashed)


def test_of_many_threads_one_hashes_one_waits_and_the_others_are_free_at_once() -> None:
    start = threading.Barrier(8)
    at_work, most = [0], [0]

    class Slow(BoundedHasher):
        iterations = 200_000

    def one() -> tuple[bool, float]:
        start.wait()
        begun = time.monotonic()
        try:
            Slow().encode(PASSWORD, "salt" * 6)
        except TooManyAtOnce:
            return False, time.monotonic() - begun
        return True, time.monotonic() - begun

    with ThreadPoolExecutor(8) as threads:
        ended = list(threads.map(lambda _: one(), range(8)))
    assert 2 <= sum(done for done, _ in ended) < 8
    slowest = max(seconds for done, seconds in ended if done)
    assert all(seconds < slowest for done, seconds in ended if not done)
    assert most == at_work == [0]
    make_password(PASSWORD)  # and it goes on


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "few seconds"), ("zh-hans", "几秒")])
def test_a_busy_process_says_so_and_counts_no_wrong_guess(
    settings: Settings, busy: None, language: str, words: str
) -> None:
    door = Door(language)
    for _ in range(10):
        answer = door.password("chief")
        if answer.status_code == 429:
            pytest.fail("a guess that was not looked at was counted")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 1
    assert words in answer.content.decode()
    assert Client().get("/").status_code == 200


@pytest.mark.django_db
def test_who_logs_in_is_let_in(settings: Settings) -> None:
    User.objects.create_superuser("chief", password=PASSWORD)
    door = Door()
    assert door.password("chief").status_code == 302
    assert door.is_in()
