"""The button that takes back what was done a moment ago, and what the page says meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publications.models import Alias, Topic
from subscribers import preferences, undoing, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason, SubscriptionSource
from tests.support.factories import NOON, a_bulletin, a_reader, topics_of
from tests.support.readers import address_of, followed

MINUTE = timedelta(minutes=1)


def field_in(page: str) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', page)
    assert found, page
    return found[1]


def heading(page: str) -> str:
    found = re.search("<h1>(.+?)</h1>", page)
    assert found, page
    return found[1]


@pytest.fixture
def link(reader: Subscriber) -> str:
    return address_of(reader, Purpose.LEAVE)


def test_the_page_after_leaving_takes_it_back(
    browser: Client, link: str, reader: Subscriber
) -> None:
    Subscriber.objects.update(paused_until=NOON.replace(year=2099))
    page = browser.post(link).content.decode()
    assert heading(page) == "You have unsubscribed from Letters"
    assert "No more emails from Letters go to" in page
    field = field_in(page)
    for _ in range(2):  # twice is once
        page = browser.post(link, {"undo": field}).content.decode()
        assert heading(page) == "You are subscribed to Letters"
    assert followed(reader) == {"Law", "Markets"}
    assert reader.subscriptions.count() == 4
    reader.refresh_from_db()
    assert reader.unsubscribed_at is None
    assert reader.paused_until == NOON.replace(year=2099)
    assert {row.source for row in reader.subscriptions.current()} == {SubscriptionSource.UNDO}


def test_only_what_leaving_ended_comes_back_retired_or_not(
    reader: Subscriber, topics: list[Topic]
) -> None:
    preferences.stop(reader.pk, topic_id=topics[0].pk, at=NOON)
    unsubscribing.unsubscribe(reader.pk, at=NOON + MINUTE, reason=EndReason.LEFT)
    Topic.objects.update(retired_at=NOON)
    assert undoing.undo_leaving(reader.pk, left_at=NOON + MINUTE, at=NOON + 2 * MINUTE)
    assert followed(reader) == {"Markets"}


def test_an_old_button_does_not_undo_a_later_leaving(
    browser: Client, link: str, reader: Subscriber
) -> None:
    field = field_in(browser.post(link).content.decode())
    browser.post(link, {"undo": field})
    browser.post(link)
    page = browser.post(link, {"undo": field}).content.decode()
    assert "too late to undo" in page
    assert not Subscriber.objects.confirmed().exists()


def test_the_button_works_for_ten_minutes(browser: Client, link: str, reader: Subscriber) -> None:
    browser.post(link)
    for minutes, undone in ((11, False), (9, True)):
        left_at = timezone.now() - minutes * MINUTE
        Subscriber.objects.update(unsubscribed_at=left_at)
        params = [reader.pk, None, left_at.isoformat()]
        page = browser.post(link, {"undo": signing.dumps(params, salt="undo")}).content.decode()
        assert ("too late to undo" in page) != undone
        assert Subscriber.objects.confirmed().exists() == undone


def test_later_the_page_has_no_button_to_undo(
    browser: Client, link: str, reader: Subscriber
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=timezone.now() - 11 * MINUTE, reason=EndReason.LEFT)
    for page in (browser.get(link), browser.post(link)):
        assert b'name="undo"' not in page.content
        assert b"Sign up again" in page.content


@pytest.mark.parametrize("field", ["", "x", "WzEsbnVsbF0:1abc:def"])
def test_a_field_that_was_not_signed_here_undoes_nothing(
    field: str, browser: Client, link: str, reader: Subscriber
) -> None:
    browser.post(link)
    assert browser.post(link, {"undo": field}).status_code == 200
    assert not Subscriber.objects.confirmed().exists()


def test_a_field_of_somebody_else_undoes_nothing(
    browser: Client, link: str, reader: Subscriber
) -> None:
    other = a_reader(reader.bulletin, "ben@reader.example")
    field = field_in(browser.post(address_of(other, Purpose.LEAVE)).content.decode())
    browser.post(link)
    page = browser.post(link, {"undo": field}).content.decode()
    assert "ben@" not in page
    assert not Subscriber.objects.confirmed().exists()


def test_undoing_does_not_confirm_a_sign_up(browser: Client, link: str, reader: Subscriber) -> None:
    Subscriber.objects.update(confirmed_at=None)
    assert b'name="undo"' not in browser.post(link).content
    browser.post(address_of(reader, Purpose.UNDO))
    assert not Subscriber.objects.confirmed().exists()


def test_who_leaves_one_of_two_bulletins_reads_that_the_other_still_comes(
    browser: Client, link: str, reader: Subscriber
) -> None:
    others = a_bulletin("others", name="Others")
    other = a_reader(others, reader.address, topics=topics_of(others, ["Sport"]))
    a_reader(a_bulletin("thirds", name="Thirds"), "ben@reader.example")
    page = browser.post(link).content.decode()
    assert "Nothing more is sent" not in page
    assert "This address still gets" in page
    assert "Others" in page
    assert "Thirds" not in page
    assert Subscriber.objects.confirmed().filter(pk=other.pk).exists()

    page = browser.post(link, {"bulletin": "others"}).content.decode()
    assert "You have unsubscribed from Others, too" in page
    assert "still gets" not in page
    assert not Subscriber.objects.confirmed().filter(address_key=reader.address_key).exists()
    page = browser.post(link, {"undo": field_in(page)}).content.decode()
    assert heading(page) == "You are subscribed to Others"
    assert followed(other) == {"Sport"}
    reader.refresh_from_db()
    assert not reader.is_reading


def test_another_bulletin_can_be_left_by_its_own_reader_alone(
    browser: Client, link: str, reader: Subscriber
) -> None:
    stranger = a_reader(a_bulletin("thirds"), "ben@reader.example")
    for slug in ("thirds", "none", "\x00"):
        assert browser.post(link, {"bulletin": slug}).status_code == 200
    stranger.refresh_from_db()
    assert stranger.is_reading


def test_who_has_not_left_does_not_see_what_else_they_read(
    browser: Client, link: str, reader: Subscriber
) -> None:
    a_reader(a_bulletin("others", name="Others"), reader.address)
    assert "Others" not in browser.get(link).content.decode()


def test_the_page_after_leaving_asks_the_database_few_questions(
    browser: Client,
    link: str,
    reader: Subscriber,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(5):
        a_reader(a_bulletin(f"others{n}", name=f"Others {n}"), reader.address)
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    with django_assert_num_queries(2):  # the reader, and all that they also read
        browser.get(link)


def stop_page(reader: Subscriber, topic: Topic, *, section: str = "") -> str:
    path = f"{address_of(reader, Purpose.STOP)}{topic.pk}/"
    return f"{path}?title={section}" if section else path


def test_the_page_names_the_section_as_the_mail_did_and_the_topic_beside_it(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    Alias.objects.learn(topics[0], "Courts & Laws")
    path = stop_page(reader, topics[0], section="Courts%20%26%20Laws")
    asked = browser.get(path).content.decode()
    assert heading(asked) == "Stop getting “Courts &amp; Laws”?"
    assert "belongs to the topic “Law”" in asked
    done = browser.post(path, {"topic": topics[0].pk}).content.decode()
    assert heading(done) == "You no longer get “Courts &amp; Laws”"
    assert "belongs to the topic “Law”" in done
    assert "do not follow" not in done
    later = browser.get(path).content.decode()
    assert heading(later) == heading(done)
    assert 'name="undo"' not in later


@pytest.mark.parametrize("section", ["Markets", "Buy%20now", "%00", "x" * 3000, ""])
def test_a_section_that_is_not_about_the_topic_is_not_named(
    section: str, browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    asked = browser.get(stop_page(reader, topics[0], section=section)).content.decode()
    assert heading(asked) == "Stop getting “Law”?"
    assert "belongs to the topic" not in asked


def test_the_name_in_the_other_language_needs_no_topic_beside_it(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(name_zh="法规")
    asked = browser.get(stop_page(reader, topics[0], section="法规")).content.decode()
    assert heading(asked) == "Stop getting “法规”?"
    assert "belongs to the topic" not in asked


def test_the_page_after_stopping_takes_it_back(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    path = stop_page(reader, topics[0])
    field = field_in(browser.post(path, {"topic": topics[0].pk}).content.decode())
    assert followed(reader) == {"Markets"}
    for _ in range(2):
        page = browser.post(path, {"undo": field}).content.decode()
        assert heading(page) == "You get “Law” again"
    assert followed(reader) == {"Law", "Markets"}
    assert reader.subscriptions.count() == 3


def test_an_old_button_does_not_undo_a_later_stopping(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    path = stop_page(reader, topics[0])
    field = field_in(browser.post(path, {"topic": topics[0].pk}).content.decode())
    browser.post(path, {"undo": field})
    browser.post(path, {"topic": topics[0].pk})
    page = browser.post(path, {"undo": field}).content.decode()
    assert heading(page) == "You no longer get “Law”"
    assert followed(reader) == {"Markets"}


def test_a_section_does_not_come_back_to_who_has_left_since(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    path = stop_page(reader, topics[0])
    field = field_in(browser.post(path, {"topic": topics[0].pk}).content.decode())
    unsubscribing.unsubscribe(reader.pk, at=timezone.now(), reason=EndReason.LEFT)
    page = browser.post(path, {"undo": field}).content.decode()
    assert heading(page) == "You have unsubscribed from Letters"
    assert followed(reader) == set()


@pytest.mark.parametrize("keyword_alerts", [True, False])
def test_keyword_alerts_are_spoken_of_to_who_has_some_alone(
    keyword_alerts: bool, browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    if keyword_alerts:
        reader.keyword_alerts.create(phrase="heat pumps", key="heat pumps")
    path = stop_page(reader, topics[0])
    page = browser.post(path, {"topic": topics[0].pk}).content.decode()
    assert ("match your keyword alerts" in page) == keyword_alerts


def test_who_has_left_reads_nothing_false_on_the_page_of_a_section(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    reader.keyword_alerts.create(phrase="heat pumps", key="heat pumps")
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    for path in (address_of(reader, Purpose.STOP), stop_page(reader, topics[0])):
        for page in (browser.get(path), browser.post(path, {"topic": topics[0].pk})):
            text = page.content.decode()
            assert heading(text) == "You have unsubscribed from Letters"
            assert "watch for" not in text
            assert "next issue" not in text


@pytest.mark.parametrize("topic", ["9" * 5000, "-1", "٣", "none"])
def test_what_is_no_topic_is_borne(topic: str, browser: Client, reader: Subscriber) -> None:
    page = browser.post(address_of(reader, Purpose.STOP), {"topic": topic})
    assert page.status_code == 200
    assert followed(reader) == {"Law", "Markets"}


def test_a_topic_of_another_bulletin_is_not_named(browser: Client, reader: Subscriber) -> None:
    (foreign,) = topics_of(a_bulletin("others"), ["Secret"])
    path = stop_page(reader, foreign)
    for page in (browser.get(path), browser.post(path, {"topic": foreign.pk})):
        assert b"Secret" not in page.content


def test_the_section_of_somebody_else_does_not_come_back_by_my_page(
    browser: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    other = a_reader(reader.bulletin, "ben@reader.example", topics=topics)
    page = browser.post(stop_page(other, topics[0]), {"topic": topics[0].pk})
    browser.post(stop_page(reader, topics[0]), {"undo": field_in(page.content.decode())})
    assert followed(other) == {"Markets", "Science"}
