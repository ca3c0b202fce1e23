"""A bulletin's feed has its published issues, with their headlines, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from lxml import etree, html
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from digests.models import Digest
from issues.models import Issue
from tests.support.factories import NOON, a_digest, an_issue, weather

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(client: Client, slug: str = "weather") -> list[etree._Element]:
    answer = client.get(f"/b/{slug}/feed/")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    found = etree.fromstring(answer.content).xpath("a:entry", namespaces=ATOM)
    assert isinstance(found, list)
    return [entry for entry in found if isinstance(entry, etree._Element)]


def test_published_issues_stand_in_it_and_drafts_do_not(client: Client) -> None:
    issue = an_issue(weather())
    an_issue(issue.bulletin, status=Issue.Status.DRAFT, title="Not yet")
    an_issue(weather("science"))
    (entry,) = entries(client)
    assert entry.findtext("a:title", namespaces=ATOM) == str(issue)
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-09-15T08:00:00+00:00"


def test_an_entry_links_the_headlines_by_section_to_their_articles(
    client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://weather.example.org"
    issue = an_issue(weather())
    (entry,) = entries(client)
    contents = html.fromstring(entry.findtext("a:summary", namespaces=ATOM) or "")
    assert [b.text for b in contents.iter("b")] == ["Rain", "Wind"]
    links = {a.text: a.get("href") for a in contents.iter("a")}
    assert list(links) == ["Much rain", "Little rain", "No wind"]
    place = f"https://weather.example.org/b/weather/issues/{issue.pk}/articles/"
    assert all((link or "").startswith(place) for link in links.values())


def test_what_was_read_is_never_markup_in_it(client: Client) -> None:
    issue = an_issue(weather())
    issue.sections.update(title="<script>alert(1)</script>")
    (entry,) = entries(client)
    assert "<script" not in (entry.findtext("a:summary", namespaces=ATOM) or "")


def test_it_asks_the_same_number_of_questions_however_many_issues_there_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bulletin = weather()
    for _ in range(4):
        an_issue(bulletin)
    with django_assert_num_queries(4):
        assert len(entries(client)) == 4


def test_there_is_no_feed_of_a_bulletin_that_does_not_exist(client: Client) -> None:
    assert client.get("/b/none/feed/").status_code == 404


def test_an_entry_says_when_it_was_published_and_when_it_was_corrected(client: Client) -> None:
    issue = an_issue(weather(), status=Issue.Status.DRAFT)
    digest = a_digest(issue, at=NOON)
    (entry,) = entries(client)
    for name in ("published", "updated"):
        assert entry.findtext(f"a:{name}", namespaces=ATOM) == "2026-09-15T12:00:00+00:00"
    correction = Digest.draft(issue, at=NOON + timedelta(days=1))
    correction.corrects = digest
    correction.save()
    (entry,) = entries(client)
    assert entry.findtext("a:published", namespaces=ATOM) == "2026-09-15T12:00:00+00:00"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-09-16T12:00:00+00:00"
