"""Text that the reading found in no article is shown with the draft, and taken in by one press."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Route, sync_playwright
from pytest_django import DjangoCaptureOnCommitCallbacks

from issues import drafts, taking_in
from issues.intake import reading
from issues.models import Article, Issue, Piece
from pdf_reading.account import Destination
from pdf_reading.issue_text import Paragraph
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream
from tests.support.browsing import Page
from tests.support.factories import NOW, a_bulletin
from tests.support.service import CHROMIUM

pytestmark = pytest.mark.django_db

NOTICE = b"BT /F1 16 Tf 72 500 Td (Legal notice) Tj ET\n" + b"".join(
    b"BT /F1 11 Tf 72 %d Td (In line %d somebody put the story of the mill into this.) Tj ET\n"
    % (480 - 14 * n, n)
    for n in range(24)
)


@pytest.fixture
def issue(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Issue:
    """An issue as it was uploaded: an article, and a legal notice that is too long for one."""
    content = plain(content=stream(HEAD + TEXT + NOTICE))
    file = SimpleUploadedFile("issue.pdf", content, content_type="application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        editor.post("/admin/issues/issue/add/", {"bulletin": a_bulletin().pk, "pdf": file})
    return Issue.objects.get()


def page_of(editor: Client, issue: Issue) -> Page:
    return Page.at(editor, f"/admin/issues/issue/{issue.pk}/change/")


def words(article: Article) -> str:
    return " ".join(one.text for one in article.passages if isinstance(one, Paragraph))


def test_text_in_no_article_becomes_one_without_a_headline(editor: Client, issue: Issue) -> None:
    page = page_of(editor, issue)
    piece = issue.pieces.get()
    assert "There is text that is in no article" in page.text
    assert "left over, 0 lost." in page.text
    after = page.press("issue_form", "_take_in", str(piece.pk))
    first, taken = Article.objects.order_by("position")
    assert (first.title, taken.title) == ("A plain headline", "")
    assert words(taken).startswith("Legal notice In line 0 somebody put the story of the mill")
    assert (taken.first_page, taken.last_page, len(taken.places)) == (1, 1, 1)
    assert "There is text that is in no article" not in after.text
    assert "left over" not in after.text
    issue.refresh_from_db()
    assert issue.account[0].counts.get(Destination.LEFT_OVER) is None
    assert sum(issue.account[0].counts.values()) == issue.account[0].characters
    assert "Took text of page 1" in str(LogEntry.objects.latest("pk"))


def test_it_is_appended_to_an_article(editor: Client, issue: Issue) -> None:
    article, piece = Article.objects.get(), issue.pieces.get()
    before = words(article)
    where = {f"into-{piece.pk}": str(article.pk)}
    page_of(editor, issue).press("issue_form", "_take_in", str(piece.pk), **where)
    article.refresh_from_db()
    assert words(article).startswith(f"{before} Legal notice")
    assert not Piece.objects.exists()


def test_it_is_taken_in_once(editor: Client, issue: Issue) -> None:
    page, piece = page_of(editor, issue), issue.pieces.get()
    page.press("issue_form", "_take_in", str(piece.pk))
    again = page.press("issue_form", "_take_in", str(piece.pk))
    assert "This text was taken in before." in again.text
    assert Article.objects.count() == 2


def test_a_published_issue_takes_nothing_in(editor: Client, issue: Issue) -> None:
    piece = issue.pieces.get()
    Issue.objects.update(status=Issue.Status.PUBLISHED)
    with pytest.raises(drafts.NotADraft):
        taking_in.take_in(piece)
    assert "Take in" not in page_of(editor, issue).text
    assert Piece.objects.exists()


def test_a_new_reading_replaces_it(issue: Issue) -> None:
    before = issue.pieces.get()
    Issue.objects.update(status=Issue.Status.UPLOADED, reading_at=None)
    reading.read(issue, at=NOW)
    assert issue.pieces.get().text == before.text
    assert issue.pieces.get().pk != before.pk


def test_it_is_said_in_chinese_too(editor: Client, issue: Issue) -> None:
    answer = editor.get(
        f"/admin/issues/issue/{issue.pk}/change/", headers={"accept-language": "zh-hans"}
    )
    page = answer.content.decode()
    assert "未归入任何文章的文字" in page
    assert "丢失 0。" in page


@pytest.mark.browser
def test_the_draft_fits_a_phone_however_long_the_headlines_are(
    editor: Client, issue: Issue
) -> None:
    Article.objects.update(title="A plain headline, " * 8)
    draft = editor.get(f"/admin/issues/issue/{issue.pk}/change/").content.decode()
    with ThreadPoolExecutor(1) as other:  # Django lets no browser's loop into the test's own thread
        assert other.submit(width_on_a_phone, draft).result() == 390


def width_on_a_phone(html: str) -> int:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.route("**", lambda route: serve(route, html))
        page.goto("http://bulletin.example/draft/")
        width: int = page.evaluate("document.documentElement.scrollWidth")
        chromium.close()
    return width


def serve(route: Route, html: str) -> None:
    address = route.request.url
    static = finders.find(address.partition("/static/")[2]) if "/static/" in address else None
    if static:
        route.fulfill(path=static)
    elif address.endswith("/draft/"):
        route.fulfill(body=html, content_type="text/html; charset=utf-8")
    else:
        route.abort()
