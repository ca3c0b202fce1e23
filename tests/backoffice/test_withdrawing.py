"""An editor withdraws an issue or an article: its page says so, and nothing else leads there."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from digests import audience, publishing, sending
from issues.models import Article, Issue
from tests.support.browsing import Page
from tests.support.factories import NOW, PNG, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    """Rain with the articles Much rain and Little rain, then Wind with No wind; published."""
    return an_issue(weather())


@pytest.fixture
def reading() -> Client:
    return Client(headers={"accept-language": "en"})


def withdrawn(editor: Client, issue: Issue, article: Article | None = None) -> Page:
    where = f"articles/{article.pk}/" if article else ""
    asks = Page.at(editor, f"/admin/issues/issue/{issue.pk}/{where}withdraw/")
    return asks.press("withdraw", because="The numbers are wrong.")


def address(issue: Issue, article: Article | None = None, *, page: str = "issue") -> str:
    keys = [issue.bulletin.slug, issue.pk, *([article.pk] if article else [])]
    return reverse(f"issues:{'article' if article else page}", args=keys)


def article_called(title: str) -> Article:
    return Article.objects.get(title=title)


def test_the_page_of_a_withdrawn_article_says_so_and_leads_on(
    editor: Client, reading: Client, issue: Issue
) -> None:
    gone = article_called("Little rain")
    page = withdrawn(editor, issue, gone)
    assert "Withdrew “Little rain”." in page.text
    answer = reading.get(address(issue, gone))
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "The publisher withdrew this article on" in text
    assert "The numbers are wrong." in text
    assert '<meta name="robots" content="noindex">' in text
    assert "says the forecast" not in text
    for title in ("Much rain", "No wind"):  # before and after it
        assert address(issue, article_called(title)) in text
    assert address(issue) in text


def test_nothing_else_leads_to_a_withdrawn_article(
    editor: Client,
    reading: Client,
    issue: Issue,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    gone = article_called("Little rain")
    withdrawn(editor, issue, gone)
    for page in (
        address(issue),
        address(issue, article_called("Much rain")),
        address(issue, article_called("No wind")),
        "/b/weather/feed/",
        "/b/weather/",
    ):
        answer = reading.get(page)
        assert answer.status_code == HTTPStatus.OK
        assert "Little rain" not in answer.content.decode()
    pdf = reading.get(address(issue, page="pdf"))
    assert pdf.status_code == 410
    assert address(issue, page="pdf") not in reading.get(address(issue)).content.decode()
    assert editor.get(address(issue, page="pdf")).getvalue().startswith(b"%PDF")
    with django_assert_num_queries(6):
        reading.get(address(issue))


def test_a_picture_goes_with_the_last_article_that_has_it(
    editor: Client, reading: Client, issue: Issue
) -> None:
    picture = reverse("issues:figure", args=[issue.bulletin.slug, issue.pk, "cloud.png"])
    withdrawn(editor, issue, article_called("Little rain"))
    assert reading.get(picture).getvalue() == PNG
    for title in ("Much rain", "No wind"):
        withdrawn(editor, issue, article_called(title))
    assert reading.get(picture).status_code == 410


def test_a_section_of_which_all_is_withdrawn_is_not_shown(
    editor: Client, reading: Client, issue: Issue
) -> None:
    withdrawn(editor, issue, article_called("No wind"))
    page = reading.get(address(issue)).content.decode()
    assert "Rain</h2>" in page
    assert "Wind</h2>" not in page
    assert "<b>Wind</b>" not in reading.get("/b/weather/feed/").content.decode()


def test_an_article_is_put_back(editor: Client, reading: Client, issue: Issue) -> None:
    gone = article_called("Little rain")
    page = withdrawn(editor, issue, gone)
    assert "Withdrawn articles:" in page.text
    page = Page.at(editor, f"/admin/issues/article/{gone.pk}/change/")
    assert "The numbers are wrong." in page.text
    page.press("restore")
    assert reading.get(address(issue, gone)).status_code == HTTPStatus.OK
    assert "Little rain" in reading.get(address(issue)).content.decode()


def test_a_withdrawn_issue_is_gone_with_all_that_belongs_to_it(
    editor: Client, reading: Client, issue: Issue
) -> None:
    page = withdrawn(editor, issue)
    assert "Who follows a link to it is told so" in page.text
    for gone in (
        address(issue),
        address(issue, article_called("Much rain")),
        address(issue, page="pdf"),
        reverse("issues:figure", args=[issue.bulletin.slug, issue.pk, "cloud.png"]),
    ):
        answer = reading.get(gone)
        assert answer.status_code == 410
        assert "The publisher withdrew this issue on" in answer.content.decode()
        assert 'rel="stylesheet"' in answer.content.decode()
    for page_of in ("/b/weather/", "/b/weather/feed/"):
        assert str(issue) not in reading.get(page_of).content.decode()
    page = page.press("restore")
    assert "Put back on the web." in page.text
    assert reading.get(address(issue)).status_code == HTTPStatus.OK


def test_a_withdrawn_issue_stays_as_it_is_and_cannot_be_deleted(
    editor: Client, issue: Issue
) -> None:
    withdrawn(editor, issue)
    page = Page.at(editor, f"/admin/issues/issue/{issue.pk}/change/")
    assert 'name="sections-0-about"' not in page.text
    assert (
        editor.post(f"/admin/issues/issue/{issue.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    gone = article_called("Much rain").pk
    assert editor.post(f"/admin/issues/article/{gone}/delete/", {"post": "yes"}).status_code == 403


def test_a_draft_cannot_be_withdrawn(editor: Client, draft: Issue) -> None:
    withdrawn(editor, draft)
    withdrawn(editor, draft, article_called("Much rain"))
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT
    assert not Article.objects.filter(withdrawn_at__isnull=False).exists()


def test_its_mailing_is_paused_and_a_correction_is_offered_when_it_is_through(
    editor: Client, draft: Issue
) -> None:
    a_reader(draft.bulletin, "ann@reader.example", topics=list(draft.bulletin.topics.all()))
    digest = publishing.publish(draft, at=NOW)
    assert audience.prepare(digest, at=NOW)
    page = withdrawn(editor, draft, article_called("Much rain"))
    assert "Its mailing is paused. Resume it below" in page.text
    digest.refresh_from_db()
    assert digest.paused_at
    resume = f"/admin/digests/digest/{digest.pk}/resume/now/"
    page = Page.at(editor, resume, {})
    assert "Try again in half a minute" in page.text
    sending.cancel(digest, at=NOW)
    assert sending.finish(digest, at=NOW)
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")
    assert "Send a correction to those who got it" in page.text
    withdrawn(editor, draft)
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")
    assert "Send a correction to those who got it" in page.text
