"""Parts of a draft are deleted after a question, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from digests import publishing
from issues import archive, drafts, editing, removing
from issues.models import Article, Issue, Removal, Section
from publications.models import Topic
from tests.support.browsing import Page
from tests.support.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor: Client, draft: Issue) -> Page:
    return Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")


def stored() -> list[Any]:
    """All that there is of sections and articles."""
    return [*Section.objects.values(), *Article.objects.values()]


def the_removal() -> str:
    return str(Removal.objects.get().pk)


@pytest.mark.parametrize("press", ["_continue", "_move", "_make_topics", "_publish", "_proof"])
def test_a_section_is_deleted_only_after_a_question_that_names_its_articles(
    page: Page, draft: Issue, press: str
) -> None:
    before = stored()
    asks = page.press("issue_form", press, **{"sections-0-DELETE": "on", "title": "Typed"})
    assert "Delete with 2 articles?" in asks.text
    for words in ("Rain", "Much rain", "Little rain"):
        assert words in asks.text
    assert stored() == before
    draft.refresh_from_db()
    assert draft.title == "Typed"
    back = asks.press("remove")
    assert "The section “Rain” was deleted." in back.text
    assert list(Article.objects.values_list("title", flat=True)) == ["No wind"]


def test_one_press_takes_it_back_with_everything(page: Page) -> None:
    before = stored()
    gone = page.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    back = gone.press("issue_form", "_restore", the_removal())
    assert "“Rain” is back." in back.text
    assert stored() == before
    assert not Removal.objects.exists()


def test_and_so_it_can_be_later(page: Page) -> None:
    before = stored()
    page.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    Page.at(page.client, page.path)  # the message is read
    later = Page.at(page.client, page.path)
    assert "Section “Rain” with its articles" in later.text
    later.press("issue_form", "_restore", the_removal())
    assert stored() == before


def test_a_section_without_articles_goes_at_once_and_can_be_taken_back(
    page: Page, draft: Issue
) -> None:
    draft.sections.create(title="Hail", position=3)
    page = Page.at(page.client, page.path).press("issue_form", **{"sections-2-DELETE": "on"})
    assert "The section “Hail” was deleted." in page.text
    page.press("issue_form", "_restore", the_removal())
    assert draft.sections.filter(title="Hail").exists()


def test_a_deleted_article_is_named_on_the_page_of_its_issue_and_can_be_taken_back(
    page: Page,
) -> None:
    before = stored()
    asks = page.follow("Little rain").follow("Delete")
    assert "Are you sure" in asks.text
    back = Page.at(page.client, asks.path, {"post": ["yes"]})
    assert back.path == page.path
    assert "The article “Little rain” was deleted." in back.text
    back.press("issue_form", "_restore", the_removal())
    assert stored() == before


def test_what_is_deleted_stands_nowhere(page: Page, draft: Issue) -> None:
    page.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    assert [one.title for one in archive.sections(draft)] == ["Wind"]
    assert [one.title for one in archive.articles(draft)] == ["No wind"]
    assert "rain" not in page.press("issue_form", "_publish").text.replace("brain", "")
    publishing.publish(draft, at=NOW)
    for address in (f"/weather/{draft.pk}/", "/weather/feed/"):
        assert "Much rain" not in page.client.get(address).content.decode()
    assert "Much rain" not in Page.at(page.client, page.path).text


def test_an_article_brings_back_its_section(draft: Issue) -> None:
    before = stored()
    article = Article.objects.get(title="No wind")
    first = removing.remove_article(article, at=timezone.now())
    second = removing.remove_section(draft.sections.get(title="Wind"), at=timezone.now())
    assert first is not None
    assert second is not None
    removing.restore(first)
    removing.restore(second)
    assert stored() == before


def test_taking_back_twice_is_once(page: Page) -> None:
    before = stored()
    gone = page.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    pk = the_removal()
    gone.press("issue_form", "_restore", pk)
    again = gone.press("issue_form", "_restore", pk)
    assert "This was taken back before." in again.text
    assert stored() == before


def test_deleting_twice_is_once(page: Page) -> None:
    asks = page.press("issue_form", **{"sections-0-DELETE": "on"})
    asks.press("remove")
    assert asks.press("remove").status == 200
    assert Removal.objects.count() == 1


def test_a_topic_that_was_deleted_meanwhile_is_asked_for_again(page: Page, draft: Issue) -> None:
    gone = page.press("issue_form", **{"sections-0-DELETE": "on"}).press("remove")
    Topic.objects.get(name_en="Rain").delete()
    gone.press("issue_form", "_restore", the_removal())
    assert draft.sections.get(title="Rain").topic is None


def test_nothing_is_deleted_or_taken_back_once_it_is_published(page: Page, draft: Issue) -> None:
    asks = page.press("issue_form", **{"sections-0-DELETE": "on"})
    removed = removing.remove_section(draft.sections.get(title="Wind"), at=timezone.now())
    assert removed is not None
    publishing.publish(draft, at=NOW)
    before = stored()
    assert "its sections and articles stay as they are" in asks.press("remove").text
    with pytest.raises(drafts.NotADraft):
        removing.restore(removed)
    with pytest.raises(drafts.NotADraft):
        removing.remove_article(Article.objects.get(title="Much rain"), at=timezone.now())
    assert stored() == before


def test_who_may_not_delete_sections_is_refused(client: Client, draft: Issue) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    for may in ("view_issue", "change_issue", "view_section", "change_section"):
        clerk.user_permissions.add(Permission.objects.get(codename=may))
    client.force_login(clerk)
    address = f"/admin/issues/issue/{draft.pk}/remove/"
    section = {"section": [str(draft.sections.get(title="Rain").pk)]}
    assert Page.at(client, address, section).status == 403
    assert draft.sections.count() == 2


def test_the_history_says_what_was_done(page: Page, draft: Issue) -> None:
    draft.sections.filter(title="Wind").update(title="Breezes", topic=None)
    page = Page.at(page.client, page.path)
    article = Article.objects.get(title="Much rain")
    page.press("issue_form", "_move", f"article {article.pk} down")
    page.press("issue_form", "_make_topics")
    asks = Page.at(page.client, page.path).press("issue_form", **{"sections-0-DELETE": "on"})
    asks.press("remove").press("issue_form", "_restore", the_removal())
    history = [one.get_change_message() for one in LogEntry.objects.order_by("pk")]
    assert history == [
        "Moved “Much rain” down.",
        "Made topics: Breezes.",
        "Deleted the section “Rain”.",
        "“Rain” is back.",
    ]


def test_moving_after_a_restoration_keeps_the_order(draft: Issue) -> None:
    middle = Article.objects.get(title="Much rain")
    removal = removing.remove_article(middle, at=timezone.now())
    rest = Article.objects.filter(section=middle.section)
    editing.move(Article.objects.get(title="Little rain"), among=rest, by=-1)
    assert removal is not None
    removing.restore(removal)
    assert [one.title for one in rest.all()] == ["Much rain", "Little rain"]
