"""The editor's first page leads to what is to be done."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from digests import audience, publishing, sending
from digests.models import Delivery
from digests.models.delivery import DeliveryStatus
from issues.models import Issue
from tests.support.browsing import Page
from tests.support.factories import NOON, a_draft, a_reader, an_issue, topics_of, weather

pytestmark = pytest.mark.django_db


def dashboard(client: Client) -> str:
    return client.get("/admin/").content.decode()


def test_where_there_is_nothing_yet_it_begins_with_a_bulletin(editor: Client) -> None:
    page = dashboard(editor)
    assert "Make a bulletin" in page
    assert "A new issue" not in page


def test_no_rule_of_ours_is_one_for_djangos_whole_page(editor: Client) -> None:
    """Django calls the body of its first page `dashboard`: what has that class is the page."""
    body = re.search(r'<body class="([^"]+)"', dashboard(editor))
    rules = (Path(settings.BASE_DIR) / "bulletin_site/static/bulletin/admin.css").read_text()
    assert body
    assert [name for name in body[1].split() if re.search(rf"(?m)^\.{name}\b", rules)] == []


def test_it_leads_to_the_draft_and_says_what_it_wants(editor: Client) -> None:
    bulletin = weather()
    draft = a_draft(bulletin, {"Hail": None, "Fog": None, "Rain": bulletin.topics.first()})
    page = dashboard(editor)
    assert f"/admin/issues/issue/{draft.pk}/change/" in page
    assert "2 sections want a topic" in page
    assert "A new issue" in page


def test_it_says_why_a_file_could_not_be_read(editor: Client) -> None:
    an_issue(weather(), status=Issue.Status.UNREADABLE, unreadable_reason="encrypted")
    page = dashboard(editor)
    assert "The file is protected by a password." in page
    assert "Nothing waits" not in page


def test_it_shows_how_far_a_digest_is_and_then_that_nothing_waits(editor: Client) -> None:
    bulletin = weather()
    a_reader(bulletin, "r@example.org", topics=list(bulletin.topics.all()))
    issue = an_issue(bulletin, status=Issue.Status.DRAFT)
    digest = publishing.publish(issue, at=NOON)
    assert "Working out who gets what." in dashboard(editor)
    type(digest).objects.update(finished_at=NOON)
    page = dashboard(editor)
    assert "Nothing waits: no draft, and no mail on its way." in page
    assert "Published last" in page


def test_it_leads_to_uncertain_deliveries(editor: Client) -> None:
    bulletin = weather()
    a_reader(bulletin, "r@example.org", topics=list(bulletin.topics.all()))
    digest = publishing.publish(an_issue(bulletin, status=Issue.Status.DRAFT), at=NOON)
    audience.prepare(digest, at=NOON)
    Delivery.objects.update(status=DeliveryStatus.UNCERTAIN)
    sending.recount(digest)
    assert sending.finish(digest, at=NOON)
    page = dashboard(editor)
    assert "it is uncertain whether their mail arrived" in page
    assert f"/admin/digests/digest/{digest.pk}/change/" in page
    assert "Nothing waits" not in page


def test_it_asks_the_same_number_of_questions_however_many_drafts_wait(
    editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulletin = weather()
    for n in range(8):
        an_issue(bulletin, status=Issue.Status.DRAFT, title=f"Weather {n}")
    with django_assert_max_num_queries(25):
        dashboard(editor)


def test_it_says_how_many_drafts_it_does_not_list(editor: Client) -> None:
    bulletin = weather()
    for _ in range(7):
        an_issue(bulletin, status=Issue.Status.DRAFT)
    page = Page.at(editor, "/admin/")
    assert len(re.findall(r"/admin/issues/issue/\d+/change/", page.text)) == 5
    rest = page.follow("and 2 more")
    assert rest.path == "/admin/issues/issue/?status__exact=draft"


def test_it_says_how_many_readers_there_are_and_how_many_came_and_left(editor: Client) -> None:
    bulletin, now = weather(), timezone.now()
    long_ago = now - timedelta(days=8)
    for n, confirmed in enumerate([now, now, long_ago]):
        a_reader(bulletin, f"r{n}@example.org", confirmed_at=confirmed)
    for n, left in enumerate([now, long_ago]):
        a_reader(bulletin, f"l{n}@example.org", confirmed_at=long_ago, unsubscribed_at=left)
    a_reader(bulletin, "never@example.org", confirmed_at=None, unsubscribed_at=now)
    page = " ".join(dashboard(editor).split())
    assert ">3 readers</a>" in page
    assert "2 new and 1 left in the last 7 days" in page


def test_who_may_not_see_readers_does_not_learn_how_many(client: Client) -> None:
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_issue"))
    client.force_login(user)
    page = client.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "What is to be done" in page
    assert "in the last 7 days" not in page


def test_who_may_not_see_issues_sees_no_dashboard(client: Client) -> None:
    topics_of(weather("science"), ["Light"])
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    page = client.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "What is to be done" not in page
    assert "A new issue" not in page
