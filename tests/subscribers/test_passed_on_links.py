"""Links of old mails, which others may have by now: little is shown, and a fresh one is mailed."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from foundation.tokens import TokenSigner
from publications.models import Topic
from subscribers import links, unsubscribing
from subscribers.links import Purpose
from subscribers.models import NoticeLimit, Subscriber
from subscribers.models.subscription import EndReason
from tests.subscribers.test_undoing import heading
from tests.support.factories import NOON
from tests.support.readers import address_of, followed, link_in

PHRASE = "heat pumps"
FRESH = {"do": "fresh link"}


def aged(reader: Subscriber, purpose: Purpose, *, days: float = 31) -> str:
    """The path of a link as it stood in a mail so many days ago."""
    at = int(time.time() - timedelta(days=days).total_seconds())
    made = TokenSigner(links._use(purpose)).token(reader.pk, reader.link_key, at=at).decode()
    return reverse(f"subscribers:{purpose}", args=[made])


@pytest.fixture
def alerted(reader: Subscriber) -> Subscriber:
    """The reader, with a name and a keyword alert."""
    reader.keyword_alerts.create(phrase=PHRASE, key=PHRASE)
    Subscriber.objects.update(name="Ann Archer")
    return reader


@pytest.mark.parametrize("days", [31, 400, 5000])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "purpose", [Purpose.PREFERENCES, Purpose.LEAVE, Purpose.PAUSE, Purpose.STOP, Purpose.UNDO]
)
def test_an_old_link_shows_no_address_no_name_no_topic_and_no_phrase(
    purpose: Purpose, method: str, days: int, browser: Client, alerted: Subscriber
) -> None:
    page = getattr(browser, method)(aged(alerted, purpose, days=days)).content.decode()
    shown = re.sub(r"[\w-]{32,}", "", page)  # tokens, in which by chance any word may stand
    for secret in (alerted.address, "ann@", "Ann Archer", PHRASE, "Law", "Markets", "Science"):
        assert secret not in shown


def test_an_old_link_to_the_choices_mails_a_fresh_one(
    browser: Client,
    alerted: Subscriber,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = aged(alerted, Purpose.PREFERENCES)
    page = browser.get(old)
    assert page.status_code == 410
    text = page.content.decode()
    assert "a•••@reader.example" in text
    for purpose in (Purpose.LEAVE, Purpose.PAUSE):  # with the old token: no other is handed out
        assert f'href="{old.replace("preferences", purpose)}"' in text
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(old, FRESH, follow=True)
    assert heading(answer.content.decode()) == "Check your inbox"
    assert alerted.address not in answer.content.decode()
    (mail,) = mailoutbox
    assert mail.to == [alerted.address]
    fresh = browser.get(link_in(mail, Purpose.PREFERENCES))
    assert fresh.status_code == 200
    assert PHRASE in fresh.content.decode()


def test_a_fresh_link_is_mailed_three_times_a_day_at_most_and_says_the_same_then(
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = aged(reader, Purpose.PREFERENCES)
    for _ in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(old, FRESH, follow=True)
        assert heading(answer.content.decode()) == "Check your inbox"
    assert len(mailoutbox) == 1
    assert NoticeLimit.objects.count() == 1


def test_whoever_asks_for_fresh_links_too_often_is_refused(
    browser: Client, reader: Subscriber, settings: Settings
) -> None:
    settings.SIGN_UPS_PER_HOUR = 2
    old = aged(reader, Purpose.PREFERENCES)
    codes = [browser.post(old, FRESH, REMOTE_ADDR="198.51.100.77").status_code for _ in range(3)]
    assert codes == [302, 302, 429]


def test_an_old_link_still_unsubscribes_pauses_and_stops_at_once(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    path = f"{aged(reader, Purpose.STOP, days=900)}{topics[0].pk}/"
    asked = browser.get(path).content.decode()
    assert heading(asked) == "Stop getting “Law”?"
    assert "Markets" not in asked
    done = browser.post(path, {"topic": topics[0].pk}).content.decode()
    assert heading(done) == "You no longer get “Law”"
    assert followed(reader) == {"Markets"}
    assert browser.post(aged(reader, Purpose.PAUSE, days=900)).status_code == 302
    assert Subscriber.objects.get().paused_until
    assert browser.post(aged(reader, Purpose.LEAVE, days=900)).status_code == 200
    assert not Subscriber.objects.confirmed().exists()


def test_no_page_of_an_old_link_hands_out_a_newer_token(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    """Else whoever has a forwarded mail could open the choices with that."""
    pages = [
        browser.get(aged(reader, Purpose.PREFERENCES)),
        browser.get(aged(reader, Purpose.PAUSE)),
        browser.get(f"{aged(reader, Purpose.STOP)}{topics[0].pk}/"),
        browser.post(f"{aged(reader, Purpose.STOP)}{topics[0].pk}/", {"topic": topics[0].pk}),
        browser.post(aged(reader, Purpose.LEAVE), {"do": "weekly"}),
        browser.get(aged(reader, Purpose.LEAVE)),
        browser.post(aged(reader, Purpose.LEAVE)),
    ]
    found = 0
    for page in pages:
        for token in re.findall(r'href="/\w+/([\w-]{36})/', page.content.decode()):
            assert links.is_old(token, Purpose.LEAVE)
            found += 1
    assert found >= 6


def test_an_old_link_of_who_has_left_offers_to_sign_up(
    browser: Client, reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.EDITOR)
    old = aged(reader, Purpose.PREFERENCES)
    for page in (browser.get(old), browser.post(old, FRESH)):
        assert page.status_code == 410
        assert reverse("subscribers:sign_up", args=["letters"]) in page.content.decode()
    assert not mailoutbox
    assert not NoticeLimit.objects.exists()


def test_a_link_of_last_week_opens_the_choices(browser: Client, alerted: Subscriber) -> None:
    page = browser.get(aged(alerted, Purpose.PREFERENCES, days=29)).content.decode()
    assert PHRASE in page


@pytest.mark.parametrize("purpose", Purpose)
def test_all_links_outlive_two_changes_of_the_key(
    purpose: Purpose, browser: Client, reader: Subscriber, settings: Settings
) -> None:
    path = address_of(reader, purpose)
    first = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second" * 9, [first]
    between = address_of(reader, purpose)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "third" * 9, ["second" * 9, first]
    assert path != between
    for link in (path, between):
        assert browser.get(link).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    for link in (path, between):
        answer = browser.get(link)
        assert answer.status_code == 403
        assert reverse("subscribers:my_subscription") in answer.content.decode()


def test_an_old_link_to_be_asked_no_more_does_not_offer_to_sign_up(
    browser: Client, reader: Subscriber
) -> None:
    page = browser.post(f"{aged(reader, Purpose.CONFIRM)}not-me/")
    assert page.status_code == 410
    assert b"use the link in the newest one" in page.content
    assert reverse("subscribers:sign_up", args=["letters"]) not in page.content.decode()
