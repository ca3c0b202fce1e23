"""An address that must not be mailed gets nothing, and nobody else learns of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.models import Topic
from subscribers import confirmation_mail, suppressions
from subscribers.links import Purpose
from subscribers.models import Subscriber, Suppression
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_bulletin, a_reader
from tests.support.readers import address_of

SignUp = Callable[..., str]
Mails = list[EmailMessage]
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
ADDRESS = "ann@reader.example"
LIST = reverse("admin:subscribers_suppression_changelist")
ADD = reverse("admin:subscribers_suppression_add")


def suppress(address: str = ADDRESS) -> Suppression:
    suppressions.suppress(
        address, reason=SuppressionReason.HARD_BOUNCE, evidence="550 5.1.1 No such user", at=NOON
    )
    return Suppression.objects.current().get(address_key=address)


def page_of(suppression: Suppression) -> str:
    return reverse("admin:subscribers_suppression_change", args=[suppression.pk])


def test_a_suppressed_reader_is_not_active_in_any_bulletin(reader: Subscriber) -> None:
    a_reader(a_bulletin("others"), ADDRESS)
    assert Subscriber.objects.mailable(at=NOON).count() == 2
    suppress()
    assert not Subscriber.objects.mailable(at=NOON).exists()


def test_suppressing_twice_is_suppressing_once_and_keeps_the_first_evidence(db: None) -> None:
    first = suppress()
    again = suppressions.suppress(ADDRESS, reason=SuppressionReason.EDITOR, evidence="", at=NOON)
    assert not again
    assert Suppression.objects.get().reason == first.reason


def test_what_was_lifted_is_kept_and_the_address_can_be_suppressed_again(
    reader: Subscriber,
) -> None:
    held = suppress()
    assert suppressions.lift(held.pk, because="The mailbox is back", at=NOON)
    assert not suppressions.lift(held.pk, because="Twice", at=NOON)
    assert Subscriber.objects.mailable(at=NOON).exists()
    suppress()
    assert Suppression.objects.count() == 2
    assert Suppression.objects.filter(lifted_because="The mailbox is back").count() == 1


def test_signing_up_with_it_mails_nothing_and_the_page_is_the_same(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    suppress("gone@reader.example")
    page = sign_up("Gone@Reader.example", topics[0])
    assert not mailoutbox
    other = sign_up("new@reader.example", topics[0])
    assert len(mailoutbox) == 1
    same = page.replace("Gone@reader.example", "new@reader.example")
    assert FORM_TOKEN.sub("", same) == FORM_TOKEN.sub("", other)


def test_what_was_due_before_is_not_mailed_any_more(reader: Subscriber, mailoutbox: Mails) -> None:
    assert confirmation_mail.request(reader.pk, at=NOON)
    held = suppress()
    confirmation_mail.send_due(reader.pk, at=NOON)
    assert not mailoutbox
    suppressions.lift(held.pk, because="The mailbox is back", at=NOON)
    confirmation_mail.send_due(reader.pk, at=NOON + timedelta(seconds=1))
    assert len(mailoutbox) == 1


def test_the_reader_reads_it_on_their_own_page(browser: Client, reader: Subscriber) -> None:
    page = address_of(reader, Purpose.PREFERENCES)
    assert b"no mail is sent" not in browser.get(page).content
    suppress()
    expected = browser.get(page).content.decode()
    assert "No emails have been sent to this address since" in expected
    assert ": there is no such mailbox" in expected
    assert reader.bulletin.sender_email in expected


PROMISES = {
    "en": ("Nothing is left to do", "next issue on", "by themselves", "thirty days"),
    "zh-hans": ("无需再做什么", "从下一期起", "自动恢复", "三十天内"),
}


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.PAUSE])
@pytest.mark.parametrize(
    ("language", "expected"), [("en", "there is no such mailbox"), ("zh-hans", "邮箱不存在")]
)
def test_no_page_promises_mail_to_a_suppressed_reader(
    purpose: Purpose, language: str, expected: str, browser: Client, reader: Subscriber
) -> None:
    suppress()
    for pause in (None, timezone.now() + timedelta(days=9)):
        Subscriber.objects.update(language=language, paused_until=pause)
        page = browser.get(address_of(reader, purpose)).content.decode()
        assert expected in page
        assert not [promise for promise in PROMISES[language] if promise in page]


def test_a_suppressed_reader_can_end_a_pause_and_is_promised_nothing_by_that(
    browser: Client, reader: Subscriber
) -> None:
    suppress()
    for purpose in (Purpose.PAUSE, Purpose.PREFERENCES):
        Subscriber.objects.update(paused_until=timezone.now() + timedelta(days=9))
        page = browser.post(address_of(reader, purpose), {"do": "resume"}, follow=True)
        assert b"The pause is over" in page.content
        assert b"there is no such mailbox" in page.content
        assert b"mail comes to" not in page.content
        assert b"next issue again" not in page.content


def test_an_editor_enters_an_address_as_it_was_typed(admin_client: Client) -> None:
    typed = {"address_key": " Ann@Reader.EXAMPLE", "evidence": "Asked by telephone"}
    assert admin_client.post(ADD, typed).status_code == 302
    held = Suppression.objects.get()
    assert (held.address_key, held.reason) == (ADDRESS, SuppressionReason.EDITOR)
    for refused in (typed, {"address_key": "ann"}):
        assert b"errorlist" in admin_client.post(ADD, refused).content
    assert Suppression.objects.count() == 1


def test_an_editor_lifts_it_with_a_reason(admin_client: Client, reader: Subscriber) -> None:
    held = suppress()
    assert b"errorlist" in admin_client.post(page_of(held), {}).content
    assert Suppression.objects.current().exists()
    admin_client.post(page_of(held), {"lifted_because": "She called"})
    assert Subscriber.objects.mailable(at=NOON).get() == reader
    assert b"She called" in admin_client.get(page_of(held)).content
    admin_client.post(page_of(held), {"lifted_because": "Something else"})
    assert Suppression.objects.get().lifted_because == "She called"


@pytest.mark.parametrize(("state", "listed"), [("", 2), ("holds", 1), ("lifted", 1)])
def test_suppressions_are_found_by_their_state(
    state: str, listed: int, admin_client: Client
) -> None:
    suppressions.lift(suppress().pk, because="The mailbox is back", at=NOON)
    suppress()
    page = admin_client.get(LIST, {"state": state} if state else {}).content.decode()
    assert page.count('class="field-shown_address"') == listed


def test_readers_who_must_not_be_mailed_are_listed_as_such(
    admin_client: Client, reader: Subscriber
) -> None:
    suppress()
    readers = reverse("admin:subscribers_subscriber_changelist")
    assert ADDRESS in admin_client.get(readers, {"state": "suppressed"}).content.decode()
    for state in ("active", "paused", "unconfirmed", "left"):
        assert ADDRESS not in admin_client.get(readers, {"state": state}).content.decode()
