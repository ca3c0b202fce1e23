"""Whose address is typed into the form by others is not mailed without end."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.models import Bulletin, Topic
from subscribers import confirmation_mail, suppressions, unsubscribing
from subscribers.links import Purpose
from subscribers.models import NoticeLimit, SignUpRequest, Subscriber, Suppression
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_bulletin, a_reader, topics_of
from tests.support.readers import address_of, link_in

SignUp = Callable[..., str]
Mails = list[EmailMessage]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def asked_at(reader: Subscriber, moments: list[datetime]) -> list[datetime]:
    """At which of these moments the reader is asked, who is signed up at each."""
    return [at for at in moments if confirmation_mail.request(reader.pk, at=at)]


def test_one_mailbox_is_asked_three_times_a_day_with_growing_waits(reader: Subscriber) -> None:
    asked = asked_at(reader, [NOON + n * 3 * MINUTE for n in range(2 * 24 * 20)])
    assert asked[:4] == [NOON, NOON + 3 * MINUTE, NOON + HOUR + 3 * MINUTE, NOON + DAY]
    for first, _second, _third, fourth in zip(asked, asked[1:], asked[2:], asked[3:], strict=False):
        assert fourth - first >= DAY


def test_all_bulletins_together_ask_one_mailbox_three_times_a_day(
    sign_up: SignUp, browser: Client, topics: list[Topic], mailoutbox: Mails
) -> None:
    for n in range(4):
        bulletin = a_bulletin(f"others{n}")
        (topic,) = topics_of(bulletin, ["Sport"])
        NoticeLimit.objects.update(
            last_at=timezone.now() - HOUR - n * MINUTE,
        )
        form = {"address": f"{'VICTIM' if n % 2 else 'victim'}@reader.example"}
        answer = browser.post(
            reverse("subscribers:sign_up", args=[bulletin.slug]),
            form | {"topics": [topic.pk], "language": "en"},
        )
        assert answer.status_code == 302
    assert Subscriber.objects.filter(confirmation_requested_at__isnull=False).count() == 3


@pytest.mark.parametrize(
    ("spellings", "asked"),
    [
        (("ann@reader.example", "ann+2@reader.example", "Ann+x+y@reader.example"), 1),
        (("a.nn@gmail.com", "ann@gmail.com", "an.n+1@googlemail.com"), 1),
        (("a.nn@reader.example", "ann@reader.example", "+ann@reader.example"), 3),
    ],
)
def test_a_mailbox_is_one_however_its_address_is_spelled(
    sign_up: SignUp,
    topics: list[Topic],
    mailoutbox: Mails,
    spellings: tuple[str, ...],
    asked: int,
) -> None:
    for address in spellings:
        sign_up(address, topics[0])
    assert len(mailoutbox) == asked


def test_the_page_is_the_same_when_a_mailbox_may_not_be_asked(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    pages = [sign_up("new@reader.example", topics[0]) for _ in range(3)]
    assert len(mailoutbox) == 1
    assert len({FORM_TOKEN.sub("", page) for page in pages}) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_processes_at_once_one_asks() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    reader = a_reader(a_bulletin(), "ann@reader.example")

    def want(_: int) -> bool:
        try:
            return confirmation_mail.request(reader.pk, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(want, range(16))) == 1


def test_goodbyes_do_not_use_up_what_may_be_asked(reader: Subscriber) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    assert confirmation_mail.request(reader.pk, at=NOON)


def test_whoever_it_was_not_has_to_say_so_by_a_press(
    sign_up: SignUp, topics: list[Topic], browser: Client, mailoutbox: Mails
) -> None:
    sign_up("victim@reader.example", topics[0])
    (link,) = re.findall(r"/confirm/[^/\s]+/not-me/", str(mailoutbox[0].body))
    assert "This was not me" in str(mailoutbox[0].body)
    for _ in range(2):
        assert "Do not email me again" in browser.get(link).content.decode()
    assert not Suppression.objects.exists()
    for _ in range(2):
        page = browser.post(link, follow=True).content.decode()
        assert "We will not ask you again" in page
    (held,) = Suppression.objects.all()
    assert (held.reason, held.confirmations_only) == (SuppressionReason.NOT_ME, True)


def test_who_erred_may_be_asked_again_by_the_link_that_only_they_have(
    sign_up: SignUp, topics: list[Topic], browser: Client, mailoutbox: Mails
) -> None:
    sign_up("erring@reader.example", topics[0])
    (link,) = re.findall(r"/confirm/[^/\s]+/not-me/", str(mailoutbox[0].body))
    browser.post(link)
    assert "you may ask me again" in browser.get(link).content.decode()
    held = Suppression.objects.unlifted()
    assert held.exists()
    for _ in range(2):
        page = browser.post(link, {"do": "ask again"}, follow=True).content.decode()
        assert "Do not email me again" in page
    assert not held.exists()
    assert Subscriber.objects.confirmable().count() == 1


def test_taking_it_back_lifts_nothing_else(
    sign_up: SignUp, topics: list[Topic], browser: Client, mailoutbox: Mails
) -> None:
    sign_up("erring@reader.example", topics[0])
    (link,) = re.findall(r"/confirm/[^/\s]+/not-me/", str(mailoutbox[0].body))
    reason = SuppressionReason.COMPLAINED
    suppressions.suppress("erring@reader.example", reason=reason, evidence="", at=NOON)
    browser.post(link, {"do": "ask again"})
    browser.post(link)
    browser.post(link, {"do": "ask again"})
    assert Suppression.objects.current().get().reason == reason


@pytest.mark.parametrize("other", [True, False])
def test_who_wants_no_confirmations_is_asked_by_no_bulletin(
    other: bool, sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    reader = a_reader(a_bulletin("others"), "victim@reader.example")
    if other:
        reader.delete()
    suppressions.refuse_confirmations("victim@reader.example", at=NOON)
    page = sign_up("Victim@Reader.example", topics[0])
    new = sign_up("new@reader.example", topics[0])
    assert [mail.to for mail in mailoutbox] == [["new@reader.example"]]
    same = page.replace("Victim@reader.example", "new@reader.example")
    assert FORM_TOKEN.sub("", same) == FORM_TOKEN.sub("", new)


def test_what_was_due_before_is_not_mailed_any_more(reader: Subscriber, mailoutbox: Mails) -> None:
    assert confirmation_mail.request(reader.pk, at=NOON)
    suppressions.refuse_confirmations(reader.address_key, at=NOON)
    confirmation_mail.send_due(reader.pk, at=NOON)
    assert not mailoutbox


def test_a_reader_of_another_bulletin_goes_on_getting_it(
    reader: Subscriber, browser: Client, mailoutbox: Mails
) -> None:
    suppressions.refuse_confirmations(reader.address_key, at=NOON)
    assert Subscriber.objects.mailable(at=NOON).get() == reader
    page = browser.get(address_of(reader, Purpose.PREFERENCES)).content.decode()
    assert "no mail is sent" not in page


def test_a_mailbox_that_is_gone_is_suppressed_all_the_same(reader: Subscriber) -> None:
    suppressions.refuse_confirmations(reader.address_key, at=NOON)
    assert suppressions.suppress(
        reader.address_key, reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON
    )
    assert not Subscriber.objects.mailable(at=NOON).exists()
    suppressions.lift(Suppression.objects.current().get().pk, because="back", at=NOON)
    assert Subscriber.objects.mailable(at=NOON).exists()
    assert not confirmation_mail.request(reader.pk, at=NOON)


def test_who_pressed_by_mistake_can_still_confirm(
    sign_up: SignUp, topics: list[Topic], browser: Client, mailoutbox: Mails
) -> None:
    sign_up("new@reader.example", topics[0])
    suppressions.refuse_confirmations("new@reader.example", at=NOON)
    browser.post(link_in(mailoutbox[0], Purpose.CONFIRM))
    assert Subscriber.objects.mailable(at=timezone.now()).exists()


def test_the_office_lifts_it_as_any_other(
    admin_client: Client, reader: Subscriber, bulletin: Bulletin
) -> None:
    suppressions.refuse_confirmations(reader.address_key, at=NOON)
    held = Suppression.objects.get()
    rows = reverse("admin:subscribers_suppression_changelist")
    assert reader.address in admin_client.get(rows, {"state": "holds"}).content.decode()
    page = reverse("admin:subscribers_suppression_change", args=[held.pk])
    admin_client.post(page, {"lifted_because": "She wrote to us"})
    assert confirmation_mail.request(reader.pk, at=NOON)


@pytest.mark.parametrize("method", ["get", "head"])
def test_programs_that_open_links_refuse_nothing(
    method: str, sign_up: SignUp, topics: list[Topic], browser: Client, mailoutbox: Mails
) -> None:
    sign_up("new@reader.example", topics[0])
    for link in re.findall(r"http://[^/\s]+(/\S+)", str(mailoutbox[0].body)):
        getattr(browser, method)(link)
    assert not Suppression.objects.exists()
    assert SignUpRequest.objects.exists()
