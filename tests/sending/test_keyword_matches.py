"""A reader gets the articles with the words that they watch for, from whichever section."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from digests import audience, publishing, sending
from digests.audience import editions, keyword_matches
from digests.audience.editions import Key
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from issues.models import Article, Issue
from pdf_reading.issue_text import Paragraph, Table
from publications.models import Bulletin, Topic
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert, Subscriber
from tests.support.factories import NOON, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
STONES = Paragraph("A bridge of stones, the oldest.", 1)


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy", "Standards"])


@pytest.fixture
def draft(bulletin: Bulletin, topics: list[Topic]) -> Issue:
    """Its article about energy speaks of heat pumps, at the end of a table."""
    issue = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    table = Table("", page=1, rows=(("a", "Heat\nPumps"),), header=False)
    Article.objects.filter(section__title="Energy").update(passages=(table,))
    return issue


def watch(reader: Subscriber, *keywords: str) -> Subscriber:
    for phrase in keywords:
        KeywordAlert.objects.create(subscriber=reader, phrase=phrase, key=phrase_of(phrase).key)
    return reader


def prepared(issue: Issue) -> Digest:
    return a_digest(issue, at=LATER)


def article_about(title: str) -> int:
    return Article.objects.get(section__title=title).pk


def test_who_follows_nothing_that_is_printed_gets_what_they_watch_for(
    bulletin: Bulletin, draft: Issue
) -> None:
    watch(a_reader(bulletin, "a@example.org"), "Ｈｅａｔ pump")
    prepared(draft)
    delivery = Delivery.objects.select_related("edition").get()
    assert delivery.status == DeliveryStatus.QUEUED
    assert delivery.edition is not None
    assert delivery.edition.topic_mask == 0
    assert delivery.edition.alert_article_ids == (article_about("Energy"),)


def test_readers_share_an_edition_if_the_same_keywords_met_the_same_articles(
    bulletin: Bulletin, topics: list[Topic], draft: Issue
) -> None:
    watch(a_reader(bulletin, "a@example.org", topics=topics[:1]), "heat")
    watch(a_reader(bulletin, "b@example.org", topics=topics[:1]), "heat", "nothing like it")
    watch(a_reader(bulletin, "c@example.org", topics=topics[:1]), "nothing like it")
    a_reader(bulletin, "d@example.org", topics=topics[:1])
    watch(a_reader(bulletin, "e@example.org", topics=topics[:1]), "heat pumps")
    digest = prepared(draft)
    assert sorted(edition.deliveries.count() for edition in digest.editions.all()) == [1, 2, 2]
    assert sending.count(digest).balanced


def test_articles_with_a_phrase_in_their_headline_stand_first_each_kind_in_the_order_of_the_issue(
    bulletin: Bulletin, draft: Issue
) -> None:
    draft.sections.get(title="Water").articles.update(title="Rain", passages=(STONES,))
    draft.sections.get(title="Energy").articles.update(title="Stones", passages=())
    draft.sections.get(title="Standards").articles.update(title="Old stone", passages=())
    watch(a_reader(bulletin, "a@example.org"), "stone", "stone bridge")
    prepared(draft)
    edition = Delivery.objects.get().edition
    assert edition is not None
    sections = ("Energy", "Standards", "Water")
    assert edition.alert_article_ids == tuple(map(article_about, sections))


def test_a_reader_of_simplified_characters_gets_what_is_printed_in_traditional_ones(
    bulletin: Bulletin, draft: Issue
) -> None:
    draft.sections.get(title="Water").articles.update(title="工業機器人")
    draft.sections.get(title="Energy").articles.update(title="无人机产业")
    watch(a_reader(bulletin, "a@example.org"), "机器人", "人机")
    prepared(draft)
    edition = Delivery.objects.get().edition
    assert edition is not None
    assert edition.alert_article_ids == (article_about("Water"),)


def test_a_paused_reader_gets_nothing_whatever_they_watch_for(
    bulletin: Bulletin, draft: Issue
) -> None:
    paused = LATER + timedelta(days=1)
    watch(a_reader(bulletin, "a@example.org", paused_until=paused), "heat")
    prepared(draft)
    assert Delivery.objects.get().reason == SkipReason.PAUSED


def test_a_section_that_is_not_for_mailing_is_not_searched(
    bulletin: Bulletin, draft: Issue
) -> None:
    draft.sections.filter(title="Energy").update(topic=None, not_for_mailing=True)
    watch(a_reader(bulletin, "a@example.org"), "heat")
    prepared(draft)
    assert Delivery.objects.get().reason == SkipReason.NOTHING


def test_a_phrase_that_stands_everywhere_brings_a_bounded_number_of_articles(
    bulletin: Bulletin, draft: Issue
) -> None:
    section = draft.sections.get(title="Water")
    Article.objects.bulk_create(
        Article(section=section, position=n, title=f"News {n}") for n in range(2, 40)
    )
    watch(a_reader(bulletin, "a@example.org"), "news")
    prepared(draft)
    edition = Delivery.objects.get().edition
    assert edition is not None
    assert len(edition.alert_article_ids) == keyword_matches.MAX_ALERT_ARTICLES


def test_the_number_of_queries_does_not_grow_with_the_watches(
    bulletin: Bulletin, draft: Issue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(30):
        watch(a_reader(bulletin, f"{n}@example.org"), "heat", f"word {n}")
    digest = publishing.publish(draft, at=LATER)
    with django_assert_max_num_queries(45):
        assert audience.prepare(digest, at=LATER)
    assert Delivery.objects.filter(status=DeliveryStatus.QUEUED).count() == 30


def test_a_step_reads_the_editions_of_its_own_readers_alone(
    bulletin: Bulletin, draft: Issue
) -> None:
    digest = prepared(draft)
    keys = [Key("en", n, 1, "1,2") for n in range(1, 4)]
    first = editions.made(digest, keys)
    assert sorted(first) == keys
    assert editions.made(digest, keys[1:]) == {key: first[key] for key in keys[1:]}
    assert digest.editions.count() == 3
