"""Colleagues at the door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts import login_limit
from foundation import redis_client
from tests.support.one_time_codes import code

PASSWORD = "a long one of this test"
LOG_IN = "/admin/login/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    yield
    for limiter in (redis_client._window_limiter("memory://"), login_limit._alone()):
        limiter.storage.reset()


@pytest.fixture
def chief(db: None) -> User:
    """An administrator with a password and an address."""
    return User.objects.create_superuser("chief", "chief@office.example", PASSWORD)


@pytest.fixture
def colleague(db: None) -> User:
    """Somebody who may log in, and do nothing."""
    return User.objects.create_user(
        "colleague", "colleague@office.example", PASSWORD, is_staff=True
    )


class Door:
    """A browser at the log-in, in one language."""

    def __init__(self, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": language})
        self.secret = ""

    def password(self, name: str, password: str = PASSWORD, **more: Any) -> Any:
        """What a log-in by password answers."""
        form = {"username": name, "password": password, **more}
        return self.client.post(LOG_IN, form)

    def code(self, typed: str) -> Any:
        """What the page of the second factor answers."""
        return self.client.post("/admin/login/code/", {"code": typed})

    def add_app(self) -> list[str]:
        """Set up an authenticator app. Returns the recovery codes."""
        page = self.client.get("/admin/me/app/").content.decode()
        found = re.search(r'class="secret">([A-Z2-7]+)<', page)
        assert found, page
        self.secret = found[1]
        answer = self.client.post("/admin/me/app/", {"code": code(self.secret)}, follow=True)
        assert answer.status_code == 200
        return re.findall(r"<code>(\d{8})</code>", answer.content.decode())

    def is_in(self) -> bool:
        """Whether the admin's first page is shown."""
        return bool(self.client.get("/admin/").status_code == 200)


@pytest.fixture
def door() -> Door:
    """A browser at the log-in."""
    return Door()
