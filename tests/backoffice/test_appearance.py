"""An editor chooses when and where an issue appears, and takes that back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from digests import publishing, scheduling, tasks
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from issues.models import Article, Issue
from publications.models import Bulletin
from tests.support.browsing import Page
from tests.support.factories import NOW, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def page_of(issue: Issue, name: str = "change") -> str:
    return f"/admin/issues/issue/{issue.pk}/{name}/"


def stored(issue: Issue) -> Issue:
    return Issue.objects.get(pk=issue.pk)


def next_year(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time of a clock on a wall in the next year, or this one where that is within a year."""
    now = timezone.now().astimezone(BERLIN).replace(tzinfo=None)
    this = datetime(now.year, month, day, hour, minute)  # noqa: DTZ001
    return this if this > now else this.replace(year=now.year + 1)


def last_sunday(month: int) -> datetime:
    """Two o'clock and a half on the next last Sunday of a month, when clocks are changed."""
    for year in (0, 1):
        day = next_year(month, 31, 2, 30).replace(day=31)
        day = day.replace(year=day.year + year)
        day -= timedelta(days=(day.weekday() + 1) % 7)
        if day > timezone.now().astimezone(BERLIN).replace(tzinfo=None):
            return day
    raise AssertionError


@pytest.fixture
def in_berlin(draft: Issue) -> Issue:
    Bulletin.objects.update(time_zone="Europe/Berlin")
    return stored(draft)


def test_tomorrow_at_eight_is_one_press(editor: Client, in_berlin: Issue) -> None:
    page = Page.at(editor, page_of(in_berlin, "publish")).press("publish", "_tomorrow")
    assert page.path == page_of(in_berlin)
    at = stored(in_berlin).publish_at
    assert at
    wall, now = at.astimezone(BERLIN), timezone.now().astimezone(BERLIN)
    assert (wall.date(), wall.hour, wall.minute) == (now.date() + timedelta(1), 8, 0)
    assert "(Europe/Berlin)" in page.text
    assert "What is changed until then is published as it is then." in page.text
    assert stored(in_berlin).status == Issue.Status.DRAFT
    history = Page.at(editor, page_of(in_berlin, "history"))
    assert "Scheduled for" in history.text


def test_a_time_is_meant_in_the_zone_of_the_bulletin(editor: Client, in_berlin: Issue) -> None:
    wall = next_year(1, 15, 9, 30)
    asks = Page.at(editor, page_of(in_berlin, "publish"))
    asks.press("appearance", "_appear", publish_at=f"{wall:%Y-%m-%dT%H:%M}")
    assert stored(in_berlin).publish_at == wall.replace(tzinfo=BERLIN)
    assert not stored(in_berlin).web_only


