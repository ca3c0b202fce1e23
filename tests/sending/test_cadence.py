"""Weekly and monthly mails, catching up, and the first mail of a new reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from digests import audience, cadence, publishing, sending, taking_back, withdrawal
from digests.models import Batch, Delivery, Digest, Origin, PendingArticle, PendingIssue
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.models.digest import Occasion
from digests.rendering import MessageRenderer
from digests.rendering.edition_contents import article_ids
from digests.sending import Scope, ledger, resending
from issues.models import Article, Issue
from mail.delivery import Accepted, Rejected
from publications.models import Bulletin, Topic
from subscribers import greeting_mail, preferences, signing_up
from subscribers.addresses import parse
from subscribers.models import Subscriber
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 9, 15, 14, tzinfo=UTC)  # NOON is the same day
FRIDAY = datetime(2026, 9, 18, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def topics() -> list[Topic]:
    return topics_of(a_bulletin(time_zone="Europe/London"), ["Water", "Energy"])


@pytest.fixture
def bulletin(topics: list[Topic]) -> Bulletin:
    return topics[0].bulletin


def published(topics: list[Topic], *, at: datetime, number: str = "No. 9") -> Digest:
    draft = a_draft(topics[0].bulletin, {topic.name_en: topic for topic in topics})
    Issue.objects.filter(pk=draft.pk).update(number=number)
    digest = publishing.publish(draft, at=at)
    assert audience.prepare(digest, at=at)
    return digest


def opened(at: datetime) -> list[Digest]:
    digests = list(cadence.open_due(at=at))
    for digest in digests:
        assert audience.prepare(digest, at=at)
    return digests


def titles(reader: Subscriber, digest: Digest) -> list[str]:
    """The headlines of the reader's mail, with the numbers of their issues."""
    row = Delivery.objects.select_related("digest", "edition").get(subscriber=reader, digest=digest)
    found = Article.objects.select_related("section__issue").in_bulk(article_ids(row))
    return [f"{found[pk].title}, {found[pk].section.issue.number}" for pk in article_ids(row)]


def reason(reader: Subscriber, digest: Digest) -> str:
    return Delivery.objects.get(subscriber=reader, digest=digest).reason


def mail_to(reader: Subscriber, digest: Digest) -> str:
    row = Delivery.objects.select_related("digest", "edition", "subscriber").get(
        subscriber=reader, digest=digest
    )
    digest.refresh_from_db()
    return MessageRenderer(digest).page(row)


