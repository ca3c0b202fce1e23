"""What somebody asks for at the form stands beside what was so before, until it is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.models import Bulletin, Topic
from subscribers import retention, signing_up, tasks, undoing, unsubscribing
from subscribers.addresses import parse
from subscribers.links import Purpose
from subscribers.models import NoticeLimit, SignUpRequest, Subscriber, Subscription
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON, a_reader
from tests.support.readers import address_of, followed, link_in

SignUp = Callable[..., str]
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def gone(reader: Subscriber) -> Subscriber:
    """A reader of Law and Markets who left at NOON."""
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    reader.refresh_from_db()
    return reader


def test_a_strangers_sign_up_changes_nothing_of_who_has_left(
    gone: Subscriber, sign_up: SignUp, topics: list[Topic], browser: Client
) -> None:
    before = Subscriber.objects.values(
        "address", "language", "signed_up_at", "confirmed_at", "unsubscribed_at", "paused_until"
    ).get()
    history = list(Subscription.objects.order_by("pk").values())
    sign_up(gone.address.upper(), topics[2], language="zh-hans")
    assert Subscriber.objects.values(*before).get() == before
    assert list(Subscription.objects.order_by("pk").values()) == history
    for purpose in (Purpose.PREFERENCES, Purpose.LEAVE, Purpose.STOP, Purpose.UNDO):
        page = browser.get(address_of(gone, purpose)).content.decode()
        assert "left" in page or "nsubscribed" in page
        assert "not confirmed" not in page
        assert gone.address.upper() not in page


def test_at_confirming_what_was_asked_for_begins(
    gone: Subscriber,
    sign_up: SignUp,
    topics: list[Topic],
    browser: Client,
    mailoutbox: list[EmailMessage],
) -> None:
    sign_up(gone.address.upper(), topics[2], language="zh-hans")
    assert "请确认" in mailoutbox[0].subject
    link = link_in(mailoutbox[0], Purpose.CONFIRM)
    asked = browser.get(link).content.decode()
    assert "Science" in asked
    assert "Law" not in asked
    assert '<html lang="zh-Hans">' in asked
    browser.post(link)
    gone.refresh_from_db()
    assert gone.is_reading
    assert (followed(gone), gone.language) == ({"Science"}, "zh-hans")
    assert gone.subscriptions.count() == 3
    assert not SignUpRequest.objects.exists()
    assert "订阅成功" in browser.get(link).content.decode()


def test_of_two_requests_the_last_one_counts(
    gone: Subscriber, bulletin: Bulletin, topics: list[Topic]
) -> None:
    for n in (0, 2):
        signing_up.sign_up(
            bulletin, address=parse(gone.address), topics=[topics[n]], language="en", at=NOON + DAY
        )
    assert signing_up.confirm(gone.pk, at=NOON + 2 * DAY)
    assert not signing_up.confirm(gone.pk, at=NOON + 3 * DAY)
    gone.refresh_from_db()
    assert (followed(gone), gone.confirmed_at) == ({"Science"}, NOON + 2 * DAY)


def test_who_comes_back_by_undoing_has_nothing_to_confirm(
    gone: Subscriber, sign_up: SignUp, topics: list[Topic]
) -> None:
    sign_up(gone.address, topics[2])
    assert undoing.undo_leaving(gone.pk, left_at=NOON, at=NOON + DAY)
    assert not SignUpRequest.objects.exists()
    assert not signing_up.confirm(gone.pk, at=NOON + DAY)
    assert followed(gone) == {"Law", "Markets"}


def test_who_leaves_while_a_request_waits_cannot_be_signed_up_by_it(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    new = signing_up.sign_up(
        bulletin, address=parse("new@reader.example"), topics=topics, language="en", at=NOON
    )
    unsubscribing.unsubscribe(new.pk, at=NOON, reason=EndReason.LEFT)
    assert not signing_up.confirm(new.pk, at=NOON)


def test_unconfirmed_sign_ups_are_forgotten_after_a_week(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    for days, who in ((0, "old"), (3, "young")):
        signing_up.sign_up(
            bulletin,
            address=parse(f"{who}@reader.example"),
            topics=topics,
            language="en",
            at=NOON + days * DAY,
        )
    retention.forget(at=NOON + WEEK - timedelta(seconds=1))
    assert Subscriber.objects.count() == 2
    retention.forget(at=NOON + WEEK)
    assert [reader.address for reader in Subscriber.objects.all()] == ["young@reader.example"]
    assert SignUpRequest.objects.count() == 1


def test_who_signs_up_once_more_is_kept_for_another_week(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    for days in (0, 6):
        signing_up.sign_up(
            bulletin,
            address=parse("new@reader.example"),
            topics=topics,
            language="en",
            at=NOON + days * DAY,
        )
    retention.forget(at=NOON + 8 * DAY)
    assert Subscriber.objects.get().signed_up_at == NOON + 6 * DAY
    assert signing_up.confirm(Subscriber.objects.get().pk, at=NOON + 8 * DAY)


def test_who_was_confirmed_once_is_not_forgotten_with_a_sign_up(
    gone: Subscriber, bulletin: Bulletin, sign_up: SignUp, topics: list[Topic]
) -> None:
    sign_up(gone.address, topics[2])
    a_reader(bulletin, "ben@reader.example")
    before = a_reader(bulletin, "eva@reader.example", topics=topics, confirmed_at=None)
    Subscription.objects.filter(subscriber=before).update(
        ended_at=NOON, ended_reason=EndReason.LEFT
    )
    retention.forget(at=timezone.now() + 8 * DAY)
    assert Subscriber.objects.count() == 3
    assert not SignUpRequest.objects.exists()
    gone.refresh_from_db()
    assert gone.unsubscribed_at == NOON


def test_who_left_before_confirming_is_forgotten_too(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    new = signing_up.sign_up(
        bulletin, address=parse("new@reader.example"), topics=topics, language="en", at=NOON
    )
    unsubscribing.unsubscribe(new.pk, at=NOON, reason=EndReason.LEFT)
    retention.forget(at=NOON + WEEK)
    assert not Subscriber.objects.exists()


def test_many_are_forgotten_in_pieces(bulletin: Bulletin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_ROWS", 2)
    for n in range(5):
        a_reader(bulletin, f"r{n}@reader.example", confirmed_at=None)
    assert retention.forget(at=NOON + WEEK)
    assert Subscriber.objects.count() == 3
    tasks.forget()
    assert not Subscriber.objects.exists()


def test_how_often_a_mailbox_was_written_to_is_forgotten_after_a_day(db: None) -> None:
    waits = (DAY, DAY)
    assert NoticeLimit.objects.take("ann@reader.example", "confirm", waits=waits, at=NOON)
    retention.forget(at=NOON + DAY - timedelta(seconds=1))
    assert NoticeLimit.objects.exists()
    retention.forget(at=NOON + DAY)
    assert not NoticeLimit.objects.exists()


def test_the_page_of_a_forgotten_request_says_so(
    browser: Client, sign_up: SignUp, topics: list[Topic], mailoutbox: list[EmailMessage]
) -> None:
    sign_up("new@reader.example", topics[0])
    SignUpRequest.objects.all().delete()
    page = browser.post(link_in(mailoutbox[0], Purpose.CONFIRM), follow=True)
    assert b"nothing to confirm" in page.content
    assert not Subscriber.objects.confirmed().exists()


def test_sessions_that_ran_out_are_deleted(db: None) -> None:
    Session.objects.create(session_key="a", session_data="", expire_date=NOON - 365 * DAY)
    Session.objects.create(session_key="b", session_data="", expire_date=NOON.replace(year=2099))
    tasks.clear_sessions()
    assert Session.objects.get().session_key == "b"


def test_beat_schedules_forgetting(settings: object) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}  # type: ignore[attr-defined]
    assert scheduled >= {"subscribers.tasks.forget", "subscribers.tasks.clear_sessions"}


def test_the_editor_sees_that_who_left_has_left(
    gone: Subscriber, sign_up: SignUp, topics: list[Topic], admin_client: Client
) -> None:
    sign_up(gone.address, topics[2])
    rows = reverse("admin:subscribers_subscriber_changelist")
    assert gone.address in admin_client.get(rows, {"state": "left"}).content.decode()
    assert gone.address not in admin_client.get(rows, {"state": "unconfirmed"}).content.decode()
