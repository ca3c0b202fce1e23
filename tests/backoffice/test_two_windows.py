"""Two forms of one draft or article, open side by side: nothing that was typed is lost unsaid."""

from __future__ import annotations

import pytest
from django.test import Client

from digests import publishing
from issues.models import Article, Issue
from publications.models import Bulletin, Topic
from tests.support.browsing import Page
from tests.support.factories import NOW, weather

pytestmark = pytest.mark.django_db
MEANWHILE = "This was changed meanwhile"


@pytest.fixture
def windows(editor: Client, draft: Issue) -> tuple[Page, Page]:
    """The draft, opened twice."""
    first, second = (Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/") for _ in "ab")
    return first, second


@pytest.fixture
def articles(windows: tuple[Page, Page]) -> tuple[Page, Page]:
    """The article No wind, opened twice."""
    first, second = (window.follow("No wind") for window in windows)
    return first, second


def test_a_later_form_changes_only_what_was_changed_in_it(
    draft: Issue, windows: tuple[Page, Page]
) -> None:
    first, second = windows
    words = {"sections-0-about": "none", "sections-1-title": "Breezes"}
    first.press("issue_form", title="The first", **words)
    saved = second.press("issue_form", number="No. 99", **{"sections-1-position": "7"})
    draft.refresh_from_db()
    assert (draft.title, draft.number) == ("The first", "No. 99")
    assert [one.not_for_mailing for one in draft.sections.all()] == [True, False]
    assert [one.title for one in draft.sections.all()] == ["Rain", "Breezes"]
    assert "Saved." in saved.text


@pytest.mark.parametrize("press", ["_make_topics", "_add_section", "_move", "_proof", "_publish"])
def test_and_so_does_every_other_press(
    draft: Issue, windows: tuple[Page, Page], press: str
) -> None:
    first, second = windows
    first.press("issue_form", title="The first", **{"sections-0-about": "none"})
    second.press("issue_form", press, f"section {draft.sections.last().pk} up")  # type: ignore[union-attr]
    draft.refresh_from_db()
    assert draft.title == "The first"
    assert draft.sections.get(title="Rain").not_for_mailing


def test_what_both_changed_is_shown_twice_and_the_first_stays(
    draft: Issue, windows: tuple[Page, Page]
) -> None:
    first, second = windows
    wind = Topic.objects.get(name_en="Wind")
    words = {"title": "The first", "sections-0-about": str(wind.pk)}
    first.press("issue_form", **words)
    again = second.press(
        "issue_form", title="The second", number="No. 99", **{"sections-0-about": "none"}
    )
    assert again.text.count(MEANWHILE) == 2
    assert "“The first”" in again.text
    assert "“Wind”" in again.text
    assert again.fields("issue_form")["title"] == ["The second"]
    draft.refresh_from_db()
    assert (draft.title, draft.sections.get(title="Rain").topic) == ("The first", wind)
    again.press("issue_form")  # who has seen both decides
    draft.refresh_from_db()
    assert (draft.title, draft.number) == ("The second", "No. 99")
    assert draft.sections.get(title="Rain").not_for_mailing


def test_a_press_that_is_sent_twice_is_no_quarrel(draft: Issue, windows: tuple[Page, Page]) -> None:
    draft.sections.filter(title="Wind").update(title="Breezes", topic=None)
    page = Page.at(windows[0].client, windows[0].path)
    for _ in range(2):
        sent = page.press("issue_form", title="The first", **{"sections-1-about": "new"})
        assert MEANWHILE not in sent.text
        assert "Saved." in sent.text
    assert Topic.objects.filter(name_en="Breezes").count() == 1


def test_two_editors_of_one_article_both_keep_their_work(articles: tuple[Page, Page]) -> None:
    first, second = articles
    first.press("article_form", title="No wind at all")
    body = second.fields("article_form")["body"][0]
    second.press("article_form", body=f"{body}\n\nNor tomorrow.")
    article = Article.objects.get(title="No wind at all")
    assert article.passages[-1].texts[0] == "Nor tomorrow."


def test_of_two_texts_of_one_article_neither_is_lost(articles: tuple[Page, Page]) -> None:
    first, second = articles
    body = first.fields("article_form")["body"][0]
    first.press("article_form", body=f"{body}\n\nNor tomorrow.")
    again = second.press("article_form", body=f"Perhaps.\n\n{body}")
    assert MEANWHILE in again.text
    assert "Nor tomorrow." in again.text
    assert again.fields("article_form")["body"][0].startswith("Perhaps.")
    article = Article.objects.get(title="No wind")
    assert article.passages[-1].texts[0] == "Nor tomorrow."
    again.press("article_form", body=f"Perhaps.\n\n{body}\n\nNor tomorrow.")
    article.refresh_from_db()
    assert (article.passages[0].texts[0], article.passages[-1].texts[0]) == (
        "Perhaps.",
        "Nor tomorrow.",
    )


def test_two_forms_of_a_bulletin(editor: Client) -> None:
    bulletin = weather()
    address = f"/admin/publications/bulletin/{bulletin.pk}/change/"
    first, second = Page.at(editor, address), Page.at(editor, address)
    first.press("bulletin_form", publisher="The sky")
    second.press("bulletin_form", description="All about rain.")
    again = second.press("bulletin_form", publisher="The sea")
    assert MEANWHILE in again.text
    bulletin = Bulletin.objects.get()
    assert (bulletin.publisher, bulletin.description) == ("The sky", "All about rain.")


def test_a_section_that_is_gone_is_named_and_all_else_is_saved(
    draft: Issue, windows: tuple[Page, Page]
) -> None:
    first, second = windows
    first.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    words = {"title": "Kept", "sections-0-title": "Drizzle", "sections-1-title": "Breezes"}
    saved = second.press("issue_form", **words)
    assert saved.status == 200
    assert "The section “Rain” was deleted meanwhile" in saved.text
    assert "You had written: “Drizzle”" in saved.text
    draft.refresh_from_db()
    assert draft.title == "Kept"
    assert [one.title for one in draft.sections.all()] == ["Breezes"]


def test_it_is_named_too_where_something_else_is_wrong(
    draft: Issue, windows: tuple[Page, Page]
) -> None:
    first, second = windows
    first.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    again = second.press("issue_form", date="sometime", **{"sections-1-title": "Breezes"})
    assert "The section “Rain” was deleted meanwhile" in again.text
    assert again.fields("issue_form")["sections-0-title"] == ["Breezes"]
    assert draft.sections.get().title == "Wind"


@pytest.mark.parametrize("kind", ["section", "article"])
def test_an_arrow_of_what_is_gone_says_so(
    draft: Issue, windows: tuple[Page, Page], kind: str
) -> None:
    rain = draft.sections.get(title="Rain")
    pk = rain.pk if kind == "section" else rain.articles.get(title="Much rain").pk
    first, second = windows
    first.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    moved = second.press("issue_form", "_move", f"{kind} {pk} down", title="Kept")
    assert "What was to be moved was deleted meanwhile." in moved.text
    draft.refresh_from_db()
    assert draft.title == "Kept"


@pytest.mark.parametrize("press", ["_continue", "_move", "_make_topics", "_publish", "_proof"])
def test_a_form_from_before_publication_says_that_nothing_was_saved(
    draft: Issue, windows: tuple[Page, Page], press: str
) -> None:
    publishing.publish(draft, at=NOW)
    wind = Topic.objects.get(name_en="Wind")
    words = {"title": "Late", "sections-1-title": "Breezes", "sections-0-about": str(wind.pk)}
    conflict = windows[0].press("issue_form", press, **words)
    assert conflict.status == 409
    assert "nothing of what was changed here was saved" in conflict.text
    for typed in ("Late", "Breezes", "Rain: About"):
        assert typed in conflict.text
    assert "Saved." not in conflict.text
    draft.refresh_from_db()
    assert (draft.title, draft.sections.last().title) == ("Weather", "Wind")  # type: ignore[union-attr]


def test_an_article_form_from_before_publication_asks_again(
    draft: Issue, articles: tuple[Page, Page]
) -> None:
    publishing.publish(draft, at=NOW)
    again = articles[0].press("article_form", title="Late")
    assert "The issue was published meanwhile" in again.text
    assert again.fields("article_form")["title"] == ["Late"]
    assert not Article.objects.filter(title="Late").exists()
    again.press("article_form")
    assert Article.objects.filter(title="Late").exists()


def test_what_was_typed_into_an_article_that_is_gone_can_be_copied(
    draft: Issue, articles: tuple[Page, Page]
) -> None:
    article = Article.objects.get(title="No wind")
    articles[0].client.post(f"/admin/issues/article/{article.pk}/delete/", {"post": "yes"})
    conflict = articles[1].press("article_form", body="Precious words.", title="Precious")
    assert conflict.status == 409
    assert "Precious words." in conflict.text
    assert f"/admin/issues/issue/{draft.pk}/change/" in conflict.text


def test_and_what_was_typed_for_a_section_that_is_gone(draft: Issue, editor: Client) -> None:
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")
    blank = page.follow("Add an article")
    page.press("issue_form", **{"sections-1-DELETE": "on"}).press("remove")
    conflict = blank.press("article_form", title="The tide", body="It rises.")
    assert conflict.status == 409
    assert "It rises." in conflict.text
