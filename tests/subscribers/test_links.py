"""Forged, foreign and expired links: a clear page, and nothing changed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from publications.models import Bulletin, Topic
from subscribers import links
from subscribers.links import Purpose
from subscribers.models import Subscriber, Subscription
from tests.support.factories import NOON
from tests.support.readers import address_of

ACTS = {
    Purpose.CONFIRM: {},
    Purpose.PREFERENCES: {"do": "pause"},
    Purpose.PAUSE: {"do": "pause"},
    Purpose.STOP: {"topic": "1"},
    Purpose.LEAVE: {"List-Unsubscribe": "One-Click"},
    Purpose.UNDO: {},
}


@pytest.fixture
def waiting(bulletin: Bulletin, topics: list[Topic]) -> Subscriber:
    """A reader who has not confirmed."""
    return Subscriber.objects.create(
        bulletin=bulletin,
        address="w@x.org",
        address_key="w@x.org",
        language="en",
        signed_up_at=NOON,
    )


def state() -> list[object]:
    """All that a reader's link could change."""
    return [*Subscriber.objects.order_by("pk").values(), *Subscription.objects.values()]


def aged(token_of: Subscriber, purpose: Purpose, monkeypatch: pytest.MonkeyPatch) -> str:
    """A link that was made long ago."""
    with monkeypatch.context() as long_ago:
        long_ago.setattr("time.time", lambda: 1_000_000_000)
        return address_of(token_of, purpose)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("spoil", [str.swapcase, lambda token: token[:-1], lambda _: "x"])
def test_a_forged_link_changes_nothing(
    purpose: Purpose, method: str, spoil: object, browser: Client, reader: Subscriber
) -> None:
    assert callable(spoil)
    before = state()
    path = reverse(f"subscribers:{purpose}", args=[spoil(links.token(reader, purpose))])
    page = getattr(browser, method)(path, ACTS[purpose])
    assert page.status_code == 403
    assert b"This link does not work" in page.content
    assert state() == before


OF_A_MAIL = [purpose for purpose in Purpose if purpose is not Purpose.CONFIRM]


@pytest.mark.parametrize("purpose", OF_A_MAIL)
@pytest.mark.parametrize("other", OF_A_MAIL)
def test_who_has_one_link_of_a_mail_has_them_all(
    purpose: Purpose, other: Purpose, browser: Client, reader: Subscriber
) -> None:
    path = reverse(f"subscribers:{purpose}", args=[links.token(reader, other)])
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("purpose", OF_A_MAIL)
def test_who_has_the_links_of_a_mail_cannot_confirm_and_the_other_way_round(
    purpose: Purpose, browser: Client, reader: Subscriber
) -> None:
    before = state()
    for asked, other in ((purpose, Purpose.CONFIRM), (Purpose.CONFIRM, purpose)):
        path = reverse(f"subscribers:{asked}", args=[links.token(reader, other)])
        assert browser.get(path).status_code == 403
        assert browser.post(path, ACTS[asked]).status_code == 403
    assert state() == before


def test_a_link_signed_with_another_key_is_forged(
    browser: Client, reader: Subscriber, settings: Settings
) -> None:
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another key" * 5
    path = address_of(reader, Purpose.LEAVE)
    settings.SECRET_KEY = key
    assert browser.post(path).status_code == 403


def test_an_expired_confirmation_offers_to_sign_up_again(
    browser: Client, waiting: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state()
    page = browser.post(aged(waiting, Purpose.CONFIRM, monkeypatch))
    assert page.status_code == 410
    assert reverse("subscribers:sign_up", args=["letters"]) in page.content.decode()
    assert state() == before


def test_an_expired_link_to_the_preferences_changes_nothing(
    browser: Client, reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state()
    page = browser.post(aged(reader, Purpose.PREFERENCES, monkeypatch), {"do": "pause"})
    assert page.status_code == 410
    assert state() == before


def test_leaving_works_from_the_oldest_mail_in_a_drawer(
    browser: Client, reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.post(aged(reader, Purpose.LEAVE, monkeypatch)).status_code == 200
    assert not Subscriber.objects.confirmed().exists()


@pytest.mark.parametrize("purpose", Purpose)
def test_the_link_of_a_forgotten_reader_says_so(
    purpose: Purpose, browser: Client, reader: Subscriber
) -> None:
    path = address_of(reader, purpose)
    reader.delete()
    page = browser.post(path, ACTS[purpose])
    assert page.status_code == 410
    assert b"no longer leads anywhere" in page.content
    assert b"too old" not in page.content


def test_a_page_behind_a_link_is_kept_nowhere(browser: Client, reader: Subscriber) -> None:
    for purpose in Purpose:
        page = browser.get(address_of(reader, purpose))
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "same-origin"
        assert b"noindex" in page.content


def test_the_page_speaks_the_readers_language_until_they_switch(
    browser: Client, reader: Subscriber
) -> None:
    Subscriber.objects.update(language="zh-hans")
    path = address_of(reader, Purpose.LEAVE)
    assert b'<html lang="zh-Hans">' in browser.get(path).content
    browser.post(reverse("set_language"), {"language": "en", "next": path})
    assert b'<html lang="en">' in browser.get(path).content
