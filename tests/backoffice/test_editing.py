"""An editor edits a draft over HTTP and publishes it, as forms and buttons let them."""

from __future__ import annotations

from typing import cast

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from digests import publishing
from digests.models import Delivery, Digest
from issues.models import Article, Issue, Section
from pdf_reading.issue_text import Heading, Listing, Paragraph, StoredFigure, Table
from publications.models import Topic, key_of
from tests.support.browsing import Page
from tests.support.factories import NOW, a_reader, an_article, an_issue, weather

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


def published(editor: Client, issue: Issue) -> Page:
    """The page after pressing both buttons."""
    return opened(editor, issue).press("issue_form", "_publish").press("publish")


def test_words_and_order_of_sections_are_corrected_on_one_page(
    editor: Client, draft: Issue
) -> None:
    words = {"title": "The weather report", "sections-0-title": "Drizzle"}
    saved = opened(editor, draft).press("issue_form", "_continue", **words)
    assert "Saved." in saved.text
    wind = draft.sections.get(title="Wind")
    saved.press("issue_form", "_move", f"section {wind.pk} up")
    draft.refresh_from_db()
    assert draft.title == "The weather report"
    assert list(titles(draft)) == ["Wind", "Drizzle"]


def test_an_article_moves_within_its_section_and_not_beyond(editor: Client, draft: Issue) -> None:
    first = Article.objects.get(title="Much rain")
    for _ in range(3):
        opened(editor, draft).press("issue_form", "_move", f"article {first.pk} down")
    assert titles(draft) == {"Rain": ["Little rain", "Much rain"], "Wind": ["No wind"]}


def test_what_a_section_is_about_is_remembered_for_later_issues(
    editor: Client, draft: Issue
) -> None:
    draft.sections.filter(title="Wind").update(title="Breezes", topic=None)
    wind = Topic.objects.get(name_en="Wind")
    opened(editor, draft).press("issue_form", **{"sections-1-about": str(wind.pk)})
    assert Section.objects.get(title="Breezes").topic == wind
    assert Topic.objects.by_key(draft.bulletin)[key_of("BREEZES")] == wind


def test_a_topic_is_made_of_a_section_and_another_section_is_left_out(
    editor: Client, draft: Issue
) -> None:
    draft.sections.filter(title="Rain").update(title="Snow", topic=None)
    about = {"sections-0-about": "new", "sections-1-about": "none"}
    opened(editor, draft).press("issue_form", **about)
    assert Section.objects.get(title="Snow").topic == Topic.objects.get(name_en="Snow")
    assert Section.objects.get(title="Wind").not_for_mailing


def test_an_unknown_section_blocks_publishing_and_the_page_says_which(
    editor: Client, draft: Issue
) -> None:
    draft.sections.filter(title="Wind").update(title="Breezes", topic=None)
    page = opened(editor, draft).press("issue_form", "_publish")
    assert "what the section “Breezes” is about" in page.text
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT


def test_the_text_of_an_article_is_corrected_in_a_plain_markup(
    editor: Client, draft: Issue
) -> None:
    page = opened(editor, draft).follow("No wind")
    body = page.fields("article_form")["body"][0].replace("No wind, says", "No wind at all, says")
    back = page.press("article_form", body=body, subtitle="A calm week")
    assert back.path == page_of(draft)
    article = Article.objects.get(title="No wind")
    assert article.subtitle == "A calm week"
    assert article.passages[0].texts[0] == "No wind at all, says the forecast."
    kinds = [type(passage) for passage in article.passages]
    assert kinds == [Paragraph, Heading, Listing, StoredFigure, Table]


def test_a_figure_that_is_not_there_is_named_and_nothing_is_lost(
    editor: Client, draft: Issue
) -> None:
    page = opened(editor, draft).follow("No wind")
    body = page.fields("article_form")["body"][0].replace("cloud.png", "sun.png")
    again = page.press("article_form", body=body)
    assert "This article has no figure “sun.png”" in again.text
    assert "sun.png" in again.fields("article_form")["body"][0]


def test_an_article_that_was_missed_is_added_to_a_section_that_was_missed(
    editor: Client, draft: Issue
) -> None:
    added = opened(editor, draft).press("issue_form", "_add_section")
    blank = added.follow("Add an article")
    blank.press("article_form", title="The tide", body="It rises.")
    assert titles(draft)[""] == ["The tide"]


def test_an_article_that_is_none_is_deleted(editor: Client, draft: Issue) -> None:
    article = Article.objects.get(title="Much rain")
    editor.post(f"/admin/issues/article/{article.pk}/delete/", {"post": "yes"})
    assert titles(draft)["Rain"] == ["Little rain"]


