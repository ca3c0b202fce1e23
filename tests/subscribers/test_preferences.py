"""Topics, language, a pause, and coming back, by the link in each mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publications.models import Topic
from subscribers import preferences, undoing, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason, SubscriptionSource
from tests.support.factories import NOON
from tests.support.readers import address_of, followed

HOUR = timedelta(hours=1)
PLAIN: Any = {"keyword_alerts": (), "language": "en", "format": "html", "time_zone": "", "name": ""}


@pytest.fixture
def link(reader: Subscriber) -> str:
    return address_of(reader, Purpose.PREFERENCES)


def choice(
    *topics: Topic, language: str = "en", name: str = "", keyword_alerts: str = ""
) -> dict[str, object]:
    """The form as it is filled in."""
    ids = [topic.pk for topic in topics]
    return {
        "do": "choose",
        "topics": ids,
        "keyword_alerts": keyword_alerts,
        "language": language,
        "format": "html",
        "time_zone": "",
        "name": name,
    }


def test_a_reader_chooses_other_topics_and_the_other_language(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    form = choice(topics[1], topics[2], language="zh-hans", name="A.\r\nB.")
    page = browser.post(link, form, follow=True)
    assert page.status_code == 200
    reader.refresh_from_db()
    assert (followed(reader), reader.language, reader.name) == (
        {"Markets", "Science"},
        "zh-hans",
        "A. B.",
    )


def test_who_chooses_the_other_language_is_answered_in_it(
    browser: Client, link: str, topics: list[Topic]
) -> None:
    page = browser.post(link, choice(*topics, language="zh-hans"), follow=True).content.decode()
    assert "您的选择已保存。" in page
    page = browser.post(link, choice(*topics, language="en"), follow=True).content.decode()
    assert "Your choices are saved." in page


def test_who_switched_the_language_of_the_pages_is_answered_in_that(
    browser: Client, link: str, topics: list[Topic]
) -> None:
    browser.post(reverse("set_language"), {"language": "en", "next": link})
    page = browser.post(link, choice(*topics, language="zh-hans"), follow=True).content.decode()
    assert "Your choices are saved." in page


def test_what_a_reader_goes_on_following_keeps_its_history(
    reader: Subscriber, topics: list[Topic]
) -> None:
    kept = reader.subscriptions.get(topic=topics[1])
    assert preferences.choose(reader, topics=topics[1:], **PLAIN, at=NOON + HOUR)
    assert reader.subscriptions.current().get(topic=topics[1]) == kept
    ended = reader.subscriptions.get(topic=topics[0])
    assert (ended.ended_at, ended.ended_reason) == (NOON + HOUR, EndReason.PREFERENCES)
    begun = reader.subscriptions.get(topic=topics[2])
    assert (begun.started_at, begun.source) == (NOON + HOUR, SubscriptionSource.PREFERENCES)


def test_choosing_the_same_again_changes_nothing(reader: Subscriber, topics: list[Topic]) -> None:
    before = list(reader.subscriptions.values())
    preferences.choose(reader, topics=topics[:2], **PLAIN, at=NOON + HOUR)
    assert list(reader.subscriptions.values()) == before


def test_choosing_nothing_is_answered_with_the_ways_to_pause_and_leave(
    browser: Client, link: str, reader: Subscriber
) -> None:
    page = browser.post(link, choice())
    assert b"pause or unsubscribe" in page.content
    assert "/leave/" in page.content.decode()
    assert followed(reader) == {"Law", "Markets"}


def test_keyword_alerts_are_kept_as_typed_and_known_by_their_key(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    browser.post(
        link, choice(topics[0], keyword_alerts=" Heat  pumps\r\n氢能、ＡＩ 芯片\nheat PUMPS\n")
    )
    assert dict(reader.keyword_alerts.values_list("phrase", "key")) == {
        "heat PUMPS": "heat pump",
        "氢能": "氢能",
        "ＡＩ 芯片": "=AI 芯片",
    }
    assert "氢能" in browser.get(link).content.decode()
    browser.post(link, choice(topics[0], keyword_alerts="氢能"))
    assert [alert.phrase for alert in reader.keyword_alerts.all()] == ["氢能"]


def test_who_has_keyword_alerts_need_not_follow_a_topic(
    browser: Client, link: str, reader: Subscriber
) -> None:
    browser.post(link, choice(keyword_alerts="heat pumps"))
    assert followed(reader) == set()
    assert reader.keyword_alerts.count() == 1


@pytest.mark.parametrize(
    "keyword_alerts", ["a", "x" * 61, "\n".join(f"word {n}" for n in range(11))]
)
def test_keyword_alerts_that_are_too_short_too_long_or_too_many_are_refused(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic], keyword_alerts: str
) -> None:
    page = browser.post(link, choice(*topics, keyword_alerts=keyword_alerts))
    assert b"aria-invalid" in page.content or b'class="error"' in page.content
    assert b"There is a problem" in page.content
    assert not reader.keyword_alerts.exists()


def test_a_reader_can_choose_plain_text(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    browser.post(link, choice(*topics) | {"format": "text"})
    reader.refresh_from_db()
    assert reader.format == Subscriber.Format.TEXT


def test_days_are_those_of_the_readers_time_zone(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    browser.post(link, choice(*topics) | {"time_zone": "Pacific/Auckland"})
    late_in_utc = datetime(2099, 1, 1, 23, tzinfo=UTC)
    Subscriber.objects.update(paused_until=late_in_utc)
    assert b"2 January 2099" in browser.get(link).content


def test_a_time_zone_that_is_not_on_earth_is_refused(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    browser.post(link, choice(*topics) | {"time_zone": "Mars/Olympus"})
    reader.refresh_from_db()
    assert reader.time_zone == ""


def test_the_link_to_pause_asks_then_pauses_and_ends_the_pause(
    browser: Client, reader: Subscriber
) -> None:
    path = address_of(reader, Purpose.PAUSE)
    now = timezone.now()
    assert b"for a month?" in browser.get(path).content
    assert Subscriber.objects.mailable(at=now).exists()
    assert b"are paused" in browser.post(path, {"do": "pause"}, follow=True).content
    assert not Subscriber.objects.mailable(at=now).exists()
    page = browser.post(path, {"do": "resume"}, follow=True).content
    assert b"The pause is over" in page
    assert b"for a month" not in page
    assert Subscriber.objects.mailable(at=now).exists()


def test_a_paused_reader_who_opens_the_link_to_confirm_reads_of_the_pause_and_can_end_it(
    browser: Client, reader: Subscriber
) -> None:
    Subscriber.objects.update(paused_until=datetime(2099, 1, 1, tzinfo=UTC))
    page = browser.get(address_of(reader, Purpose.CONFIRM)).content.decode()
    assert "Paused: no emails are sent until" in page
    assert "next issue on" not in page
    (action,) = re.findall(r'class="notice" method="post" action="([^"]+)"', page)
    browser.post(action, {"do": "resume"})
    reader.refresh_from_db()
    assert reader.paused_until is None


def test_the_link_of_a_section_stops_that_section_only(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    path = f"{address_of(reader, Purpose.STOP)}{topics[0].pk}/"
    page = browser.get(path).content
    assert b"Law" in page
    assert b"Markets" not in page
    assert followed(reader) == {"Law", "Markets"}
    page_after = browser.post(path, {"topic": topics[0].pk}).content.decode()
    assert "<h1>You no longer get “Law”</h1>" in page_after
    assert followed(reader) == {"Markets"}
    assert reader.subscriptions.get(topic=topics[0]).ended_reason == EndReason.SECTION


def test_the_link_to_stop_a_section_asks_which(browser: Client, reader: Subscriber) -> None:
    page = browser.get(address_of(reader, Purpose.STOP)).content
    assert b"Law" in page
    assert b"Markets" in page


def test_what_is_no_topic_stops_nothing(browser: Client, reader: Subscriber) -> None:
    page = browser.post(address_of(reader, Purpose.STOP), {"topic": "all"}, follow=True)
    assert "You no longer get" not in page.content.decode()
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
    assert not Subscriber.objects.mailable(at=now).exists()
    assert Subscriber.objects.mailable(at=now + preferences.PAUSE + HOUR).get() == reader

    browser.post(link, {"do": "resume"})
    assert Subscriber.objects.mailable(at=now).get() == reader


def test_pausing_twice_does_not_make_it_longer(reader: Subscriber) -> None:
    assert preferences.pause(reader.pk, at=NOON)
    assert not preferences.pause(reader.pk, at=NOON + HOUR)
    reader.refresh_from_db()
    assert reader.paused_until == NOON + preferences.PAUSE


def test_who_left_can_come_back_to_the_same_topics(
    browser: Client, link: str, reader: Subscriber
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON + HOUR, reason=EndReason.ONE_CLICK)
    assert b"Come back" in browser.get(link).content
    page = browser.post(link, {"do": "come back"}, follow=True)
    assert b"Welcome back" in page.content
    assert Subscriber.objects.confirmed().get() == reader
    assert followed(reader) == {"Law", "Markets"}


def test_only_what_leaving_ended_comes_back(reader: Subscriber, topics: list[Topic]) -> None:
    preferences.choose(reader, topics=topics[:1], **PLAIN, at=NOON)
    unsubscribing.unsubscribe(reader.pk, at=NOON + HOUR, reason=EndReason.LEFT)
    reader.refresh_from_db()
    assert undoing.undo_leaving(reader.pk, left_at=NOON + HOUR, at=NOON + 2 * HOUR)
    assert followed(reader) == {"Law"}
    assert not undoing.undo_leaving(reader.pk, left_at=NOON + HOUR, at=NOON + 2 * HOUR)


def test_a_form_left_open_does_not_undo_leaving(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.ONE_CLICK)
    page = browser.post(link, choice(*topics), follow=True)
    assert b"If you come back" in page.content
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


def test_the_page_asks_the_database_few_questions(
    browser: Client, link: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The reader, a suppression, what they follow and watch, what is offered, which bulletins they
    # read and which there are, the last issues (and, where there are any, their articles by topic).
    with django_assert_num_queries(8):
        browser.get(link)