def test_a_weekly_reader_gets_on_friday_what_appeared_since_grouped_by_topic(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    weekly = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    each = a_reader(bulletin, "e@reader.example", topics=topics)
    first = published(topics, at=TUESDAY, number="No. 1")
    published(topics[:1], at=TUESDAY + HOUR, number="No. 2")
    assert (reason(weekly, first), reason(each, first)) == (SkipReason.LATER, "")
    assert opened(FRIDAY - 2 * HOUR) == []
    (digest,) = opened(FRIDAY)  # eight in London is seven UTC
    assert (digest.occasion, digest.due_at) == (Occasion.WEEKLY, FRIDAY - HOUR)
    assert titles(weekly, digest) == [
        "News of Water, No. 2",
        "News of Water, No. 1",
        "News of Energy, No. 1",
    ]
    assert not Delivery.objects.filter(subscriber=each, digest=digest).exists()
    assert opened(FRIDAY + HOUR) == []
    assert opened(FRIDAY + timedelta(days=7)) == []  # nothing appeared
    assert sending.count_deliveries(digest).balanced
    page = mail_to(weekly, digest)
    assert "No. 2" in page
    assert "weekly digest" in page.lower()


def sent(digest: Digest, *, at: datetime) -> None:
    """Have its mails be taken by the server."""
    assert sending.resume(digest, at=at) or digest.paused_at is None
    rows = Delivery.objects.filter(digest=digest, status=DeliveryStatus.QUEUED)
    ledger.settle([(pk, Accepted("Kept", 250)) for pk in rows.values_list("pk", flat=True)], at=at)
    sending.recount(digest)
    assert sending.finish(digest, at=at)


def test_an_article_that_is_put_back_comes_with_the_next_mail_to_those_who_missed_it(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    each = a_reader(bulletin, "e@reader.example", topics=topics)
    weekly = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    water = a_reader(bulletin, "x@reader.example", topics=topics[:1], cadence="weekly")
    energy = a_reader(bulletin, "y@reader.example", topics=topics[1:], cadence="weekly")
    sent(published(topics, at=TUESDAY, number="No. 1"), at=TUESDAY)
    article = Article.objects.get(title="News of Water")
    withdrawal.withdraw_article(article, because="", at=TUESDAY + HOUR)
    (friday,) = opened(FRIDAY)
    assert titles(weekly, friday) == ["News of Energy, No. 1"]
    assert reason(water, friday) == SkipReason.NOTHING
    sent(friday, at=FRIDAY)
    assert not PendingArticle.objects.exists()
    withdrawal.restore_article(article)
    assert set(PendingArticle.objects.values_list("subscriber", flat=True)) == {weekly.pk, water.pk}
    next_one = published(topics[1:], at=FRIDAY + HOUR, number="No. 2")
    assert titles(each, next_one) == ["News of Energy, No. 2"]
    (later,) = opened(FRIDAY + timedelta(days=7))
    assert titles(weekly, later) == ["News of Energy, No. 2", "News of Water, No. 1"]
    assert titles(water, later) == ["News of Water, No. 1"]
    assert titles(energy, later) == ["News of Energy, No. 2"]
    assert "News of Water" in mail_to(water, later)
    assert "News of Water" not in mail_to(energy, later)
    assert not PendingArticle.objects.exists()
    ledger.settle(
        [(Delivery.objects.get(subscriber=water, digest=later).pk, Rejected("5.1.1", 550))],
        at=FRIDAY + timedelta(days=7),
    )
    assert [row.subscriber_id for row in PendingArticle.objects.all()] == [water.pk]
    sent(later, at=FRIDAY + timedelta(days=7))
    sent(next_one, at=FRIDAY + timedelta(days=7))
    of_first = Digest.objects.get(issue__number="No. 1", corrects=None)
    both = Article.objects.filter(section__issue=of_first.issue).order_by("pk")
    for articles, got in ((both[:1], [each, weekly]), (both, [each, weekly, energy])):
        ids = [one.pk for one in articles]
        draft = audience.drafted(of_first, articles=ids, remark="", at=FRIDAY)
        correction, _new = audience.open_correction(draft)
        assert audience.prepare(correction, at=FRIDAY)
        rows = Delivery.objects.filter(digest=correction)
        assert {row.subscriber_id for row in rows} == {reader.pk for reader in got}
        sent(correction, at=FRIDAY)
    assert mail_to(weekly, correction).count("News of Water</") == 1


def test_an_article_that_is_put_back_while_its_mails_are_leaving_comes_once_to_everybody(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    readers = [a_reader(bulletin, f"{n}@reader.example", topics=topics) for n in range(3)]
    digest = published(topics, at=TUESDAY, number="No. 1")
    first, second, third = Delivery.objects.filter(digest=digest).order_by("subscriber_id")
    ledger.settle([(first.pk, Accepted("Kept", 250))], at=TUESDAY + HOUR)
    article = Article.objects.get(title="News of Water")
    withdrawal.withdraw_article(article, because="", at=TUESDAY + 2 * HOUR)
    assert sending.resume(digest, at=TUESDAY + 3 * HOUR)
    ledger.settle([(second.pk, Accepted("Kept", 250))], at=TUESDAY + 4 * HOUR)
    withdrawal.restore_article(article)
    assert "News of Water" not in mail_to(readers[2], digest)  # it stays left out
    assert not PendingArticle.objects.exists()  # whose mail fails is told of the whole issue
    ledger.settle([(third.pk, Rejected("5.1.1", 550))], at=TUESDAY + 5 * HOUR)
    sending.recount(digest)
    assert sending.finish(digest, at=TUESDAY + 5 * HOUR)
    assert [row.subscriber_id for row in PendingArticle.objects.all()] == [readers[1].pk]
    next_one = published(topics[1:], at=FRIDAY, number="No. 2")
    assert [titles(reader, next_one) for reader in readers] == [
        ["News of Energy, No. 2"],
        ["News of Energy, No. 2", "News of Water, No. 1"],
        ["News of Energy, No. 2", "News of Energy, No. 1", "News of Water, No. 1"],
    ]


def test_who_never_had_an_article_that_was_withdrawn_when_their_mail_was_sent_again_gets_it_later(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    had, failed, twice = [
        a_reader(bulletin, f"{name}@reader.example", topics=topics)
        for name in ("had", "failed", "twice")
    ]
    first = published(topics, at=TUESDAY, number="No. 1")
    of = {row.subscriber_id: row for row in Delivery.objects.filter(digest=first)}
    ledger.settle([(of[failed.pk].pk, Rejected("4.2.2 Mailbox full", 552))], at=TUESDAY)
    sent(first, at=TUESDAY)
    article = Article.objects.get(title="News of Water")
    withdrawal.withdraw_article(article, because="", at=TUESDAY + HOUR)
    assert sending.resend_failed(first, Scope.ALL, at=TUESDAY + 2 * HOUR) == 1
    sending.resend(of[had.pk].pk, at=TUESDAY + 2 * HOUR)
    sent(first, at=TUESDAY + 3 * HOUR)
    sending.resend(of[failed.pk].pk, at=TUESDAY + 4 * HOUR)
    sent(first, at=TUESDAY + 4 * HOUR)
    withdrawal.restore_article(article)
    next_one = published(topics[1:], at=FRIDAY, number="No. 2")
    both = ["News of Energy, No. 2", "News of Water, No. 1"]
    assert [titles(reader, next_one) for reader in (had, failed, twice)] == [
        both[:1],
        both,
        both[:1],
    ]
    sending.resend(of[failed.pk].pk, at=FRIDAY + HOUR)
    sent(first, at=FRIDAY + HOUR)
    assert not PendingArticle.objects.exists()


def test_what_is_put_back_between_failing_and_being_sent_again_is_not_lost(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    readers = [a_reader(bulletin, f"{n}@reader.example", topics=topics) for n in range(2)]
    digest = published(topics, at=TUESDAY, number="No. 1")
    first, _second = Delivery.objects.filter(digest=digest).order_by("subscriber_id")
    article = Article.objects.get(title="News of Water")
    withdrawal.withdraw_article(article, because="", at=TUESDAY + HOUR)
    assert sending.resume(digest, at=TUESDAY + 2 * HOUR)
    ledger.settle([(first.pk, Rejected("4.2.2 Mailbox full", 552))], at=TUESDAY + 3 * HOUR)
    sent(digest, at=TUESDAY + 3 * HOUR)
    withdrawal.restore_article(article)
    sending.resend(first.pk, at=TUESDAY + 4 * HOUR)
    sent(digest, at=TUESDAY + 4 * HOUR)
    next_one = published(topics[1:], at=FRIDAY, number="No. 2")
    for reader in readers:
        assert titles(reader, next_one) == ["News of Energy, No. 2", "News of Water, No. 1"]


def test_no_weekly_mail_is_opened_for_nobody(topics: list[Topic], bulletin: Bulletin) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics[:1], cadence="weekly")
    a_reader(bulletin, "e@reader.example", topics=topics)
    published(topics, at=TUESDAY, number="No. 0")
    assert len(opened(FRIDAY)) == 1
    Topic.objects.create(bulletin=bulletin, name_en="Air", offered_at=FRIDAY + HOUR)
    published(topics[1:], at=FRIDAY + 2 * HOUR, number="No. 1")  # announces it
    for week in (1, 2, 3):
        assert opened(FRIDAY + timedelta(days=7 * week)) == []
    published(topics[:1], at=FRIDAY + timedelta(days=22), number="No. 2")
    (digest,) = opened(FRIDAY + timedelta(days=28))
    assert titles(reader, digest) == ["News of Water, No. 2"]
    assert "Air" in mail_to(reader, digest)


@pytest.mark.parametrize("cadence_of", ["weekly", "monthly"])
def test_no_mail_is_opened_for_keywords_that_stand_nowhere(
    topics: list[Topic], bulletin: Bulletin, cadence_of: str
) -> None:
    reader = a_reader(bulletin, "w@reader.example", cadence=cadence_of)
    preferences.choose(
        reader, topics=[], keyword_alerts=["Hydrogen"], language="en", format="html",
        time_zone="", name="", at=NOON,
    )  # fmt: skip
    published(topics, at=TUESDAY, number="No. 1")
    due = FRIDAY + timedelta(days=14)
    assert opened(due) == []
    named = a_draft(bulletin, {"Hydrogen": topics[0]})
    digest = publishing.publish(named, at=due + HOUR)
    assert audience.prepare(digest, at=due + HOUR)
    (later,) = opened(due + timedelta(days=31))
    assert titles(reader, later) == ["News of Hydrogen, No. 9"]
    assert sending.count_deliveries(later).excluded == 0


def test_no_mail_is_opened_for_what_is_withdrawn_or_followed_no_more(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    water = a_reader(bulletin, "w@reader.example", topics=topics[:1], cadence="weekly")
    each = a_reader(bulletin, "e@reader.example", topics=topics[:1], paused_until=FRIDAY)
    published(topics, at=TUESDAY, number="No. 1")
    article = Article.objects.get(title="News of Water")
    withdrawal.withdraw_article(article, because="", at=TUESDAY + HOUR)
    assert opened(FRIDAY) == []
    withdrawal.restore_article(article)
    assert [titles(water, digest) for digest in opened(FRIDAY + HOUR)] == [["News of Water, No. 1"]]
    (later,) = [published(topics, at=FRIDAY + 2 * HOUR, number="No. 2")]
    assert titles(each, later) == ["News of Water, No. 2", "News of Water, No. 1"]


def test_a_new_topic_is_announced_to_who_asks_for_each_issue_since(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics[:1], cadence="weekly")
    a_reader(bulletin, "e@reader.example", topics=topics[1:], cadence="weekly")
    published(topics, at=TUESDAY, number="No. 0")
    opened(FRIDAY)
    Topic.objects.create(bulletin=bulletin, name_en="Air", offered_at=FRIDAY + HOUR)
    published(topics[1:], at=FRIDAY + 2 * HOUR, number="No. 1")  # announces it
    (weekly,) = opened(FRIDAY + timedelta(days=7))
    assert reason(reader, weekly) == SkipReason.NOTHING
    preferences.change_cadence(reader.pk, "issue", at=FRIDAY + timedelta(days=8))
    assert opened(FRIDAY + timedelta(days=8)) == []
    digest = published(topics[:1], at=FRIDAY + timedelta(days=9), number="No. 2")
    assert "Air" in mail_to(reader, digest)


def test_a_monthly_mail_comes_on_its_day_and_holds_what_its_reader_follows_then(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "m@reader.example", topics=topics, cadence="monthly")
    published(topics, at=TUESDAY)
    preferences.change_topics(reader.pk, begin=[], end=topics[:1], at=TUESDAY + HOUR)
    (digest,) = opened(datetime(2026, 10, 1, 7, tzinfo=UTC))
    assert titles(reader, digest) == ["News of Energy, No. 9"]


def test_what_appeared_after_the_weekly_mail_was_due_waits_for_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics, at=FRIDAY)
    assert opened(FRIDAY + HOUR) == []  # the sweep was late
    (digest,) = opened(FRIDAY + timedelta(days=7))
    assert len(titles(reader, digest)) == 2


def test_the_weekly_mail_waits_until_it_is_written_down_who_gets_an_issue_before_it(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics[:1], at=TUESDAY)
    draft = a_draft(bulletin, {"Energy": topics[1]})
    digest = publishing.publish(draft, at=FRIDAY - 2 * HOUR)
    assert opened(FRIDAY) == []
    assert audience.prepare(digest, at=FRIDAY)
    (weekly,) = opened(FRIDAY)
    assert len(titles(reader, weekly)) == 2


def test_a_clock_that_ran_ahead_and_is_put_back_mails_nothing_twice_and_keeps_nothing_for_weeks(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics, at=TUESDAY, number="No. 1")
    assert len(opened(FRIDAY + timedelta(days=70))) == 1  # it ran ahead
    assert opened(FRIDAY) == []
    published(topics, at=FRIDAY + HOUR, number="No. 2")
    (digest,) = opened(FRIDAY + timedelta(days=8))
    assert titles(reader, digest) == ["News of Water, No. 2", "News of Energy, No. 2"]
    assert opened(FRIDAY) == []
    assert opened(FRIDAY + timedelta(days=8)) == []
    assert opened(FRIDAY + timedelta(days=77)) == []


def test_what_a_clock_opened_that_ran_ahead_is_mailed_when_it_is_set_right(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    each = a_reader(bulletin, "e@reader.example", topics=topics)
    issue = published(topics, at=TUESDAY)
    (weekly,) = opened(FRIDAY + timedelta(days=70))
    now = FRIDAY + HOUR
    assert not Batch.objects.free(at=now).filter(digest=weekly).exists()
    sending.hasten(at=now)
    assert Batch.objects.free(at=now).filter(digest=weekly).exists()
    assert Delivery.objects.due(at=now).filter(digest=weekly).count() == 1
    withdrawal.withdraw_article(Article.objects.all()[0], because="", at=now + HOUR)
    weekly.refresh_from_db()
    assert len(weekly.withdrawn_articles()) == 1
    assert Delivery.objects.get(digest=issue, subscriber=each).due_at == TUESDAY


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Asia/Shanghai", datetime(2026, 9, 18, 0, tzinfo=UTC), datetime(2026, 9, 18, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 9, 17, 23, tzinfo=UTC), datetime(2026, 9, 11, tzinfo=UTC)),
        (
            "America/New_York",
            datetime(2026, 9, 18, 12, tzinfo=UTC),
            datetime(2026, 9, 18, 12, tzinfo=UTC),
        ),
    ],
)
def test_the_hour_is_that_of_the_clocks_where_the_bulletin_is(
    zone: str, at: datetime, due: datetime
) -> None:
    bulletin = a_bulletin(time_zone=zone)
    assert cadence.last_due(bulletin, Occasion.WEEKLY, at=at) == due


@pytest.mark.parametrize(
    ("zone", "hour", "day", "due"),
    [
        ("Europe/Berlin", 2, date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Antarctica/Troll", 1, date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Australia/Lord_Howe", 2, date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Africa/Cairo", 0, date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Europe/Berlin", 2, date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_the_clocks_leave_out_or_show_twice_comes_once(
    zone: str, hour: int, day: date, due: datetime
) -> None:
    bulletin = a_bulletin(time_zone=zone)
    bulletin.weekly_day, bulletin.digest_hour = day.isoweekday(), hour
    assert cadence.last_due(bulletin, Occasion.WEEKLY, at=due) == due
    before = due - timedelta(seconds=1)
    assert cadence.next_due(bulletin, Occasion.WEEKLY, at=before) == due
    assert cadence.last_due(bulletin, Occasion.WEEKLY, at=before) < before - timedelta(days=6)


def test_what_appeared_during_a_pause_comes_once_and_short_when_it_is_over(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "p@reader.example", topics=topics)
    preferences.pause(reader.pk, at=TUESDAY)
    digest = published(topics, at=TUESDAY + HOUR, number="No. 1")
    published(topics[:1], at=TUESDAY + 2 * HOUR, number="No. 2")
    assert reason(reader, digest) == SkipReason.PAUSED
    assert opened(TUESDAY + timedelta(days=29)) == []
    (catching_up,) = opened(TUESDAY + timedelta(days=31))
    assert catching_up.occasion == Occasion.CATCH_UP
    assert len(titles(reader, catching_up)) == 3
    assert "What is new about" not in mail_to(reader, catching_up)  # headlines alone
    assert opened(TUESDAY + timedelta(days=32)) == []
    assert not PendingIssue.objects.exists()


def test_who_asks_for_each_issue_gets_what_was_gathered_for_the_week_at_once(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics, at=TUESDAY)
    preferences.change_cadence(reader.pk, "issue", at=TUESDAY + HOUR)
    (digest,) = opened(TUESDAY + 2 * HOUR)
    assert (digest.occasion, len(titles(reader, digest))) == (Occasion.CATCH_UP, 2)
    assert opened(FRIDAY) == []


def test_the_articles_of_a_mail_that_failed_come_with_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "f@reader.example", topics=topics)
    other = a_reader(bulletin, "o@reader.example", topics=topics)
    first = published(topics, at=TUESDAY, number="No. 1")
    delivery = Delivery.objects.get(subscriber=reader, digest=first)
    ledger.settle([(delivery.pk, Rejected("Mailbox full", 552))], at=TUESDAY)
    second = published(topics[1:], at=TUESDAY + HOUR, number="No. 2")
    assert titles(other, second) == ["News of Energy, No. 2"]
    assert titles(reader, second) == [
        "News of Energy, No. 2",
        "News of Energy, No. 1",
        "News of Water, No. 1",
    ]


def test_a_resend_of_a_failed_mail_leaves_nothing_for_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "f@reader.example", topics=topics)
    first = published(topics, at=TUESDAY)
    delivery = Delivery.objects.get(subscriber=reader, digest=first)
    ledger.settle([(delivery.pk, Rejected("Mailbox full", 552))], at=TUESDAY)
    assert PendingIssue.objects.count() == 1
    sending.resend(delivery.pk, at=TUESDAY)
    assert not PendingIssue.objects.exists()


def new_reader(bulletin: Bulletin, topics: list[Topic], *, at: datetime) -> Subscriber:
    reader = signing_up.sign_up(
        bulletin, address=parse("n@reader.example"), topics=topics, language="en", at=at
    )
    assert signing_up.confirm(reader.pk, at=at)
    reader.refresh_from_db()
    return reader


def test_what_failed_is_not_sent_again_to_who_got_it_with_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    a_reader(bulletin, "f@reader.example", topics=topics)
    first = published(topics, at=TUESDAY, number="No. 1")
    fail(first, at=TUESDAY)
    assert resending.failed(first, at=TUESDAY).again == 1
    second = published(topics, at=TUESDAY + HOUR, number="No. 2")  # carries No. 1
    found = resending.failed(first, at=FRIDAY)
    assert (found.count, found.again, found.informed) == (1, 0, 1)
    assert sending.resend_failed(first, Scope.ALL, at=FRIDAY) == 0
    fail(second, at=FRIDAY)
    assert sending.resend_failed(second, Scope.ALL, at=FRIDAY) == 1
    assert sending.resend_failed(first, Scope.ALL, at=FRIDAY) == 0
    assert not PendingIssue.objects.exists()


def test_an_article_put_back_that_failed_is_not_sent_again_to_who_got_it_with_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics, at=TUESDAY, number="No. 1")
    article = Article.objects.get(title="News of Water")
    withdrawal.withdraw_article(article, because="", at=TUESDAY + HOUR)
    (weekly,) = opened(FRIDAY)
    sent(weekly, at=FRIDAY)
    withdrawal.restore_article(article)
    (alone,) = opened(FRIDAY + timedelta(days=7))
    assert titles(reader, alone) == ["News of Water, No. 1"]
    fail(alone, at=FRIDAY + timedelta(days=7))
    (again,) = opened(FRIDAY + timedelta(days=14))
    assert titles(reader, again) == ["News of Water, No. 1"]
    assert sending.resend_failed(alone, Scope.ALL, at=FRIDAY + timedelta(days=14)) == 0


def fail(digest: Digest, *, at: datetime) -> None:
    """Have none of its mails be taken by the server."""
    rows = Delivery.objects.filter(digest=digest, status=DeliveryStatus.QUEUED)
    full = Rejected("4.2.2 Mailbox full", 552)
    ledger.settle([(pk, full) for pk in rows.values_list("pk", flat=True)], at=at)
    sending.recount(digest)
    assert sending.finish(digest, at=at)


def test_a_new_reader_gets_the_latest_issue_at_once_and_once(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    published(topics, at=TUESDAY, number="No. 1")
    published(topics, at=TUESDAY + HOUR, number="No. 2")
    reader = new_reader(bulletin, topics[:1], at=TUESDAY + 2 * HOUR)
    (digest,) = opened(TUESDAY + 2 * HOUR)
    assert titles(reader, digest) == ["News of Water, No. 2"]
    assert "Welcome" in mail_to(reader, digest)
    assert opened(TUESDAY + 3 * HOUR) == []


def test_a_new_reader_for_whom_there_is_no_issue_is_greeted(
    topics: list[Topic], bulletin: Bulletin, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    reader = new_reader(bulletin, topics, at=TUESDAY)
    assert opened(TUESDAY) == []
    greeting_mail.send_due(reader.pk, at=TUESDAY)
    greeting_mail.send_due(reader.pk, at=TUESDAY + HOUR)
    assert len(mail.outbox) == 1
    assert "Your subscription" in mail.outbox[0].subject


def test_who_gets_the_first_issue_right_after_confirming_is_not_greeted_too(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = new_reader(bulletin, topics, at=TUESDAY)
    published(topics, at=TUESDAY + HOUR)
    opened(TUESDAY + 2 * HOUR)
    reader.refresh_from_db()
    assert (reader.welcome_due_at, reader.greeting_due_at) == (None, None)


def test_an_issue_withdrawn_before_friday_is_not_in_the_weekly_mail_and_comes_when_put_back(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    issue = published(topics, at=TUESDAY).own_issue
    withdrawal.withdraw_issue(issue, because="", at=TUESDAY + HOUR)
    assert opened(FRIDAY) == []
    withdrawal.restore_issue(issue)
    (digest,) = opened(FRIDAY + HOUR)
    assert len(titles(reader, digest)) == 2


def test_a_correction_reaches_who_got_the_article_with_the_weekly_mail_and_nobody_twice(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    weekly = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    each = a_reader(bulletin, "e@reader.example", topics=topics)
    first = published(topics, at=TUESDAY)
    opened(FRIDAY)
    Delivery.objects.exclude(status=DeliveryStatus.EXCLUDED).update(status=DeliveryStatus.SENT)
    Digest.objects.update(finished_at=FRIDAY)
    article = Article.objects.get(title="News of Energy")
    draft = audience.drafted(first, articles=[article.pk], remark="Wrong", at=FRIDAY + HOUR)
    correction, _new = audience.open_correction(draft)
    assert audience.prepare(correction, at=FRIDAY + HOUR)
    for reader in (weekly, each):
        assert titles(reader, correction) == ["News of Energy, No. 9"]
    assert Delivery.objects.filter(digest=correction).count() == 2


def test_who_gets_the_weekly_mail_is_no_reader_of_a_mailing_before(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    digest = published(topics, at=TUESDAY)
    counts = sending.count_deliveries(digest)
    assert (counts.excluded, counts.waiting, counts.balanced) == (1, 0, True)


def test_what_was_due_before_a_backup_was_restored_waits_for_a_decision(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics, at=TUESDAY)
    Origin.objects.update_or_create(pk=1, defaults={"service": "s", "restored_at": FRIDAY})
    (digest,) = opened(FRIDAY + HOUR)
    digest.refresh_from_db()
    assert (digest.paused_at, digest.restored_at) == (FRIDAY + HOUR, FRIDAY + HOUR)


def test_a_cancelled_weekly_mail_is_made_up_for_by_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "w@reader.example", topics=topics, cadence="weekly")
    published(topics, at=TUESDAY)
    (digest,) = opened(FRIDAY)
    sending.cancel(digest, at=FRIDAY)
    assert reason(reader, digest) == SkipReason.CANCELLED
    (following,) = opened(FRIDAY + timedelta(days=7))
    assert len(titles(reader, following)) == 2


def test_the_number_of_queries_of_a_weekly_mail_does_not_grow_with_its_readers(
    topics: list[Topic], bulletin: Bulletin, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(40):
        a_reader(bulletin, f"{n}@reader.example", topics=topics[n % 2 :], cadence="weekly")
    for n in range(3):
        published(topics, at=TUESDAY + n * HOUR)
    with django_assert_max_num_queries(65):
        (digest,) = opened(FRIDAY)
    assert sending.count_deliveries(digest).waiting == 40


def test_what_a_digest_carried_that_is_taken_back_comes_with_the_next(
    topics: list[Topic], bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, "f@reader.example", topics=topics)
    first = published(topics, at=TUESDAY, number="No. 1")
    delivery = Delivery.objects.get(subscriber=reader, digest=first)
    ledger.settle([(delivery.pk, Rejected("Mailbox full", 552))], at=TUESDAY)
    second = published(topics, at=TUESDAY + HOUR, number="No. 2")
    taking_back.take_back(second.own_issue, at=TUESDAY + HOUR)
    third = published(topics[1:], at=TUESDAY + 2 * HOUR, number="No. 3")
    assert titles(reader, third) == [
        "News of Energy, No. 3",
        "News of Energy, No. 1",
        "News of Water, No. 1",
    ]


def test_two_bulletins_stay_two_mails(topics: list[Topic], bulletin: Bulletin) -> None:
    other = topics_of(a_bulletin("other", time_zone="Europe/London"), ["Water"])
    for some in (topics, other):
        a_reader(some[0].bulletin, "w@reader.example", topics=some, cadence="weekly")
        published(some, at=TUESDAY)
    assert {one.bulletin_id for one in opened(FRIDAY)} == {bulletin.pk, other[0].bulletin_id}


def test_long_ago_is_not_mailed_any_more(
    topics: list[Topic], bulletin: Bulletin, settings: Settings
) -> None:
    settings.CATCH_UP_DAYS = 32
    reader = a_reader(bulletin, "p@reader.example", topics=topics)
    Subscriber.objects.update(paused_until=NOON + timedelta(days=60))
    published(topics, at=TUESDAY)
    assert opened(NOON + timedelta(days=61)) == []
    reader.refresh_from_db()
    assert reader.paused_until is None