def test_an_hour_that_never_comes_is_refused_and_one_that_comes_twice_is_the_first(
    editor: Client, in_berlin: Issue
) -> None:
    asks = Page.at(editor, page_of(in_berlin, "publish"))
    never, twice = last_sunday(3), last_sunday(10)
    page = asks.press("appearance", "_appear", publish_at=f"{never:%Y-%m-%dT%H:%M}")
    assert "it never comes" in page.text
    assert stored(in_berlin).publish_at is None
    page = asks.press("appearance", "_appear", publish_at=f"{twice:%Y-%m-%dT%H:%M}")
    assert "the first counts" in page.text
    assert stored(in_berlin).publish_at == twice.replace(hour=0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Choose a time, or"),
        ("2020-01-01T08:00", "still to come"),
        ("9999-12-31T23:59", "still to come"),
        ("0001-01-01T00:00", "still to come"),
        ("soon", "Write it as"),
        ("2026-09-15T08:00+00:00", "Write it as"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words_and_nobody_is_mailed(
    editor: Client, draft: Issue, typed: str, sentence: str
) -> None:
    asks = Page.at(editor, page_of(draft, "publish"))
    page = asks.press("appearance", "_appear", publish_at=typed)
    assert (page.status, sentence in page.text) == (200, True)
    assert stored(draft).status == Issue.Status.DRAFT
    assert stored(draft).publish_at is None


def test_on_the_web_only_nobody_is_mailed_and_it_can_be_taken_back(
    editor: Client, draft: Issue
) -> None:
    a_reader(draft.bulletin, "ann@reader.example", topics=list(draft.bulletin.topics.all()))
    asks = Page.at(editor, page_of(draft, "publish"))
    page = asks.press("appearance", "_appear", web_only="on")
    assert "Published on the web only. Nobody is mailed." in page.text
    assert stored(draft).status == Issue.Status.PUBLISHED
    assert not Digest.objects.exists()
    assert "published before" in asks.press("appearance", "_appear", web_only="on").text
    page = page.press("take-back")
    assert stored(draft).status == Issue.Status.DRAFT
    assert "It is a draft again." in page.text


def test_a_scheduled_issue_counts_down_on_the_dashboard_and_is_taken_back_there(
    editor: Client, draft: Issue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        an_issue(draft.bulletin, status=Issue.Status.DRAFT)
    for one in Issue.objects.all():
        soon = timezone.now() + timedelta(hours=5, minutes=1)
        scheduling.schedule(one, publish_at=soon, at=timezone.now())
    with django_assert_max_num_queries(25):
        dashboard = Page.at(editor, "/admin/")
    assert "To be published" in dashboard.text
    assert "in 5\xa0hours" in dashboard.text
    assert "Drafts to check and publish" not in dashboard.text
    state = editor.get(f"/admin/issues/issue/{draft.pk}/state/").json()
    assert state["countdown"] == "in 5\xa0hours"
    page = Page.at(editor, page_of(draft)).press("unschedule")
    assert "It is a draft without a time again." in page.text
    assert stored(draft).publish_at is None
    assert "or has no time any more" in Page.at(editor, page_of(draft, "unschedule"), {}).text


def test_what_kept_it_from_being_published_at_its_time_is_an_alarm(
    editor: Client, draft: Issue
) -> None:
    at = timezone.now() - timedelta(minutes=1)
    Issue.objects.filter(pk=draft.pk).update(publish_at=at)
    draft.sections.filter(title="Rain").update(topic=None)
    tasks.sweep()
    for page in (Page.at(editor, "/admin/"), Page.at(editor, page_of(draft))):
        assert "was to be published on" in page.text
        assert "what the section “Rain” is about" in page.text
    page.press("unschedule")
    assert "Not published at their time" not in Page.at(editor, "/admin/").text


def test_a_published_issue_is_taken_back_until_a_mail_is_claimed(
    editor: Client, draft: Issue
) -> None:
    a_reader(draft.bulletin, "ann@reader.example", topics=list(draft.bulletin.topics.all()))
    publishing.publish(draft, at=timezone.now())  # and no worker was woken yet
    page = Page.at(editor, page_of(draft))
    assert "no mail of it has left yet" in page.text
    Page.at(editor, page_of(draft, "take-back"), {})
    assert stored(draft).status == Issue.Status.DRAFT
    Page.at(editor, page_of(draft, "publish")).press("publish")
    assert Delivery.objects.filter(status=DeliveryStatus.SENT).count() == 1
    page = Page.at(editor, page_of(draft))
    assert 'id="take-back"' not in page.text
    page = Page.at(editor, page_of(draft, "take-back"), {})
    assert "Mails of this issue are leaving" in page.text
    assert stored(draft).status == Issue.Status.PUBLISHED


NEEDS_THE_RIGHT = ("publish", "unschedule", "take-back", "withdraw", "restore")


@pytest.mark.parametrize("name", NEEDS_THE_RIGHT)
def test_who_may_not_publish_may_do_none_of_it(client: Client, draft: Issue, name: str) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    rights = ("view_issue", "change_issue", "view_section", "change_section")
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(clerk)
    article = Article.objects.filter(section__issue=draft)[0]
    Issue.objects.filter(pk=draft.pk).update(publish_at=NOW + timedelta(days=3650))
    before = Issue.objects.filter(pk=draft.pk).values().get()
    assert Page.at(client, page_of(draft, name), {"_tomorrow": ["1"]}).status == 403
    if name in {"withdraw", "restore"}:
        nested = page_of(draft, f"articles/{article.pk}/{name}")
        assert Page.at(client, nested, {}).status == 403
    assert Issue.objects.filter(pk=draft.pk).values().get() == before
    assert 'id="unschedule"' not in Page.at(client, page_of(draft)).text


@pytest.mark.parametrize("name", ["unschedule", "take-back", "restore", "transfer"])
def test_nothing_is_done_by_following_a_link(editor: Client, draft: Issue, name: str) -> None:
    assert editor.get(page_of(draft, name)).status_code == 405


def test_a_bulletin_has_a_time_zone_of_its_own(editor: Client) -> None:
    bulletin = weather()
    page = Page.at(editor, f"/admin/publications/bulletin/{bulletin.pk}/change/")
    page.press("bulletin_form", time_zone="Europe/Berlin")
    assert Bulletin.objects.get().zone == BERLIN
    page = page.press("bulletin_form", time_zone="Mars/Olympus")
    assert Bulletin.objects.get().zone == BERLIN