def test_publishing_asks_once_and_says_who_gets_what(editor: Client, draft: Issue) -> None:
    rain = Topic.objects.get(name_en="Rain")
    a_reader(draft.bulletin, "ann@reader.example", topics=[rain])
    a_reader(draft.bulletin, "ben@reader.example", topics=[rain], language="zh-hans")
    a_reader(draft.bulletin, "cat@reader.example")
    asks = opened(editor, draft).press("issue_form", "_publish")
    for sentence in (
        "1 reader in English gets their sections.",
        "1 reader in Simplified Chinese gets their sections.",
        "1 reader follows none of these sections and gets nothing.",
        "This cannot be taken back.",
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
    asks = opened(editor, draft).press("issue_form", "_publish")
    with django_capture_on_commit_callbacks(execute=True):
        assert "on their way" in asks.press("publish").text
    with django_capture_on_commit_callbacks(execute=True):
        again = asks.press("publish").text
    assert "was published before; nothing was mailed again" in again
    assert "on their way" not in again
    history = [entry.get_change_message() for entry in LogEntry.objects.all()]
    assert history == ["Published, and mailed to 1 reader."]
    assert (Digest.objects.count(), Delivery.objects.count(), len(mailoutbox)) == (1, 1, 1)


def test_what_is_published_keeps_its_sections(editor: Client, draft: Issue) -> None:
    published(editor, draft)
    page = opened(editor, draft)
    assert "sections-0-title" not in page.fields("issue_form")
    first = Article.objects.get(title="Much rain")
    page.press("issue_form", "_move", f"article {first.pk} down")
    assert titles(draft)["Rain"] == ["Much rain", "Little rain"]
    for address in (f"issue/{draft.pk}", f"article/{first.pk}"):
        assert Page.at(editor, f"/admin/issues/{address}/delete/").status == 403


def test_a_word_can_be_mended_on_the_web_after_publishing(editor: Client, draft: Issue) -> None:
    published(editor, draft)
    opened(editor, draft).follow("Much rain").press("article_form", title="Very much rain")
    assert titles(draft)["Rain"] == ["Very much rain", "Little rain"]


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
    assert counts["sentence"] == "Finished: every reader is accounted for."


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


def test_a_long_issue_costs_no_more_queries_than_a_short_one(
    editor: Client, draft: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opened(editor, draft)  # content types are asked for once in a process
    with django_assert_num_queries(queries := 11):
        opened(editor, draft)
    for n in range(20):
        section = draft.sections.create(title=f"Part {n}", position=3 + n)
        an_article(section, f"Article {n}")
    with django_assert_num_queries(queries):
        opened(editor, draft)


def test_one_press_makes_topics_of_all_sections_that_have_none(
    editor: Client, draft: Issue
) -> None:
    titles = {"Hail": True, "": False, "Fog" * 50: False}
    for position, title in enumerate(titles, start=3):
        draft.sections.create(title=title, position=position)
    page = opened(editor, draft)
    assert "3 sections have no topic yet." in page.text
    page = page.press("issue_form", "_make_topics")
    known = {section.title: section.topic is not None for section in draft.sections.all()}
    assert known == {"Rain": True, "Wind": True, **titles}
    assert "2 sections have no topic yet." in page.text


def test_before_publishing_to_nobody_the_editor_sees_it(editor: Client, draft: Issue) -> None:
    page = opened(editor, draft).press("issue_form", "_publish")
    assert "Nobody gets a mail" in page.text
    assert "get nothing" not in page.text
    a_reader(draft.bulletin, "r@example.org", topics=list(draft.bulletin.topics.all()))
    page = opened(editor, draft).press("issue_form", "_publish")
    assert "Nobody gets a mail" not in page.text
    assert "1 reader in English gets their sections." in page.text


def test_the_editor_sees_how_long_the_bulletins_rate_limit_takes(
    editor: Client, draft: Issue
) -> None:
    draft.bulletin.rate_limit = 2
    draft.bulletin.save()
    for n in range(5):
        a_reader(draft.bulletin, f"r{n}@reader.example", topics=list(Topic.objects.all()))
    page = opened(editor, draft).press("issue_form", "_publish")
    assert "2 readers a minute at most, so that this takes about 3 minutes." in page.text


def test_after_publishing_to_nobody_no_mail_is_said_to_be_on_its_way(
    editor: Client, draft: Issue
) -> None:
    page = published(editor, draft)
    assert "Published. No reader follows any of its sections yet." in page.text
    assert "on their way" not in page.text


def test_enter_in_a_field_saves_and_does_nothing_else(editor: Client, draft: Issue) -> None:
    for position in (3, 4):
        draft.sections.create(title=f"Hail {position}", position=position)
    tree = html.document_fromstring(opened(editor, draft).text)
    buttons = tree.xpath(
        "//*[self::button or (self::input and @type='submit')]"
        "[@form='issue_form' or ancestor::form[@id='issue_form']]/@name"
    )
    # A browser presses the first of them (HTML, 4.10.21.2).
    assert cast("list[str]", buttons)[:2] == ["_continue", "_make_topics"]


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
    assert "Saved." in opened(editor, draft).press("issue_form", date=date).text
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
    assert "This is no date." in opened(editor, draft).press("issue_form", date=date).text
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
