"""The preferences show what phrases would have found, before anything is saved."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digests.keyword_forecast import forecast
from issues.models import Article, Issue
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin, Topic
from subscribers import look_limit
from subscribers.links import Purpose
from subscribers.models import Subscriber
from tests.support.factories import NOON, a_draft, a_reader, topics_of
from tests.support.readers import address_of

pytestmark = pytest.mark.django_db

STONES = Paragraph("It rained. A bridge of stones, the oldest heat pump of all, stands.", 1)


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy"])


@pytest.fixture
def issues(bulletin: Bulletin, topics: list[Topic]) -> list[Issue]:
    """Five issues, a week apart, the newest first; the heat pump stands in one article of each."""
    found = []
    for n in range(5):
        issue = a_draft(bulletin, {topic.name_en: topic for topic in topics})
        energy = Article.objects.filter(section__issue=issue, section__title="Energy")
        energy.update(passages=(STONES,))
        issue.status = Issue.Status.PUBLISHED
        issue.published_at = NOON - timedelta(weeks=n)
        issue.save()
        found.append(issue)
    return found


@pytest.fixture
def link(bulletin: Bulletin, topics: list[Topic]) -> str:
    reader = a_reader(bulletin, "ann@reader.example", topics=topics)
    return address_of(reader, Purpose.PREFERENCES)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def look(browser: Client, link: str, keywords: str, **more: str) -> str:
    page = browser.post(link, {"do": "look", "keyword_alerts": keywords, **more})
    assert page.status_code == 200
    return " ".join(unescape(page.content.decode()).split())


def test_each_phrase_with_how_often_and_where(
    browser: Client, link: str, issues: list[Issue]
) -> None:
    page = look(browser, link, "heat pumps, water, submarines")
    assert "3 articles in the last 3 issues, about 4 a month" in page
    assert "the oldest <mark>heat pump</mark> of all" in page
    assert "News of <mark>Water</mark>" in page
    article = Article.objects.get(section__issue=issues[0], section__title="Water")
    assert f"/b/letters/issues/{issues[0].pk}/articles/{article.pk}/" in page
    assert "Nothing in the last 3 issues" in page
    assert "Is it spelled as the bulletin spells it?" in page


def test_nothing_is_saved_and_what_was_typed_stays(
    browser: Client, link: str, issues: list[Issue]
) -> None:
    page = look(browser, link, "heat pumps", name="Ann of the Stones")
    reader = Subscriber.objects.get()
    assert (reader.name, reader.keyword_alerts.count()) == ("", 0)
    assert 'value="Ann of the Stones"' in page
    assert "heat pumps</textarea>" in page
    assert "Choose a topic" not in page


def test_a_phrase_that_is_none_is_said_so(browser: Client, link: str, issues: list[Issue]) -> None:
    page = look(browser, link, "x" * 300)
    assert "a phrase has at most 60 characters" in page
    page = look(browser, link, "，".join(f"phrase {n}" for n in range(10_000)))
    assert "more than 10 phrases" in page
    assert "Write a word or a phrase" in look(browser, link, "")


def test_a_phrase_that_stands_everywhere_is_warned_of(
    browser: Client, link: str, issues: list[Issue]
) -> None:
    assert "more than half of all articles" in look(browser, link, "news")
    assert "more than half of all articles" not in look(browser, link, "water")


def test_where_nothing_was_published_nobody_can_say(browser: Client, link: str) -> None:
    assert "No issue has appeared yet" in look(browser, link, "water")


def test_only_what_may_be_mailed_and_was_not_withdrawn_is_looked_at(
    bulletin: Bulletin, issues: list[Issue]
) -> None:
    water = Article.objects.filter(section__title="Water")
    water.filter(section__issue=issues[0]).update(withdrawn_at=NOON)
    water.filter(section__issue=issues[1]).update(not_for_mailing=True)
    Issue.objects.filter(pk=issues[4].pk).update(status=Issue.Status.WITHDRAWN)
    assert forecast(bulletin, ["water"]).keywords[0].count == 1


def test_one_issue_says_nothing_of_a_month(bulletin: Bulletin, issues: list[Issue]) -> None:
    Issue.objects.exclude(pk=issues[0].pk).update(status=Issue.Status.DRAFT)
    found = forecast(bulletin, ["water"]).keywords[0]
    assert (found.count, found.issues, found.monthly) == (1, 1, None)


def test_issues_that_were_published_together_say_nothing_of_a_month(
    bulletin: Bulletin, issues: list[Issue]
) -> None:
    Issue.objects.update(published_at=NOON)
    assert forecast(bulletin, ["water"]).keywords[0].monthly is None


def test_it_costs_the_same_however_many_keywords(
    bulletin: Bulletin, issues: list[Issue], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    keywords = [f"phrase {n}" for n in range(40)]
    with django_assert_num_queries(4):
        assert len(forecast(bulletin, keywords).keywords) == 20


def test_whoever_looks_too_often_waits(
    browser: Client, link: str, issues: list[Issue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_limit, "A_READER", 1)
    look(browser, link, "water")
    page = browser.post(link, {"do": "look", "keyword_alerts": "water"})
    assert page.status_code == 429
    assert "You have looked very often" in page.content.decode()


def test_who_has_no_link_sees_nothing(client: Client, link: str, issues: list[Issue]) -> None:
    page = client.post(f"{link[:-3]}x/", {"do": "look", "keyword_alerts": "water"})
    assert page.status_code == 403
    assert "<mark>" not in page.content.decode()
