"""The audience of a digest is frozen once, completely, and by few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from digests import audience, publishing, sending
from digests.audience import preparation
from digests.audience.keyword_matches import Matcher
from digests.models import Batch, Delivery, Digest, Edition
from digests.models.delivery import DeliveryStatus, SkipReason
from issues.models import Issue
from publications.models import Bulletin, Topic
from subscribers import suppressions
from subscribers.models.suppression import SuppressionReason as Why
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy", "Standards"])


@pytest.fixture
def draft(bulletin: Bulletin, topics: list[Topic]) -> Issue:
    return a_draft(bulletin, {topic.name_en: topic for topic in topics})


def prepared(issue: Issue) -> Digest:
    return a_digest(issue, at=LATER)


def test_readers_of_the_same_topics_share_an_edition(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    for name in "abc":
        a_reader(bulletin, f"{name}@example.org", topics=topics[:2])
    a_reader(bulletin, "d@example.org", topics=topics[2:])
    digest = prepared(draft)
    assert sorted(edition.deliveries.count() for edition in digest.editions.all()) == [1, 3]


def test_readers_of_two_languages_do_not_share_an_edition(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    a_reader(bulletin, "a@example.org", topics=topics[:1], language="en")
    a_reader(bulletin, "b@example.org", topics=topics[:1], language="zh-hans")
    assert prepared(draft).editions.count() == 2


def test_a_reader_without_a_matching_section_gets_nothing_and_is_counted(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    a_reader(bulletin, "a@example.org", topics=topics[2:])
    a_reader(bulletin, "b@example.org")
    digest = prepared(a_draft(bulletin, {"Water": topics[0]}))
    reasons = Delivery.objects.values_list("status", "reason")
    assert list(reasons) == [(DeliveryStatus.EXCLUDED, SkipReason.NOTHING)] * 2
    assert sending.count(digest).excluded == digest.candidates == 2


def test_a_paused_reader_is_excluded_as_paused_until_the_pause_is_over(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    paused, over = LATER + timedelta(days=1), LATER - timedelta(minutes=1)
    a_reader(bulletin, "a@example.org", topics=topics, paused_until=paused)
    a_reader(bulletin, "b@example.org", topics=topics, paused_until=over)
    prepared(draft)
    found = dict(Delivery.objects.values_list("subscriber__address", "status"))
    assert found == {
        "a@example.org": DeliveryStatus.EXCLUDED,
        "b@example.org": DeliveryStatus.QUEUED,
    }


def test_a_suppressed_reader_is_excluded_as_suppressed_even_while_paused(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    a_reader(bulletin, "a@example.org", topics=topics, paused_until=LATER + timedelta(days=1))
    suppressions.suppress("a@example.org", reason=Why.HARD_BOUNCE, evidence="", at=NOON)
    prepared(draft)
    reasons = Delivery.objects.values_list("status", "reason")
    assert list(reasons) == [(DeliveryStatus.EXCLUDED, SkipReason.SUPPRESSED)]
    assert not Edition.objects.exists()


def test_who_did_not_confirm_or_left_or_reads_another_bulletin_is_no_candidate(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    a_reader(bulletin, "a@example.org", topics=topics, confirmed_at=None)
    a_reader(bulletin, "b@example.org", topics=topics, unsubscribed_at=NOON)
    a_reader(bulletin, "c@example.org", topics=topics, confirmed_at=LATER + timedelta(seconds=1))
    a_reader(a_bulletin("others"), "d@example.org")
    assert prepared(draft).candidates == 0


def test_a_topic_that_was_deselected_does_not_count(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    reader = a_reader(bulletin, "a@example.org", topics=topics[:2])
    reader.subscriptions.filter(topic=topics[0]).update(ended_at=NOON, ended_reason="preferences")
    prepared(draft)
    assert Edition.objects.get().topic_mask == 0b010


def test_publishing_twice_gives_one_digest_and_preparing_twice_one_delivery(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    a_reader(bulletin, "a@example.org", topics=topics)
    first = prepared(draft)
    second = prepared(draft)
    assert first == second
    assert Delivery.objects.count() == second.candidates == 1


def test_who_signs_up_after_the_opening_waits_for_the_next_issue(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    a_reader(bulletin, "a@example.org", topics=topics)
    digest = prepared(draft)
    a_reader(bulletin, "b@example.org", topics=topics, confirmed_at=LATER + timedelta(minutes=1))
    assert audience.prepare(digest, at=LATER)
    assert Delivery.objects.count() == 1


def test_preparing_goes_on_where_it_was_cut_short(
    bulletin: Bulletin, topics: list[Topic], draft: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "STEP", 3)
    for n in range(10):
        a_reader(bulletin, f"{n}@example.org", topics=topics[: n % 4])
    digest = publishing.publish(draft, at=LATER)
    preparation._render(digest)
    assert preparation._step(digest, Matcher(digest))
    assert Delivery.objects.count() == 3
    assert audience.prepare(digest, at=LATER)
    digest.refresh_from_db()
    assert Delivery.objects.count() == digest.candidates == 10


def test_a_digest_of_which_deliveries_are_missing_is_not_sent(
    bulletin: Bulletin, topics: list[Topic], draft: Issue, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(4):
        a_reader(bulletin, f"{n}@example.org", topics=topics)
    digest = publishing.publish(draft, at=LATER)
    preparation._render(digest)
    preparation._step(digest, Matcher(digest))
    Delivery.objects.latest("pk").delete()
    assert not audience.prepare(digest, at=LATER)
    assert "the ledger does not hold" in caplog.text
    assert Digest.objects.get().prepared_at is None
    assert not Batch.objects.exists()


def test_a_worker_that_should_stop_prepares_no_further_and_the_next_goes_on(
    bulletin: Bulletin, topics: list[Topic], draft: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "STEP", 3)
    for n in range(10):
        a_reader(bulletin, f"{n}@example.org", topics=topics)
    digest = publishing.publish(draft, at=LATER)
    assert not audience.prepare(digest, at=LATER, stop=Delivery.objects.exists)
    assert Delivery.objects.count() == 3
    assert Digest.objects.get().prepared_at is None
    assert audience.prepare(digest, at=LATER)
    assert Delivery.objects.count() == 10


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_reader_gets_exactly_the_sections_they_follow(data: st.DataObject) -> None:
    Digest.objects.all().delete()
    Issue.objects.all().delete()
    bulletin = a_bulletin(f"b{Bulletin.objects.count()}")
    topics = topics_of(bulletin, "ABCDE")
    mailed = data.draw(st.lists(st.sampled_from(topics), min_size=1, unique=True))
    follows = data.draw(st.lists(st.sets(st.sampled_from(topics)), max_size=12))
    readers = [
        a_reader(bulletin, f"{n}@{bulletin.slug}.example.org", topics=sorted(chosen, key=str))
        for n, chosen in enumerate(follows)
    ]
    digest = prepared(a_draft(bulletin, {topic.name_en: topic for topic in mailed}))
    for reader, chosen in zip(readers, follows, strict=True):
        delivery = Delivery.objects.get(digest=digest, subscriber=reader)
        topic_mask = delivery.edition.topic_mask if delivery.edition else 0
        got = {topic for n, topic in enumerate(digest.topics) if topic_mask >> n & 1}
        assert got == {topic.pk for topic in chosen & set(mailed)}


def test_the_number_of_queries_does_not_grow_with_the_readers(
    bulletin: Bulletin,
    topics: list[Topic],
    draft: Issue,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(60):
        a_reader(bulletin, f"{n}@example.org", topics=topics[: n % 4])
    digest = publishing.publish(draft, at=LATER)
    preparation._render(digest)
    with django_assert_max_num_queries(27):
        assert audience.prepare(digest, at=LATER)
