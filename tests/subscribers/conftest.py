"""A bulletin with three topics, and what several of these tests do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from publications.models import Bulletin, Topic
from subscribers.models import Subscriber
from tests.support.factories import a_reader, topics_of


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Law", "Markets", "Science"])


@pytest.fixture
def reader(bulletin: Bulletin, topics: list[Topic]) -> Subscriber:
    """A confirmed reader of Law and Markets."""
    return a_reader(bulletin, "ann@reader.example", topics=topics[:2])


@pytest.fixture
def browser() -> Client:
    """A browser that prefers English and has the forms' tokens checked."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def sign_up(
    browser: Client,
    bulletin: Bulletin,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., str]:
    """Fill in the form and press the button; the page that it leads to."""

    def press(address: str, *topics: Topic, **more: str) -> str:
        data = {"address": address, "topics": [topic.pk for topic in topics], "language": "en"}
        with django_capture_on_commit_callbacks(execute=True):
            form = reverse("subscribers:sign_up", args=[bulletin.slug])
            page = browser.post(form, data | more, follow=True)
        assert page.status_code == 200
        return page.content.decode()

    return press
