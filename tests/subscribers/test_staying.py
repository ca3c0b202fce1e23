"""Fewer emails in place of none, before the press and after it; and why somebody left."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.models import Topic
from subscribers import erased_addresses, preferences, unsubscribe_reasons, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber, UnsubscribeReason
from subscribers.models.subscription import EndReason
from tests.subscribers.test_undoing import field_in, heading
from tests.support.factories import NOON, a_bulletin, a_reader
from tests.support.readers import address_of, followed

REASON = {"do": "reason", "reason": "too-many", "words": "Once a month would do."}


@pytest.fixture
def link(reader: Subscriber) -> str:
    return address_of(reader, Purpose.LEAVE)


def offered(page: str) -> list[str]:
    """What the page offers to do instead, in its order."""
    return re.findall(r'name="do" value="(weekly|monthly|pause|choose)"', page)


def test_before_the_press_the_page_offers_fewer_emails(browser: Client, link: str) -> None:
    page = browser.get(link).content.decode()
    assert offered(page) == ["weekly", "monthly", "pause"]
    assert f'href="{link.replace("leave", "preferences")}"' in page
    assert "Choose fewer topics" in page


def test_what_is_so_already_is_not_offered(browser: Client, link: str, reader: Subscriber) -> None:
    Subscriber.objects.update(cadence="weekly")
    assert offered(browser.get(link).content.decode()) == ["monthly", "pause"]
    Subscriber.objects.update(cadence="monthly")
    preferences.pause(reader.pk, at=timezone.now())
    assert offered(browser.get(link).content.decode()) == []


@pytest.mark.parametrize("cadence", ["weekly", "monthly"])
@pytest.mark.parametrize("after", [True, False])
def test_less_often_keeps_the_reader_and_what_they_follow(
    *, after: bool, cadence: str, browser: Client, link: str, reader: Subscriber
) -> None:
    more = {"undo": field_in(browser.post(link).content.decode())} if after else {}
    page = browser.post(link, {"do": cadence, **more}).content.decode()
    assert heading(page) == "You are subscribed to Letters"
    assert f"one email a {cadence.removesuffix('ly')} at most" in page
    reader.refresh_from_db()
    assert (reader.is_reading, reader.cadence) == (True, cadence)
    assert followed(reader) == {"Law", "Markets"}


@pytest.mark.parametrize("after", [True, False])
def test_a_pause_keeps_the_reader_too(
    *, after: bool, browser: Client, link: str, reader: Subscriber
) -> None:
    more = {"undo": field_in(browser.post(link).content.decode())} if after else {}
    page = browser.post(link, {"do": "pause", **more}).content.decode()
    assert "until" in page
    reader.refresh_from_db()
    assert reader.is_reading
    assert reader.is_paused(at=timezone.now())


def test_fewer_topics_after_leaving_leads_back_to_the_choices(
    browser: Client, link: str, reader: Subscriber
) -> None:
    field = field_in(browser.post(link).content.decode())
    answer = browser.post(link, {"do": "choose", "undo": field})
    assert answer.status_code == 302
    assert answer["Location"] == link.replace("leave", "preferences")
    assert followed(reader) == {"Law", "Markets"}


@pytest.mark.parametrize("do", ["weekly", "monthly", "pause", "choose"])
def test_without_the_undo_nothing_brings_back_who_has_left(
    do: str, browser: Client, link: str, reader: Subscriber
) -> None:
    browser.post(link)
    assert "too late to undo" in browser.post(link, {"do": do}).content.decode()
    browser.post(link, {"do": do, "undo": "forged"})
    reader.refresh_from_db()
    assert not reader.is_reading
    assert reader.cadence == "issue"


@pytest.mark.parametrize("do", ["", "never", "\x00", "x" * 5000])
def test_another_press_than_those_unsubscribes(do: str, browser: Client, link: str) -> None:
    browser.post(link, {"do": do})
    assert not Subscriber.objects.confirmed().exists()


def test_one_click_is_one_click_whatever_else_stands_in_the_form(link: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        link, {"List-Unsubscribe": "One-Click", "do": "weekly"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain")
    assert not Subscriber.objects.confirmed().exists()


def test_who_left_can_say_why_once_for_each_leaving(
    browser: Client, link: str, reader: Subscriber
) -> None:
    page = browser.post(link).content.decode()
    assert page.count('name="reason"') == len(UnsubscribeReason.Reason)
    said = browser.post(link, REASON).content.decode()
    assert "Thank you" in said
    assert 'name="reason"' not in said
    browser.post(link, REASON | {"reason": "other", "words": " New \n words "})
    given = UnsubscribeReason.objects.get()
    assert (given.subscriber, given.bulletin) == (reader, reader.bulletin)
    assert (given.reason, given.words) == ("other", "New words")
    assert 'name="reason"' not in browser.get(link).content.decode()


def test_the_reason_can_be_given_from_the_goodbye_too(browser: Client, reader: Subscriber) -> None:
    unsubscribing.unsubscribe(reader.pk, at=timezone.now(), reason=EndReason.ONE_CLICK)
    link = address_of(reader, Purpose.UNDO)
    assert 'name="reason"' in browser.get(link).content.decode()
    assert "Thank you" in browser.post(link, {"do": "reason", "words": "Gone."}).content.decode()
    given = UnsubscribeReason.objects.get()
    assert (given.reason, given.words) == ("other", "Gone.")
    assert not Subscriber.objects.confirmed().exists()


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "", "words": " "},
        {"reason": "because", "words": ""},
        {"reason": "other", "words": "x" * 201},
        {"reason": "other", "words": "a\x00b"},
    ],
)
def test_what_is_no_reason_is_said_and_not_kept(
    said: dict[str, str], browser: Client, link: str
) -> None:
    browser.post(link)
    page = browser.post(link, {"do": "reason", **said}).content.decode()
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert not UnsubscribeReason.objects.exists()


@pytest.mark.parametrize("state", ["reading", "never confirmed"])
def test_who_has_not_left_gives_no_reason(
    state: str, browser: Client, link: str, reader: Subscriber
) -> None:
    if state == "never confirmed":
        Subscriber.objects.update(confirmed_at=None, unsubscribed_at=NOON)
    browser.post(link, REASON)
    assert not UnsubscribeReason.objects.exists()
    assert Subscriber.objects.confirmed().exists() == (state == "reading")


def test_long_after_leaving_nobody_is_asked(browser: Client, reader: Subscriber) -> None:
    left = timezone.now() - timedelta(days=31)
    unsubscribing.unsubscribe(reader.pk, at=left, reason=EndReason.LEFT)
    assert 'name="reason"' not in browser.get(address_of(reader, Purpose.LEAVE)).content.decode()


def test_the_reason_outlives_the_reader_without_their_words(
    browser: Client, link: str, reader: Subscriber
) -> None:
    browser.post(link)
    browser.post(link, REASON)
    assert erased_addresses.erase(reader.pk, at=timezone.now())
    kept = UnsubscribeReason.objects.get()
    assert (kept.subscriber, kept.reason, kept.words) == (None, "too-many", "")


def test_reasons_are_counted_by_bulletin_and_for_a_while(
    reader: Subscriber, topics: list[Topic]
) -> None:
    others = a_reader(a_bulletin("others"), "ben@reader.example")
    now = timezone.now()
    for one, reason, days in (
        (reader, "too-many", 1), (reader, "elsewhere", 2), (reader, "elsewhere", 3),
        (reader, "other", 100), (others, "never", 1),
    ):  # fmt: skip
        at = now - timedelta(days=days)
        unsubscribing.unsubscribe(one.pk, at=at, reason=EndReason.LEFT)
        one.refresh_from_db()
        unsubscribe_reasons.give(one, reason=reason, words="", at=at)
        Subscriber.objects.filter(pk=one.pk).update(unsubscribed_at=None)
    counted = unsubscribe_reasons.summary(at=now, within=frozenset({reader.bulletin_id})).counts
    assert [number for _label, number in counted] == [2, 1]
    assert unsubscribe_reasons.summary(at=now, within=None).total == 4


def test_the_page_names_the_other_bulletins_and_masks_the_address(
    browser: Client, link: str, reader: Subscriber
) -> None:
    other = a_bulletin("others", name="Others")
    a_reader(other, reader.address)
    asked = browser.get(link).content.decode()
    left = browser.post(link).content.decode()
    assert "Others" in left
    for page in (asked, left):
        assert "a•••@reader.example" in page
        assert reader.address not in page
        assert reverse("issues:bulletin", args=["letters"]) in page
