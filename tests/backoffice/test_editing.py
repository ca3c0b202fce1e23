"""An editor edits a draft over HTTP and publishes it, as forms and buttons let them."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from digests import publishing
from digests.models import Delivery, Digest
from issues.models import Article, Issue
from publications.models import Topic
from tests.support.browsing import Page
from tests.support.factories import NOW, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db


def page_of(issue: Issue) -> str:
    return f"/admin/issues/issue/{issue.pk}/change/"


def article_page(article: Article) -> str:
    return f"/admin/issues/article/{article.pk}/change/"


def opened(editor: Client, issue: Issue) -> Page:
    return Page.at(editor, page_of(issue))


def titles(issue: Issue) -> dict[str, list[str]]:
    """What the issue says, in its order."""
    return {
        section.title: [article.title for article in section.articles.all()]
        for section in issue.sections.all()
    }


def with_facts(editor: Client, issue: Issue, date: str) -> Page:
    """The page after another date was written."""
    edit = Page.at(editor, f"{page_of(issue)}?at=facts&open=edit")
    return edit.press("editor-facts", "save", date=date)


def published(editor: Client, issue: Issue) -> Page:
    """The page after pressing both buttons."""
    return opened(editor, issue).follow("Publish …").press("publish")


def test_an_unknown_section_blocks_publishing_and_the_page_says_which(
    editor: Client, draft: Issue
) -> None:
    draft.sections.filter(title="Wind").update(title="Breezes", topic=None)
    page = opened(editor, draft).follow("Publish …")
    assert "what the section “Breezes” is about" in page.text
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT


def test_publishing_asks_once_and_says_who_gets_what(editor: Client, draft: Issue) -> None:
    rain = Topic.objects.get(name_en="Rain")
    a_reader(draft.bulletin, "ann@reader.example", topics=[rain])
    a_reader(draft.bulletin, "ben@reader.example", topics=[rain], language="zh-hans")
    a_reader(draft.bulletin, "cat@reader.example")
    asks = opened(editor, draft).follow("Publish …")
    for sentence in (
        "1 reader in English gets their sections.",
        "1 reader in Simplified Chinese gets their sections.",
        "1 reader follows none of these sections and gets nothing.",
    ):
        assert sentence in asks.text
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT


def test_publishing_twice_mails_once(
    editor: Client,
    draft: Issue,
    mailoutbox: list[object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    a_reader(draft.bulletin, "ann@reader.example", topics=list(Topic.objects.all()))
    asks = opened(editor, draft).follow("Publish …")
    with django_capture_on_commit_callbacks(execute=True):
        assert "on their way" in asks.press("publish").text
    with django_capture_on_commit_callbacks(execute=True):
        again = asks.press("publish").text
    assert "was published before; nothing was mailed again" in again
    assert "on their way" not in again
    history = [entry.get_change_message() for entry in LogEntry.objects.all()]
    assert history == ["Published, and mailed to 1 reader."]
    assert (Digest.objects.count(), Delivery.objects.count(), len(mailoutbox)) == (1, 1, 1)


def test_the_page_fetches_the_counts_of_the_digest(
    editor: Client,
    draft: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    a_reader(draft.bulletin, "ann@reader.example", topics=list(Topic.objects.all()))
    a_reader(draft.bulletin, "cat@reader.example")
    with django_capture_on_commit_callbacks(execute=True):
        published(editor, draft)
    digest = Digest.objects.get()
    counts = editor.get(f"/admin/digests/digest/{digest.pk}/progress/").json()
    assert [counts[name] for name in ("readers", "sent", "excluded")] == [2, 1, 1]
    assert counts["finished"] is True
    assert counts["sentence"] == "Finished: every reader is accounted for, 1 of 2 got it."


def test_staff_see_and_do_only_what_they_were_given(client: Client, draft: Issue) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    publish = f"/admin/issues/issue/{draft.pk}/publish/"
    for address in (page_of(draft), publish, f"/admin/issues/issue/{draft.pk}/state/"):
        assert Page.at(client, address).status == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_issue"))
    assert Page.at(client, page_of(draft)).status == 200
    assert Page.at(client, publish, {}).status == 403


def test_strangers_are_asked_to_log_in(client: Client, draft: Issue) -> None:
    for address in (page_of(draft), f"/admin/issues/issue/{draft.pk}/publish/"):
        assert Page.at(client, address).path.startswith("/admin/login/?next=")


def test_one_press_makes_topics_of_all_sections_that_have_none(
    editor: Client, draft: Issue
) -> None:
    titles = {"Hail": True, "": False, "Fog" * 50: False}
    for position, title in enumerate(titles, start=3):
        draft.sections.create(title=title, position=position)
    page = opened(editor, draft)
    assert "3 sections have no topic yet." in page.text
    page = page.press("acts", "make_topics")
    known = {section.title: section.topic is not None for section in draft.sections.all()}
    assert known == {"Rain": True, "Wind": True, **titles}
    assert "2 sections have no topic yet." in page.text


def test_before_publishing_to_nobody_the_editor_sees_it(editor: Client, draft: Issue) -> None:
    page = opened(editor, draft).follow("Publish …")
    assert "Nobody gets a mail" in page.text
    assert "get nothing" not in page.text
    a_reader(draft.bulletin, "r@example.org", topics=list(draft.bulletin.topics.all()))
    page = opened(editor, draft).follow("Publish …")
    assert "Nobody gets a mail" not in page.text
    assert "1 reader in English gets their sections." in page.text


def test_the_editor_sees_how_long_the_bulletins_rate_limit_takes(
    editor: Client, draft: Issue
) -> None:
    draft.bulletin.rate_limit = 2
    draft.bulletin.save()
    for n in range(5):
        a_reader(draft.bulletin, f"r{n}@reader.example", topics=list(Topic.objects.all()))
    page = opened(editor, draft).follow("Publish …")
    assert "2 readers a minute at most, so that this takes about 3 minutes." in page.text


def test_after_publishing_to_nobody_no_mail_is_said_to_be_on_its_way(
    editor: Client, draft: Issue
) -> None:
    page = published(editor, draft)
    assert "Published. No reader follows any of its sections yet." in page.text
    assert "on their way" not in page.text


@pytest.mark.parametrize(
    "date",
    [
        *("2026", "2026-09", "2026-02-28", ""),
        *("2026-09/10", "2026-12/2027-01", "2026-02-28/03-06", "2026-02-12/18"),
        *("2026-2027", "2026-27", "2026 (Spring)", "2026-27 (Winter)", "2026 (春季)"),
    ],
)
def test_days_months_years_and_seasons_are_dates_of_an_issue(
    editor: Client, draft: Issue, date: str
) -> None:
    with_facts(editor, draft, date)
    draft.refresh_from_db()
    assert draft.date == date


@pytest.mark.parametrize(
    "date",
    [
        *("sometime", "2026-13", "2026-02-29", "2026-9", "26", "2026-09-1\u0663"),
        *("2026-09/08", "2026-09/", "2026-09/2026", "2026-2029", "2026 (", "2026-09 (Spring)"),
    ],
)
def test_what_is_no_date_is_refused(editor: Client, draft: Issue, date: str) -> None:
    assert "This is no date." in with_facts(editor, draft, date).text
    draft.refresh_from_db()
    assert draft.date == "2026-09"


def test_a_file_that_cannot_be_read_is_called_by_its_name_and_can_be_deleted(
    editor: Client,
) -> None:
    broken = an_issue(
        weather(), status=Issue.Status.UNREADABLE, unreadable_reason="encrypted", title=""
    )
    page = opened(editor, broken)
    assert "weather.pdf" in page.text
    assert "Are you sure" in page.follow("Delete").text


def test_a_draft_can_be_deleted_and_what_is_published_cannot(editor: Client, draft: Issue) -> None:
    delete = f"/admin/issues/issue/{draft.pk}/delete/"
    assert delete in opened(editor, draft).text
    published(editor, draft)
    assert delete not in opened(editor, draft).text


def test_the_page_of_an_issue_leads_to_where_its_mailing_is_stopped(
    editor: Client, draft: Issue
) -> None:
    a_reader(draft.bulletin, "ann@reader.example", topics=list(Topic.objects.all()))
    publishing.publish(draft, at=NOW)
    page = opened(editor, draft).follow(
        "Pause or stop this mailing, or decide about uncertain deliveries"
    )
    assert "Stop this mailing for good" in page.text
