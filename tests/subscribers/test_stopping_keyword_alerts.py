"""The link in a mail that stops a phrase: it asks, the button acts, and can be undone."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.core import signing
from django.test import Client

from subscribers import unsubscribing
from subscribers.keywords.query import phrase_of
from subscribers.links import Purpose
from subscribers.models import KeywordAlert, Subscriber
from subscribers.models.subscription import EndReason
from tests.subscribers.test_undoing import field_in, heading
from tests.support.factories import NOON, a_reader
from tests.support.readers import address_of


def watch(reader: Subscriber, *keywords: str) -> None:
    for phrase in keywords:
        KeywordAlert.objects.create(subscriber=reader, phrase=phrase, key=phrase_of(phrase).key)


def alerts_of(reader: Subscriber) -> list[str]:
    return list(reader.keyword_alerts.order_by("pk").values_list("phrase", flat=True))


def link(reader: Subscriber, phrase: str) -> str:
    return f"{address_of(reader, Purpose.STOP)}phrase/?phrase={quote(phrase)}"


@pytest.mark.parametrize("phrase", ["heat pump", "热泵", '"R&D" -x', "a<b>c"])
def test_the_link_asks_and_the_button_stops_that_phrase_alone(
    browser: Client, reader: Subscriber, phrase: str
) -> None:
    watch(reader, phrase, "other words")
    page = browser.get(link(reader, phrase)).content.decode()
    assert heading(page).startswith("Stop watching for “")
    assert "ann@reader.example" not in page
    assert alerts_of(reader) == [phrase, "other words"]
    page = browser.post(link(reader, phrase)).content.decode()
    assert heading(page).startswith("You are no longer watching for “")
    assert alerts_of(reader) == ["other words"]


def test_the_button_undo_brings_the_phrase_back_once(browser: Client, reader: Subscriber) -> None:
    watch(reader, "Heat pumps")
    field = field_in(browser.post(link(reader, "heat pump")).content.decode())
    for _ in range(2):
        page = browser.post(link(reader, "heat pump"), {"undo": field}).content.decode()
        assert heading(page) == "You are watching for “Heat pumps” again"
    assert alerts_of(reader) == ["Heat pumps"]


def test_nobody_else_undoes_it_and_no_forged_field_does(
    browser: Client, reader: Subscriber
) -> None:
    other = a_reader(reader.bulletin, "bob@reader.example")
    watch(reader, "heat")
    field = field_in(browser.post(link(reader, "heat")).content.decode())
    for wrong in (field, "x", signing.dumps([other.pk, "heat"], salt="undo")):
        page = browser.post(link(other, "heat"), {"undo": wrong}).content.decode()
        assert heading(page) == "It is too late to undo this here"
    assert not KeywordAlert.objects.exists()


def test_undoing_never_makes_more_keywords_than_one_may_have(
    browser: Client, reader: Subscriber
) -> None:
    watch(reader, "heat")
    field = field_in(browser.post(link(reader, "heat")).content.decode())
    watch(reader, *(f"word{n}" for n in range(10)))
    browser.post(link(reader, "heat"), {"undo": field})
    assert len(alerts_of(reader)) == 10


@pytest.mark.parametrize("phrase", ["", "never heard of", "x" * 61, "x" * 5000, "\0", "…"])
def test_a_phrase_without_an_alert_gets_a_clear_page(
    browser: Client, reader: Subscriber, phrase: str
) -> None:
    watch(reader, "heat")
    for ask in (browser.get, browser.post):
        answer = ask(link(reader, phrase))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert re.match("You are not watching for|This link names no phrase", heading(page))
        assert "x" * 61 not in re.sub(r'"[^"]*"', "", page)
    assert alerts_of(reader) == ["heat"]


def test_who_has_left_stops_nothing_and_gets_nothing_back(
    browser: Client, reader: Subscriber
) -> None:
    watch(reader, "heat", "cold")
    field = field_in(browser.post(link(reader, "heat")).content.decode())
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    for data in ({}, {"undo": field}):
        page = browser.post(link(reader, "cold"), data).content.decode()
        assert heading(page) == "You have left Letters"
    assert alerts_of(reader) == ["cold"]


def test_a_forged_link_does_nothing(browser: Client) -> None:
    assert browser.get(f"/stop/{'A' * 36}/phrase/?phrase=heat").status_code == 403
