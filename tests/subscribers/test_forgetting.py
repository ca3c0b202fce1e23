"""What is forgotten after a while, by settings, and never by a clock that jumped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as project
from pytest_django.fixtures import Settings

from digests import bounces
from digests import tasks as digest_tasks
from digests.models import Feedback
from digests.models.feedback import FeedbackKind
from foundation.steady_clock import SteadyClock
from publications.models import Topic
from subscribers import (
    addresses,
    confirmation_mail,
    erased_addresses,
    retention,
    signing_up,
    tasks,
    unsubscribing,
)
from subscribers.models import ErasedAddress, NoticeLimit, Subscriber, Subscription
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON, a_reader

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Time:
    """A wall clock that can be set, and one that nobody sets."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_800_000_000.0, 5_000.0

    def clock(self) -> SteadyClock:
        return SteadyClock(wall=lambda: self.wall, steady=lambda: self.steady)

    def passes(self, time: timedelta, *, jump: timedelta = timedelta()) -> None:
        self.wall += (time + jump).total_seconds()
        self.steady += time.total_seconds()


@pytest.fixture
def left(reader: Subscriber) -> Subscriber:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    reader.refresh_from_db()
    return reader


def test_who_left_is_forgotten_after_a_time_down_to_a_hash(
    left: Subscriber, settings: Settings, topics: list[Topic]
) -> None:
    settings.LEFT_READERS_DAYS = 40
    other = a_reader(left.bulletin, "ben@reader.example", topics=topics)
    retention.forget(at=NOON + 40 * DAY - timedelta(seconds=1))
    assert Subscriber.objects.filter(pk=left.pk).exists()
    retention.forget(at=NOON + 40 * DAY)
    assert list(Subscriber.objects.all()) == [other]
    assert set(Subscription.objects.values_list("subscriber", flat=True)) == {other.pk}
    assert left.address not in str(ErasedAddress.objects.values())
    assert erased_addresses.erased([left.address_key, other.address_key]) == {left.address_key}


def test_who_signs_up_again_meanwhile_is_not_forgotten(
    left: Subscriber, topics: list[Topic], settings: Settings
) -> None:
    settings.LEFT_READERS_DAYS = 40
    signing_up.sign_up(
        left.bulletin,
        address=addresses.parse(left.address),
        topics=topics,
        language="en",
        at=NOON + 40 * DAY,
    )
    retention.forget(at=NOON + 41 * DAY)
    assert signing_up.confirm(left.pk, at=NOON + 41 * DAY)
    retention.forget(at=NOON + 400 * DAY)
    assert Subscriber.objects.confirmed().get() == left


def test_whoever_comes_back_at_the_moment_of_forgetting_is_kept(left: Subscriber) -> None:
    gone = Subscriber.objects.filter(unsubscribed_at__lte=NOON)
    Subscriber.objects.update(unsubscribed_at=None)
    assert not erased_addresses.forget(left.pk, of=gone, at=NOON)
    assert Subscriber.objects.exists()


def test_many_who_left_are_forgotten_in_pieces(
    left: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MAX_ROWS", 2)
    for n in range(4):
        a_reader(left.bulletin, f"r{n}@reader.example", unsubscribed_at=NOON)
    assert retention.forget(at=NOON + 400 * DAY)
    assert Subscriber.objects.count() == 3
    assert retention.forget(at=NOON + 400 * DAY)
    assert not retention.forget(at=NOON + 400 * DAY)
    assert not Subscriber.objects.exists()


def test_what_came_back_is_forgotten_after_a_time(
    reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces.retention, "STEP", 2)
    for days in range(6):
        Feedback.objects.create(
            subscriber=reader,
            kind=FeedbackKind.SOFT_BOUNCE,
            received_at=NOON + days * DAY,
            key=str(days),
        )
    assert bounces.forget(before=NOON + 5 * DAY) == 5
    assert [event.key for event in Feedback.objects.all()] == ["5"]


def test_all_of_it_is_periodic() -> None:
    scheduled = {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled >= {
        "subscribers.tasks.forget",
        "subscribers.tasks.clear_sessions",
        "digests.tasks.forget_feedback",
        "digests.tasks.prune_deliveries",
        "audit_log.tasks.forget",
    }


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400), 2 * HOUR])
def test_a_clock_that_jumps_is_noticed_and_believed_after_a_day(jump: timedelta) -> None:
    time = Time()
    clock = time.clock()
    for _ in range(30):
        time.passes(HOUR, jump=timedelta(minutes=1))  # bit by bit it may be corrected
        assert clock.is_steady()
    time.passes(HOUR, jump=jump)
    for _ in range(25):
        assert not clock.is_steady()
        time.passes(HOUR)
    assert clock.is_steady()


def test_a_clock_that_jumps_there_and_back_is_believed_a_day_after_that() -> None:
    time = Time()
    clock = time.clock()
    for jump in (400 * DAY, -400 * DAY):
        time.passes(HOUR, jump=jump)
        assert not clock.is_steady()
    time.passes(25 * HOUR)
    assert clock.is_steady()


def test_after_a_jump_of_the_clock_nothing_is_forgotten(
    left: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time()
    clock = time.clock()
    time.passes(HOUR, jump=400 * DAY)
    monkeypatch.setattr(tasks, "clock", clock)
    monkeypatch.setattr(digest_tasks, "clock", clock)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + 4000 * DAY)
    Feedback.objects.create(kind=FeedbackKind.LEFT, received_at=NOON, key="x")
    tasks.forget()
    digest_tasks.forget_feedback()
    assert Subscriber.objects.exists()
    assert Feedback.objects.exists()
    time.passes(26 * HOUR)
    tasks.forget()
    digest_tasks.forget_feedback()
    assert not Subscriber.objects.exists()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("ahead", [10 * 365 * DAY, 40 * DAY])
def test_a_mailbox_is_not_shut_for_years_by_a_clock_that_was_ahead(
    ahead: timedelta, reader: Subscriber
) -> None:
    for hours in (0, 2, 4):
        assert confirmation_mail.request(reader.pk, at=NOON + ahead + hours * HOUR)
    asked = [
        at
        for at in (NOON + n * HOUR for n in range(24))
        if confirmation_mail.request(reader.pk, at=at)
    ]
    assert len(asked) == 3


def test_a_clock_that_is_set_back_by_hours_sends_no_more(reader: Subscriber) -> None:
    moments = [
        NOON,
        NOON + 2 * HOUR,
        NOON + 4 * HOUR,
        NOON - 5 * HOUR,
        NOON + HOUR,
        NOON + 5 * HOUR,
    ]
    asked = [confirmation_mail.request(reader.pk, at=at) for at in moments]
    assert asked == [True, True, True, False, False, False]


def test_limits_of_a_clock_that_was_ahead_are_forgotten(db: None) -> None:
    waits = (DAY, DAY)
    NoticeLimit.objects.take("a@x.org", "confirm", waits=waits, at=NOON + 900 * DAY)
    NoticeLimit.objects.take("b@x.org", "confirm", waits=waits, at=NOON)
    retention.forget(at=NOON)
    assert NoticeLimit.objects.get().address_key == "b@x.org"
