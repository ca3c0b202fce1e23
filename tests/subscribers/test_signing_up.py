"""Signing up and confirming, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from bulletin_site.celery import app as celery_app
from foundation import retries
from mail.servers import Server
from publications.models import Bulletin, Topic
from subscribers import confirmation_mail, signing_up, tasks, unsubscribing
from subscribers.addresses import parse
from subscribers.links import Purpose
from subscribers.models import SignUpRequest, Subscriber
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON
from tests.support.readers import address_of, followed, link_in

SignUp = Callable[..., str]
Mails = list[EmailMessage]
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def mail_server_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = (Server("127.0.0.1", 1),)  # nobody listens there
    monkeypatch.setitem(celery_app.conf, "task_eager_propagates", False)


@pytest.fixture
def broker_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(celery_app.conf, "task_always_eager", False)
    monkeypatch.setitem(celery_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)  # it keeps the address


def test_nothing_is_chosen_for_the_reader_beforehand(
    browser: Client, bulletin: Bulletin, topics: list[Topic]
) -> None:
    page = browser.get(reverse("subscribers:sign_up", args=[bulletin.slug]))
    assert b'type="checkbox"' in page.content
    assert page.content.count(b"checked") == 1  # the language of the page


def test_who_signs_up_gets_a_mail_and_reads_after_confirming(
    browser: Client, sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    assert "Check your inbox" in sign_up("New@Reader.example", topics[0], topics[2])
    assert mailoutbox[0].to == ["New@reader.example"]
    reader = Subscriber.objects.get()
    assert not Subscriber.objects.confirmed().exists()

    link = link_in(mailoutbox[0], Purpose.CONFIRM)
    assert b"Was it you" in browser.get(link).content
    assert not Subscriber.objects.confirmed().exists()

    page = browser.post(link, follow=True)
    assert "You’re subscribed" in page.content.decode()
    assert Subscriber.objects.confirmed().get() == reader
    assert followed(reader) == {"Law", "Science"}


def test_confirming_twice_is_confirming_once(
    browser: Client, sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    sign_up("new@reader.example", topics[0])
    link = link_in(mailoutbox[0], Purpose.CONFIRM)
    browser.post(link)
    first = Subscriber.objects.get().confirmed_at
    assert browser.post(link, follow=True).status_code == 200
    assert Subscriber.objects.get().confirmed_at == first


def test_the_page_does_not_tell_whether_an_address_is_known(
    sign_up: SignUp, topics: list[Topic], reader: Subscriber
) -> None:
    known = sign_up(reader.address, topics[0]).replace(reader.address, "ben@reader.example")
    unknown = sign_up("ben@reader.example", topics[0])
    assert FORM_TOKEN.sub("", known) == FORM_TOKEN.sub("", unknown)


def test_a_stranger_cannot_change_what_a_reader_chose(
    sign_up: SignUp, topics: list[Topic], reader: Subscriber, browser: Client
) -> None:
    sign_up(reader.address.upper(), topics[2], language="zh-hans")
    reader.refresh_from_db()
    assert (followed(reader), reader.language) == ({"Law", "Markets"}, "en")
    assert not SignUpRequest.objects.exists()
    browser.post(address_of(reader, Purpose.CONFIRM))
    assert followed(reader) == {"Law", "Markets"}


def test_a_reader_who_signs_up_again_is_mailed_the_way_to_their_choices(
    browser: Client, sign_up: SignUp, topics: list[Topic], reader: Subscriber, mailoutbox: Mails
) -> None:
    sign_up(reader.address, topics[2])
    assert "already subscribed" in mailoutbox[0].subject
    page = browser.get(link_in(mailoutbox[0], Purpose.PREFERENCES))
    assert b"<h1>Manage my subscription" in page.content
    assert followed(reader) == {"Law", "Markets"}


def test_a_bulletins_name_stands_in_both_parts_of_a_notice_as_it_is_called(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails, bulletin: Bulletin
) -> None:
    Bulletin.objects.update(name="R&D <News>")
    sign_up("new@reader.example", topics[0])
    mail = mailoutbox[0]
    assert isinstance(mail, EmailMultiAlternatives)
    assert "receive R&D <News> at" in " ".join(str(mail.body).split())
    assert "R&amp;D &lt;News&gt;" in str(mail.alternatives[0][0])


def test_before_confirming_the_last_choices_win(bulletin: Bulletin, topics: list[Topic]) -> None:
    address = parse("new@reader.example")
    for n, language in enumerate(["en", "zh-hans"]):
        reader = signing_up.sign_up(
            bulletin, address=address, topics=[topics[n]], language=language, at=NOON
        )
    assert not reader.subscriptions.exists()
    assert signing_up.confirm(reader.pk, at=NOON)
    reader.refresh_from_db()
    assert (followed(reader), reader.language) == ({"Markets"}, "zh-hans")
    assert reader.subscriptions.count() == 1


def test_who_left_and_signs_up_again_confirms_again(
    bulletin: Bulletin, reader: Subscriber, topics: list[Topic]
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    later = NOON + timedelta(days=1)
    signing_up.sign_up(
        bulletin, address=parse(reader.address), topics=topics[2:], language="en", at=later
    )
    assert not Subscriber.objects.confirmed().exists()
    assert signing_up.confirm(reader.pk, at=later)
    assert Subscriber.objects.confirmed().get() == reader
    assert followed(reader) == {"Science"}
    assert reader.subscriptions.count() == 3  # what ended is kept


def test_an_old_link_does_not_bring_back_a_reader_who_left(
    browser: Client, reader: Subscriber
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    page = browser.post(address_of(reader, Purpose.CONFIRM), follow=True)
    assert b"Sign up again" in page.content
    assert not Subscriber.objects.confirmed().exists()


@pytest.mark.parametrize(
    ("address", "complaint"),
    [("ann", "an email address in full"), ("ann@office.org\nBcc: b@c.de", "address in full")],
)
def test_a_wrong_address_is_said_beside_the_field(
    sign_up: SignUp, topics: list[Topic], address: str, complaint: str, mailoutbox: Mails
) -> None:
    assert complaint in sign_up(address, topics[0])
    assert not mailoutbox
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "There is a problem"), ("zh", "填写有误")],
)
def test_above_the_form_one_is_sent_to_the_mistake_whatever_it_is(
    language: str, expected: str, bulletin: Bulletin, topics: list[Topic]
) -> None:
    typed = {"address": "ann@reader", "topics": [topics[0].pk], "language": "en"}
    browser = Client(headers={"accept-language": language})
    page = browser.post(reverse("subscribers:sign_up", args=[bulletin.slug]), typed)
    assert expected in page.content.decode()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "are in the language of the bulletin"), ("zh", "文章本身仍用简报的语言")],
)
def test_who_chooses_the_language_of_the_mails_reads_what_that_changes(
    language: str, expected: str, bulletin: Bulletin, reader: Subscriber
) -> None:
    browser = Client(headers={"accept-language": language})
    Subscriber.objects.update(language="zh-hans" if language == "zh" else "en")
    for path in (
        reverse("subscribers:sign_up", args=[bulletin.slug]),
        address_of(reader, Purpose.PREFERENCES),
    ):
        page = browser.get(path).content.decode()
        assert expected in page
        assert 'aria-describedby="id_language_helptext"' in page


def test_what_comes_after_signing_up_can_be_read_in_the_other_language(
    browser: Client, sign_up: SignUp, topics: list[Topic], bulletin: Bulletin
) -> None:
    before = sign_up("new@reader.example", topics[0])
    where = reverse("subscribers:signed_up", args=[bulletin.slug])
    assert f'name="next" value="{where}"' in before
    switch = {"language": "zh-hans", "next": where}
    after = browser.post(reverse("set_language"), switch, follow=True).content.decode()
    assert "请查收邮件" in after
    assert "<strong>new@reader.example</strong>" in after


def test_the_address_stands_in_no_url_and_in_a_cookie_of_that_page_alone(
    browser: Client, bulletin: Bulletin, topics: list[Topic]
) -> None:
    typed = {"address": "new@reader.example", "topics": [topics[0].pk], "language": "en"}
    answer = browser.post(reverse("subscribers:sign_up", args=[bulletin.slug]), typed)
    where = reverse("subscribers:signed_up", args=[bulletin.slug])
    assert answer["Location"] == where
    (cookie,) = answer.cookies.values()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (where, True, "Lax")
    assert "new@reader.example" in browser.get(where).content.decode()


@pytest.mark.parametrize("cookie", ["", "ben@reader.example", "Im4i:1:x"])
def test_who_has_not_signed_up_is_led_to_the_form(
    cookie: str, browser: Client, bulletin: Bulletin
) -> None:
    browser.cookies["signed_up"] = cookie
    page = browser.get(reverse("subscribers:signed_up", args=[bulletin.slug]))
    assert page["Location"] == reverse("subscribers:sign_up", args=[bulletin.slug])


def test_at_least_one_topic_is_chosen(sign_up: SignUp, topics: list[Topic]) -> None:
    assert "Choose at least one topic." in sign_up("new@reader.example")
    assert not Subscriber.objects.exists()


def test_a_retired_topic_is_not_offered(
    sign_up: SignUp, browser: Client, bulletin: Bulletin, topics: list[Topic]
) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(retired_at=NOON)
    page = browser.get(reverse("subscribers:sign_up", args=[bulletin.slug]))
    assert b"Law" not in page.content
    sign_up("new@reader.example", topics[0])
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30, "8" * 5000, "٣", "Law", "\x00"])
def test_a_topic_that_no_row_can_be_is_not_offered(
    browser: Client, bulletin: Bulletin, number: str
) -> None:
    form = reverse("subscribers:sign_up", args=[bulletin.slug])
    data = {"address": "new@reader.example", "topics": [number], "language": "en"}
    assert browser.post(form, data).status_code == 200
    assert not Subscriber.objects.exists()


def test_a_machine_that_fills_in_every_field_changes_nothing(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    page = sign_up("new@reader.example", topics[0], website="https://buy.example")
    assert "Check your inbox" in page
    assert not mailoutbox
    assert not Subscriber.objects.exists()


def test_a_mailbox_cannot_be_filled_by_pressing_again_and_again(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    for _ in range(5):
        sign_up("new@reader.example", topics[0])
    assert len(mailoutbox) == 1


def test_who_waited_long_enough_can_have_another_mail(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    for minute in (0, 2, 4, 5, 8, 63, 64, 70, 1000, 1439, 1440, 1441):
        if confirmation_mail.request(reader.pk, at=NOON + timedelta(minutes=minute)):
            confirmation_mail.send_due(reader.pk, at=NOON + timedelta(minutes=minute))
    assert len(mailoutbox) == 4  # at 0:00, 0:04, 1:04, and a day after the first


def test_two_workers_with_the_same_task_ask_once(reader: Subscriber, mailoutbox: Mails) -> None:
    confirmation_mail.request(reader.pk, at=NOON)
    confirmation_mail.send_due(reader.pk, at=NOON)
    confirmation_mail.send_due(reader.pk, at=NOON)
    assert len(mailoutbox) == 1


def test_a_worker_that_died_while_it_asked_is_followed_by_another(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    confirmation_mail.request(reader.pk, at=NOON)
    claimed = Subscriber.objects.filter(pk=reader.pk).due_confirmation(at=NOON)
    claimed.update(confirmation_due_at=NOON + retries.LEASE)
    confirmation_mail.send_due(reader.pk, at=NOON + timedelta(minutes=1))
    assert not mailoutbox
    confirmation_mail.send_due(reader.pk, at=NOON + retries.LEASE)
    assert len(mailoutbox) == 1


def test_while_the_mail_server_is_away_asking_stays_due_ever_later_for_a_day(
    mail_server_away: None, reader: Subscriber
) -> None:
    confirmation_mail.request(reader.pk, at=NOON)
    due: datetime | None = NOON
    delays = []
    while due is not None:
        confirmation_mail.send_due(reader.pk, at=due)
        reader.refresh_from_db()
        delays += [reader.confirmation_due_at - due] if reader.confirmation_due_at else []
        due = reader.confirmation_due_at
    assert delays[0] == retries.FIRST_DELAY
    assert delays == sorted(delays)
    assert timedelta(days=1) < sum(delays, timedelta()) < timedelta(days=2)


def test_the_sweep_asks_when_the_mail_server_is_back(
    mail_server_away: None,
    settings: Settings,
    sign_up: SignUp,
    topics: list[Topic],
    mailoutbox: Mails,
) -> None:
    sign_up("new@reader.example", topics[0])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Subscriber.objects.update(confirmation_due_at=NOON)
    tasks.sweep()
    tasks.sweep()
    assert len(mailoutbox) == 1


def test_who_left_meanwhile_is_not_asked(reader: Subscriber, mailoutbox: Mails) -> None:
    confirmation_mail.request(reader.pk, at=NOON)
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    confirmation_mail.send_due(reader.pk, at=NOON)
    assert not mailoutbox


def test_without_a_broker_the_page_still_answers(
    broker_away: None, sign_up: SignUp, topics: list[Topic], caplog: pytest.LogCaptureFixture
) -> None:
    assert "Check your inbox" in sign_up("new@reader.example", topics[0])
    assert "send_confirmation not enqueued" in caplog.text
    assert Subscriber.objects.get().confirmation_due_at is not None  # the sweep finds it


def test_the_log_names_readers_by_key_only(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sign_up("secret@reader.example", topics[0])
    assert f"signed up subscriber={Subscriber.objects.get().pk}" in caplog.text
    assert "secret@" not in caplog.text


def test_signing_up_asks_the_database_a_fixed_number_of_questions(
    sign_up: SignUp, topics: list[Topic], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(28):  # one of them for the page that comes after
        sign_up("new@reader.example", *topics)


def test_the_mail_comes_in_the_language_that_was_chosen(
    sign_up: SignUp, topics: list[Topic], mailoutbox: Mails
) -> None:
    sign_up("new@reader.example", topics[0], language="zh-hans")
    assert Subscriber.objects.get().language == "zh-hans"
    mail = mailoutbox[0]
    assert isinstance(mail, EmailMultiAlternatives)
    assert 'lang="zh' in str(mail.alternatives[0])
