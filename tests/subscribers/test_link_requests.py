"""Who has no link that works types their address, and is mailed one; the page tells nobody more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from publications.models import Bulletin, Topic
from subscribers import addresses, signing_up
from subscribers.links import Purpose
from subscribers.models import Subscriber
from tests.support.factories import NOON
from tests.support.readers import leave, link_in, suppress

FORM = "subscribers:request_link"


@pytest.fixture
def request_link(
    browser: Client,
    bulletin: Bulletin,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., str]:
    """Type an address and press the button; the page that it leads to."""

    def press(address: str, **more: str) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            form = reverse(FORM, args=[bulletin.slug])
            page = browser.post(form, {"address": address} | more, follow=True)
        assert page.status_code == 200
        return page.content.decode()

    return press


def test_a_reader_is_mailed_the_link_to_their_choices(
    request_link: Callable[..., str],
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
    browser: Client,
) -> None:
    page = request_link("Ann@Reader.example")
    assert "Ann@reader.example" in page
    (mail,) = mailoutbox
    assert mail.to == ["ann@reader.example"]
    assert browser.get(link_in(mail, Purpose.PREFERENCES)).status_code == 200


def test_who_has_not_confirmed_is_asked_again(
    request_link: Callable[..., str],
    bulletin: Bulletin,
    topics: list[Topic],
    mailoutbox: list[EmailMessage],
) -> None:
    address = addresses.parse("eve@reader.example")
    signing_up.sign_up(bulletin, address=address, topics=topics, language="en", at=NOON)
    request_link(address.text)
    assert link_in(mailoutbox[0], Purpose.CONFIRM)


@pytest.mark.parametrize("become", [leave, suppress, Subscriber.delete])
def test_who_is_no_reader_reads_the_same_as_a_reader_and_is_not_mailed(
    become: Callable[[Subscriber], object],
    request_link: Callable[..., str],
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    def said() -> str:
        page = request_link("ann@reader.example")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    to_a_reader = said()
    mailoutbox.clear()
    Subscriber.objects.update(confirmation_requested_at=None)
    become(reader)
    before = list(Subscriber.objects.values())
    assert said() == to_a_reader
    assert not mailoutbox
    assert list(Subscriber.objects.values()) == before


def test_nobodys_mailbox_can_be_filled(
    request_link: Callable[..., str], reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(3):
        request_link(reader.address)
    assert len(mailoutbox) == 1


def test_requests_count_as_sign_ups_do(
    request_link: Callable[..., str],
    browser: Client,
    bulletin: Bulletin,
    topics: list[Topic],
    settings: Settings,
) -> None:
    settings.SIGN_UPS_PER_HOUR, settings.RATE_LIMIT_STORAGE_URL = 1, "memory://link-requests"
    request_link("bob@reader.example")
    data = {"address": "bob@reader.example", "topics": [topics[0].pk], "language": "en"}
    for page in (FORM, "subscribers:sign_up"):
        answer = browser.post(reverse(page, args=[bulletin.slug]), data)
        assert answer.status_code == 429


def test_a_machine_that_fills_in_everything_has_nothing_mailed(
    request_link: Callable[..., str], reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    request_link(reader.address, website="https://spam.example")
    assert not mailoutbox


def test_what_is_no_address_is_said_at_the_field(
    browser: Client, bulletin: Bulletin, mailoutbox: list[EmailMessage]
) -> None:
    page = browser.post(reverse(FORM, args=[bulletin.slug]), {"address": "ann"})
    assert b"Enter an email address in full" in page.content
    assert not mailoutbox


def test_the_page_that_follows_is_shown_in_this_browser_alone(
    bulletin: Bulletin, client: Client
) -> None:
    sent = reverse("subscribers:link_requested", args=[bulletin.slug])
    assert client.get(sent)["Location"] == reverse(FORM, args=[bulletin.slug])


def test_a_bad_link_leads_to_where_one_has_a_new_one_mailed(
    reader: Subscriber, browser: Client
) -> None:
    page = browser.get(reverse("subscribers:leave", args=["A" * 36])).content.decode()
    assert reverse("subscribers:my_subscription") in page
