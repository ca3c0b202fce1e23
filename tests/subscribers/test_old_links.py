"""Links of an earlier subscription, or of a row that is no more, do nothing and say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from foundation import link_keys
from publications.models import Bulletin, Topic
from subscribers import addresses, links, signing_up, undoing, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from tests.subscribers.test_links import ACTS, OF_A_MAIL, state
from tests.support.factories import NOON, a_bulletin, a_reader
from tests.support.readers import address_of, followed

LATER = NOON + timedelta(days=30)


def fresh(reader: Subscriber) -> Subscriber:
    return Subscriber.objects.get(pk=reader.pk)


def sign_up_anew(reader: Subscriber, topics: list[Topic]) -> Subscriber:
    """What a stranger can do, too: type the address into the form."""
    address = addresses.parse(reader.address)
    return signing_up.sign_up(
        reader.bulletin, address=address, topics=topics[:1], language="en", at=LATER
    )


@pytest.fixture
def left(reader: Subscriber) -> Subscriber:
    """The reader, who has left."""
    assert unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    return fresh(reader)


@pytest.mark.parametrize("purpose", OF_A_MAIL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_from_before_a_reader_left_and_signed_up_again_does_nothing_and_says_so(
    purpose: Purpose, method: str, left: Subscriber, topics: list[Topic], browser: Client
) -> None:
    path = address_of(left, purpose)
    sign_up_anew(left, topics)
    assert browser.post(address_of(fresh(left), Purpose.CONFIRM)).status_code == 302
    before = state()
    page = getattr(browser, method)(path, ACTS[purpose])
    assert page.status_code == 410
    assert state() == before
    said = page.content.decode()
    assert "from an earlier subscription" in said
    assert left.address not in said
    assert reverse("subscribers:request_link", args=["letters"]) in said
    assert browser.get(address_of(fresh(left), purpose)).status_code == 200


def test_one_click_from_before_is_not_answered_as_if_it_had_unsubscribed(
    left: Subscriber, topics: list[Topic]
) -> None:
    path = address_of(left, Purpose.LEAVE)
    sign_up_anew(left, topics)
    assert signing_up.confirm(left.pk, at=LATER)
    answer = Client(enforce_csrf_checks=True).post(path, ACTS[Purpose.LEAVE])
    assert answer.status_code == 410
    assert Subscriber.objects.confirmed().exists()


@pytest.mark.parametrize("purpose", OF_A_MAIL)
def test_a_stranger_who_types_the_address_ends_no_link(
    purpose: Purpose, left: Subscriber, topics: list[Topic], browser: Client
) -> None:
    path = address_of(left, purpose)
    sign_up_anew(left, topics)
    assert browser.get(path).status_code == 200


def test_a_link_to_confirm_from_before_confirms_no_later_request(
    left: Subscriber, topics: list[Topic], browser: Client
) -> None:
    sign_up_anew(left, topics)
    path = address_of(fresh(left), Purpose.CONFIRM)
    assert browser.post(path).status_code == 302
    assert "You’re subscribed" in browser.get(path).content.decode()  # the same link, pressed again
    unsubscribing.unsubscribe(left.pk, at=LATER, reason=EndReason.LEFT)
    assert b"You have unsubscribed" in browser.get(path).content
    sign_up_anew(left, topics)
    before = state()
    assert browser.post(path).status_code == 410
    assert state() == before
    assert signing_up.confirm(left.pk, at=LATER)
    assert browser.get(path).status_code == 410


def test_who_undoes_leaving_keeps_the_links(left: Subscriber, browser: Client) -> None:
    path = address_of(left, Purpose.PREFERENCES)
    assert left.unsubscribed_at
    assert undoing.undo_leaving(left.pk, left_at=left.unsubscribed_at, at=LATER)
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_of_a_row_that_a_restored_backup_lost_opens_no_other_readers_pages(
    purpose: Purpose, method: str, reader: Subscriber, topics: list[Topic], browser: Client
) -> None:
    path = address_of(reader, purpose)
    Subscriber.objects.filter(pk=reader.pk).delete()
    other = a_reader(a_bulletin("other"), "bob@reader.example", pk=reader.pk, topics=topics)
    before = state()
    page = getattr(browser, method)(path, ACTS[purpose])
    assert page.status_code == 410
    assert state() == before
    said = page.content.decode()
    assert "no longer leads anywhere" in said
    assert f'href="{reverse("subscribers:my_subscription")}"' in said
    assert "bob@" not in said
    assert "/b/other/" not in said
    assert followed(other)


def test_rows_that_the_database_makes_itself_have_link_keys_of_their_own(
    bulletin: Bulletin,
) -> None:
    params: list[Any] = [bulletin.pk, NOON.isoformat(), bulletin.pk, NOON.isoformat()]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscribers_subscriber (bulletin_id, address, address_key, name, language,"
            " signed_up_at, format, time_zone) VALUES"
            " (%s, 'a@x.org', 'a@x.org', '', 'en', %s, 'html', ''),"
            " (%s, 'b@x.org', 'b@x.org', '', 'en', %s, 'html', '')",
            params,
        )
    first, second = Subscriber.objects.values_list("link_key", flat=True)
    assert first != second
    assert 0 <= min(first, second) <= max(first, second) < link_keys.LINK_KEYS


def test_a_new_secret_ends_no_link_as_long_as_the_former_is_kept(
    reader: Subscriber, browser: Client, settings: Settings
) -> None:
    path = address_of(reader, Purpose.LEAVE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]
    assert browser.post(path, ACTS[Purpose.LEAVE]).status_code == 200
    assert not Subscriber.objects.confirmed().exists()


def test_a_readers_link_costs_no_query_when_it_is_forged(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0), pytest.raises(links.BadLink):
        links.reader_of("A" * 36, Purpose.LEAVE)
