"""Topics, language, a pause, and coming back, by the link in each mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from subscribers import leaving, preferring
from subscribers.links import Purpose
from subscribers.models import Subscriber, Topic
from subscribers.models.subscription import Ending, Origin
from tests.making import NOON
from tests.subscribers.conftest import address_of, followed

HOUR = timedelta(hours=1)


@pytest.fixture
def link(reader: Subscriber) -> str:
    return address_of(reader, Purpose.PREFERENCES)


def choice(*topics: Topic, language: str = "en", name: str = "") -> dict[str, object]:
    """The form as it is filled in."""
    ids = [topic.pk for topic in topics]
    return {"do": "choose", "topics": ids, "language": language, "name": name}


def test_a_reader_chooses_other_topics_and_the_other_language(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    told = choice(topics[1], topics[2], language="zh-hans", name="A.\r\nB.")
    page = browser.post(link, told, follow=True)
    assert page.status_code == 200
    reader.refresh_from_db()
    assert (followed(reader), reader.language, reader.name) == (
        {"Markets", "Science"},
        "zh-hans",
        "A. B.",
    )


def test_what_a_reader_goes_on_following_keeps_its_history(
    reader: Subscriber, topics: list[Topic]
) -> None:
    kept = reader.subscriptions.get(topic=topics[1])
    assert preferring.choose(reader, topics=topics[1:], language="en", name="", at=NOON + HOUR)
    assert reader.subscriptions.current().get(topic=topics[1]) == kept
    ended = reader.subscriptions.get(topic=topics[0])
    assert (ended.ended_at, ended.ended_reason) == (NOON + HOUR, Ending.PREFERENCES)
    begun = reader.subscriptions.get(topic=topics[2])
    assert (begun.started_at, begun.source) == (NOON + HOUR, Origin.PREFERENCES)


def test_choosing_the_same_again_changes_nothing(reader: Subscriber, topics: list[Topic]) -> None:
    before = list(reader.subscriptions.values())
    preferring.choose(reader, topics=topics[:2], language="en", name="", at=NOON + HOUR)
    assert list(reader.subscriptions.values()) == before


def test_choosing_nothing_is_answered_with_the_ways_to_pause_and_leave(
    browser: Client, link: str, reader: Subscriber
) -> None:
    page = browser.post(link, choice())
    assert b"pause or leave" in page.content
    assert "/leave/" in page.content.decode()
    assert followed(reader) == {"Law", "Markets"}


def test_a_topic_of_another_bulletin_cannot_be_chosen(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    browser.post(link, choice(topics[0]) | {"topics": [topics[0].pk, 999]})
    assert followed(reader) == {"Law", "Markets"}


def test_what_was_retired_is_not_offered_and_not_ended(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(retired_at=NOON)
    assert b"Law" not in browser.get(link).content
    browser.post(link, choice(topics[2]))
    assert followed(reader) == {"Law", "Science"}


def test_a_pause_stops_the_mail_for_a_month_and_can_be_ended(
    browser: Client, link: str, reader: Subscriber
) -> None:
    now = timezone.now()
    page = browser.post(link, {"do": "pause"}, follow=True)
    assert b"Paused" in page.content
    assert not Subscriber.objects.active(at=now).exists()
    assert Subscriber.objects.active(at=now + preferring.PAUSE + HOUR).get() == reader

    browser.post(link, {"do": "resume"})
    assert Subscriber.objects.active(at=now).get() == reader


def test_pausing_twice_does_not_make_it_longer(reader: Subscriber) -> None:
    assert preferring.pause(reader.pk, at=NOON)
    assert not preferring.pause(reader.pk, at=NOON + HOUR)
    reader.refresh_from_db()
    assert reader.paused_until == NOON + preferring.PAUSE


def test_who_left_can_come_back_to_the_same_topics(
    browser: Client, link: str, reader: Subscriber
) -> None:
    leaving.unsubscribe(reader.pk, at=NOON + HOUR, ending=Ending.ONE_CLICK)
    assert b"Come back" in browser.get(link).content
    page = browser.post(link, {"do": "come back"}, follow=True)
    assert b"Welcome back" in page.content
    assert Subscriber.objects.confirmed().get() == reader
    assert followed(reader) == {"Law", "Markets"}


def test_only_what_leaving_ended_comes_back(reader: Subscriber, topics: list[Topic]) -> None:
    preferring.choose(reader, topics=topics[:1], language="en", name="", at=NOON)
    leaving.unsubscribe(reader.pk, at=NOON + HOUR, ending=Ending.LEFT)
    reader.refresh_from_db()
    assert preferring.come_back(reader, at=NOON + 2 * HOUR)
    assert followed(reader) == {"Law"}
    assert not preferring.come_back(reader, at=NOON + 2 * HOUR)


def test_a_form_left_open_does_not_undo_leaving(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    leaving.unsubscribe(reader.pk, at=NOON, ending=Ending.ONE_CLICK)
    page = browser.post(link, choice(*topics), follow=True)
    assert b"You have left" in page.content
    assert not Subscriber.objects.confirmed().exists()
    assert followed(reader) == set()


@pytest.mark.parametrize("do", ["choose", "pause", "come back"])
def test_preferences_do_not_confirm_a_sign_up(
    do: str, browser: Client, link: str, topics: list[Topic]
) -> None:
    Subscriber.objects.update(confirmed_at=None)
    page = browser.post(link, choice(*topics) | {"do": do}, follow=True)
    assert b"not confirmed yet" in page.content
    assert not Subscriber.objects.confirmed().exists()


def test_something_unknown_to_do_changes_nothing(browser: Client, link: str) -> None:
    before = list(Subscriber.objects.values())
    assert browser.post(link, {"do": "dance"}, follow=True).status_code == 200
    assert list(Subscriber.objects.values()) == before


def test_a_stranger_site_cannot_press_the_buttons(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link, {"do": "pause"}).status_code == 403


def test_the_page_asks_the_database_four_questions(
    browser: Client, link: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):  # the reader, a suppression, what is followed and offered
        browser.get(link)
