"""After signing up: one press sends the mail again, and nothing has to be typed twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from publications.models import Bulletin, Topic
from subscribers.models import NoticeLimit, SignUpRequest, Subscriber
from tests.support.factories import NOON

SignUp = Callable[..., str]
Mails = list[EmailMessage]
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def where(bulletin: Bulletin) -> str:
    return reverse("subscribers:signed_up", args=[bulletin.slug])


@pytest.fixture
def send_again(
    browser: Client,
    where: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[], str]:
    """Press the button; the page that it leads to."""

    def press() -> str:
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(where, follow=True).content.decode()

    return press


def test_one_press_sends_it_again_within_the_limits(
    sign_up: SignUp, send_again: Callable[[], str], topics: list[Topic], mailoutbox: Mails
) -> None:
    assert "Send it again" in sign_up("new@reader.example", topics[0], topics[2])
    assert "We are sending it again, unless" in send_again()
    assert len(mailoutbox) == 1  # a moment ago
    NoticeLimit.objects.update(last_at=NOON)
    assert "new@reader.example" in send_again()
    assert len(mailoutbox) == 2
    asked = SignUpRequest.objects.get()
    assert {topic.name_en for topic in asked.topics.all()} == {"Law", "Science"}


def test_the_page_says_the_same_whether_it_is_sent_or_not(
    sign_up: SignUp,
    send_again: Callable[[], str],
    topics: list[Topic],
    reader: Subscriber,
    mailoutbox: Mails,
) -> None:
    pages = []
    for address in ("new@reader.example", reader.address):
        sign_up(address, topics[0])
        for last_at in (None, NOON):
            if last_at:
                NoticeLimit.objects.update(last_at=last_at)
            pages.append(FORM_TOKEN.sub("", send_again()).replace(address, "…"))
    assert len(mailoutbox) == 4
    assert len(set(pages)) == 1


def test_the_address_is_changed_in_the_form_as_it_was_filled_in(
    sign_up: SignUp, browser: Client, topics: list[Topic], where: str
) -> None:
    sign_up("nwe@例子.中国", topics[0], topics[2], language="zh-hans")
    page = browser.get(f"{where}?change").content.decode()
    assert 'value="nwe@例子.中国"' in page
    chosen = [tag for tag in re.findall("<input[^>]+>", page) if "checked" in tag]
    values = [re.findall('value="([^"]+)"', tag)[0] for tag in chosen]
    assert values == [str(topics[0].pk), str(topics[2].pk), "zh-hans"]


def test_a_topic_that_is_retired_meanwhile_brings_the_form_back(
    sign_up: SignUp, browser: Client, topics: list[Topic], where: str
) -> None:
    sign_up("new@reader.example", topics[0])
    Topic.objects.filter(pk=topics[0].pk).update(retired_at=NOON)
    page = browser.post(where)
    assert page.status_code == 200
    assert b"There is a problem" in page.content


def test_sending_again_counts_as_signing_up(
    sign_up: SignUp, browser: Client, topics: list[Topic], where: str, settings: Settings
) -> None:
    sign_up("new@reader.example", topics[0])
    settings.SITE_SIGN_UPS_PER_HOUR = 1
    browser.post(where, REMOTE_ADDR="192.0.2.77")
    assert browser.post(where, REMOTE_ADDR="192.0.2.78").status_code == 429


def test_who_has_not_signed_up_sends_nothing(browser: Client, where: str, db: None) -> None:
    assert browser.post(where).status_code == 302
    assert not Subscriber.objects.exists()
