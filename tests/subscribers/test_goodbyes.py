"""Who has left is told so by mail, once, with a way to undo it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from bulletin_site.celery import app as celery_app
from digests.bounces import policy as bounce_policy
from digests.models import Feedback
from digests.models.feedback import FeedbackKind
from foundation import retries
from mail.servers import Server
from publications.models import Bulletin, Topic
from subscribers import goodbye_mail, suppressions, tasks, undoing, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber, Suppression
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_bulletin, a_reader
from tests.support.readers import address_of, followed, link_in

Mails = list[EmailMessage]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mail_server_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = (Server("127.0.0.1", 1),)  # nobody listens there
    monkeypatch.setitem(celery_app.conf, "task_eager_propagates", False)


def leave(
    reader: Subscriber, reason: EndReason = EndReason.LEFT, *, at: datetime | None = None
) -> datetime:
    """Have the reader leave now, or at another time; when that was."""
    unsubscribing.unsubscribe(reader.pk, at=at or timezone.now(), reason=reason)
    reader.refresh_from_db()
    assert reader.unsubscribed_at is not None
    return reader.unsubscribed_at


@pytest.mark.parametrize("form", [{}, ONE_CLICK])
def test_who_leaves_by_the_page_or_by_one_click_gets_a_mail(
    form: dict[str, str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: Mails,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    a_reader(a_bulletin("others", name="Others"), reader.address)
    a_reader(a_bulletin("thirds", name="Thirds"), "ben@reader.example")
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(address_of(reader, Purpose.LEAVE), form)
        browser.post(address_of(reader, Purpose.LEAVE), form)
    (mail,) = mailoutbox
    assert isinstance(mail, EmailMultiAlternatives)
    assert mail.to == [reader.address]
    assert mail.subject == "You have unsubscribed: Letters"
    for text in (str(mail.body), str(mail.alternatives[0][0])):
        assert "You have unsubscribed from Letters. No more of its emails go to this address:" in (
            " ".join(text.split())
        )
        assert reader.address in text
        assert "Others" in text
        assert "Thirds" not in text
        assert "30 days" in text


def test_a_goodbye_is_a_notice_and_no_mail_of_the_list(reader: Subscriber) -> None:
    leave(reader)
    data = goodbye_mail.message(reader, left_at=NOON, at=NOON).data
    mail = message_from_bytes(data, _class=Parsed, policy=policy.strict)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == reader.address
    assert not [name for name in mail if name.lower().startswith(("list-", "precedence"))]


def test_who_leaves_by_mail_gets_a_mail_from_the_sweep(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    event = Feedback.objects.create(
        subscriber=reader, kind=FeedbackKind.LEFT, received_at=NOON, key="left-by-mail"
    )
    bounce_policy.apply(event, at=timezone.now())
    tasks.sweep()
    tasks.sweep()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("reason", [EndReason.COMPLAINT, EndReason.EDITOR])
def test_who_complained_or_was_let_go_by_an_editor_gets_no_more_mail(
    reason: EndReason, reader: Subscriber, mailoutbox: Mails
) -> None:
    leave(reader, reason)
    tasks.sweep()
    assert not mailoutbox


@pytest.mark.parametrize(
    "reason",
    [SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINED, SuppressionReason.EDITOR],
)
@pytest.mark.parametrize("first", ["suppressed", "left"])
def test_a_suppressed_address_gets_no_goodbye(
    first: str, reason: SuppressionReason, reader: Subscriber, mailoutbox: Mails
) -> None:
    if first == "left":
        leave(reader)
    suppressions.suppress(reader.address_key, reason=reason, evidence="", at=NOON)
    leave(reader)
    tasks.sweep()
    assert not mailoutbox


@pytest.mark.parametrize(
    ("first", "after"),
    [("suppressed", timedelta(hours=1)), ("suppressed", timedelta(3)), ("left", timedelta(3))],
)
def test_no_goodbye_comes_late_because_a_suppression_is_lifted(
    first: str, after: timedelta, reader: Subscriber, mailoutbox: Mails
) -> None:
    if first == "left":
        leave(reader, at=NOON)
    suppressions.suppress(
        reader.address_key, reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON
    )
    leave(reader, at=NOON)
    held = Suppression.objects.get()
    suppressions.lift(held.pk, because="The mailbox is back", at=NOON + after)
    goodbye_mail.send_due(reader.pk, at=NOON + after)
    assert not mailoutbox


def test_who_never_confirmed_gets_no_goodbye(reader: Subscriber, mailoutbox: Mails) -> None:
    Subscriber.objects.update(confirmed_at=None)
    leave(reader)
    tasks.sweep()
    assert not mailoutbox


def test_a_goodbye_is_not_mailed_to_who_is_back(reader: Subscriber, mailoutbox: Mails) -> None:
    left_at = leave(reader)
    undoing.undo_leaving(reader.pk, left_at=left_at, at=left_at)
    tasks.sweep()
    assert not mailoutbox


def test_two_workers_with_the_same_task_say_goodbye_once(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    leave(reader, at=NOON)
    goodbye_mail.send_due(reader.pk, at=NOON)
    goodbye_mail.send_due(reader.pk, at=NOON)
    assert len(mailoutbox) == 1


def test_a_worker_that_died_is_followed_by_another_whose_mail_is_the_same(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    leave(reader, at=NOON)
    Subscriber.objects.due_goodbye(at=NOON).update(goodbye_due_at=NOON + retries.LEASE)
    goodbye_mail.send_due(reader.pk, at=NOON + MINUTE)
    assert not mailoutbox
    goodbye_mail.send_due(reader.pk, at=NOON + retries.LEASE)
    assert len(mailoutbox) == 1
    names = {
        line
        for minutes in (0, 9)
        for line in goodbye_mail.message(reader, left_at=NOON, at=NOON + minutes * MINUTE)
        .data.decode()
        .splitlines()
        if line.startswith("Message-ID")
    }
    assert len(names) == 1


def test_while_the_mail_server_is_away_the_goodbye_stays_due_for_a_day(
    mail_server_away: None, reader: Subscriber, settings: Settings, mailoutbox: Mails
) -> None:
    left_at = leave(reader)
    goodbye_mail.send_due(reader.pk, at=left_at)
    reader.refresh_from_db()
    assert reader.goodbye_due_at == left_at + retries.FIRST_DELAY
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Subscriber.objects.update(goodbye_due_at=left_at)
    tasks.sweep()
    assert len(mailoutbox) == 1


def test_after_a_day_the_goodbye_is_given_up(mail_server_away: None, reader: Subscriber) -> None:
    leave(reader, at=NOON)
    goodbye_mail.send_due(reader.pk, at=NOON + timedelta(days=2))
    reader.refresh_from_db()
    assert reader.goodbye_due_at is None


def test_leaving_again_and_again_does_not_fill_a_mailbox(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    for n in range(6):
        at = NOON + n * MINUTE
        unsubscribing.unsubscribe(reader.pk, at=at, reason=EndReason.LEFT)
        goodbye_mail.send_due(reader.pk, at=at)
        undoing.undo_leaving(reader.pk, left_at=at, at=at)
    assert len(mailoutbox) == 3


def test_the_goodbye_comes_in_the_readers_language(reader: Subscriber, mailoutbox: Mails) -> None:
    Subscriber.objects.update(language="zh-hans")
    leave(reader)
    tasks.sweep()
    assert mailoutbox[0].subject == "您已退订：Letters"
    assert "撤销" in str(mailoutbox[0].body)


def test_the_link_of_the_goodbye_asks_then_undoes(
    browser: Client, reader: Subscriber, topics: list[Topic], mailoutbox: Mails
) -> None:
    leave(reader)
    tasks.sweep()
    link = link_in(mailoutbox[0], Purpose.UNDO)
    asked = browser.get(link).content.decode()
    assert "Subscribe to Letters again?" in asked
    assert "Law" not in asked
    assert reader.address not in asked
    assert not Subscriber.objects.confirmed().exists()
    for _ in range(2):
        page = browser.post(link, follow=True).content.decode()
        assert "<h1>You are subscribed to Letters</h1>" in page
    assert followed(reader) == {"Law", "Markets"}
    assert reader.subscriptions.count() == 4


def test_the_link_of_the_goodbye_works_for_thirty_days(
    browser: Client, reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(reader)
    path = address_of(reader, Purpose.UNDO)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 31 * 86400)
    assert browser.post(path).status_code == 410
    assert not Subscriber.objects.confirmed().exists()
    monkeypatch.setattr("time.time", lambda: now + 29 * 86400)
    assert browser.post(path).status_code == 302
    assert Subscriber.objects.confirmed().exists()


def test_the_names_of_bulletins_are_words_in_the_goodbye(
    reader: Subscriber, mailoutbox: Mails
) -> None:
    Bulletin.objects.update(name="R&D <News>")
    a_reader(a_bulletin("others", name="<b>Others</b>"), reader.address)
    leave(reader)
    tasks.sweep()
    mail = mailoutbox[0]
    assert isinstance(mail, EmailMultiAlternatives)
    assert "&lt;b&gt;Others" in str(mail.alternatives[0][0])
    assert "<b>Others</b>" in str(mail.body)
    assert "You have unsubscribed from R&D <News>" in " ".join(str(mail.body).split())
