"""Leaving: GET asks, POST acts, and a mail program's one click is enough."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from subscribers import unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON
from tests.support.readers import address_of, followed

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(reader: Subscriber) -> str:
    return address_of(reader, Purpose.LEAVE)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_page_leaves_nothing(
    method: str, browser: Client, link: str, reader: Subscriber
) -> None:
    assert getattr(browser, method)(link).status_code == 200
    assert Subscriber.objects.confirmed().get() == reader


def test_the_page_has_one_button_that_unsubscribes(
    browser: Client, link: str, reader: Subscriber
) -> None:
    assert browser.get(link).content.count(b'<button class="button">') == 1
    page = browser.post(link)
    assert b"You have unsubscribed" in page.content
    assert not Subscriber.objects.confirmed().exists()
    assert followed(reader) == set()
    assert {row.ended_reason for row in reader.subscriptions.all()} == {EndReason.LEFT}


@pytest.mark.parametrize(("language", "expected"), [("en", "for 30 days"), ("zh-hans", "30 天")])
def test_who_left_reads_that_the_way_back_runs_out(
    language: str, expected: str, browser: Client, link: str
) -> None:
    Subscriber.objects.update(language=language)
    assert expected in browser.post(link).content.decode()


def test_one_click_needs_no_cookie_no_token_and_no_redirect(link: str, reader: Subscriber) -> None:
    answer = Client(enforce_csrf_checks=True).post(link, ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Subscriber.objects.confirmed().exists()
    assert {row.ended_reason for row in reader.subscriptions.all()} == {EndReason.ONE_CLICK}


def test_one_click_may_come_as_a_form_of_either_kind(link: str) -> None:
    body = "List-Unsubscribe=One-Click"
    form = "application/x-www-form-urlencoded"
    assert Client().post(link, body, content_type=form).status_code == 200
    assert not Subscriber.objects.confirmed().exists()


def test_leaving_twice_is_leaving_once(link: str, reader: Subscriber) -> None:
    Client().post(link)
    left = Subscriber.objects.get().unsubscribed_at
    assert Client().post(link, ONE_CLICK).status_code == 200
    assert Subscriber.objects.get().unsubscribed_at == left
    assert {row.ended_reason for row in reader.subscriptions.all()} == {EndReason.LEFT}


def test_leaving_before_confirming_is_leaving(link: str) -> None:
    Subscriber.objects.update(confirmed_at=None)
    assert Client().post(link, ONE_CLICK).status_code == 200
    assert Subscriber.objects.get().unsubscribed_at


def test_other_readers_stay(link: str, reader: Subscriber) -> None:
    other = Subscriber.objects.create(
        bulletin=reader.bulletin,
        address="b@x.org",
        address_key="b@x.org",
        signed_up_at=NOON,
        confirmed_at=NOON,
    )
    Client().post(link, ONE_CLICK)
    assert Subscriber.objects.confirmed().get() == other


def test_an_unknown_reader_cannot_leave(db: None) -> None:
    assert not unsubscribing.unsubscribe(999, at=NOON, reason=EndReason.LEFT)


def test_one_click_asks_the_database_ten_questions_and_takes_a_transaction(
    link: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The reader; what ends, what is not asked any more, and the goodbye that is due, in a
    # transaction of their own; the reader as they are now.
    with django_assert_num_queries(11):
        Client().post(link, ONE_CLICK)
