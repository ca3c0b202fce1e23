"""A draft is read again: the difference is shown before it is taken, corrections are kept, and it
can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from bulletin_site.celery import app
from issues import reading_again, tasks
from issues.editing import acts, history
from issues.editing.history import Submission
from issues.intake import by_hand, upload
from issues.models import Article, Issue, Rereading
from pdf_reading.issue_text import Paragraph
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream
from tests.support.browsing import Page
from tests.support.factories import NOON, a_bulletin

pytestmark = pytest.mark.django_db

SECOND = b"BT /F1 16 Tf 72 500 Td (Another headline) Tj ET\n" + b"".join(
    b"BT /F1 11 Tf 72 %d Td (Line %d of the other article says as little as all.) Tj ET\n"
    % (480 - 14 * n, n)
    for n in range(9)
)


@pytest.fixture
def issue(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Issue:
    """An issue as it was uploaded, with two articles."""
    content = plain(content=stream(HEAD + TEXT + SECOND))
    file = SimpleUploadedFile("issue.pdf", content, content_type="application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        editor.post("/admin/issues/issue/add/", {"bulletin": a_bulletin().pk, "file": file})
    return Issue.objects.get()


def perform(issue: Issue, act: acts.Act) -> None:
    issue.refresh_from_db()
    history.perform(issue, act, Submission(None, issue.version, NOON))


def titles(issue: Issue) -> list[str]:
    found = Article.objects.filter(section__issue=issue).order_by("section__position", "position")
    return [one.title for one in found]


def page_of(editor: Client, issue: Issue) -> Page:
    return Page.at(editor, f"/admin/issues/issue/{issue.pk}/again/")


def test_what_was_corrected_by_hand_is_kept_and_what_was_misread_is_mended(
    editor: Client,
    issue: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert titles(issue) == ["A plain headline", "Another headline"]
    first, second = Article.objects.order_by("position")
    # As a former parser read it: the second headline was text of the first article.
    first.passages = (*first.passages, Paragraph("Another headline", 1), *second.passages)
    first.save()
    second.delete()
    perform(issue, acts.EditArticle(first.pk, title="A better headline"))
    with django_capture_on_commit_callbacks(execute=True):
        page_of(editor, issue).press("again", "ask")
    page = page_of(editor, issue)
    assert "What would be different" in page.text
    assert "Another headline" in page.text
    assert titles(issue) == ["A better headline"]
    after = page.press("again", "take")
    assert "The new reading is the draft now." in after.text
    assert titles(issue) == ["A better headline", "Another headline"]
    assert Article.objects.get(title="A better headline").pk == first.pk
    history_page = Page.at(editor, f"/admin/issues/issue/{issue.pk}/history/")
    assert "The issue was read again" in history_page.text
    after.press("acts", "undo")
    assert titles(issue) == ["A better headline"]
    assert "taken before, or there is no new reading" in page.press("again", "take").text


def test_what_cannot_be_kept_is_named_before_it_is_taken(editor: Client, issue: Issue) -> None:
    first = Article.objects.order_by("position")[0]
    first.passages = (Paragraph("Words that no parser reads today.", 1),)
    first.save()
    handle = f"r{first.pk}-1"
    perform(issue, acts.EditBlock(handle, (Paragraph("Corrected words.", 1),)))
    reading_again.ask(issue, at=NOON)
    tasks.read_issue_again(issue.pk)
    page = page_of(editor, issue)
    assert "What cannot be kept, since its words are gone" in page.text
    assert "“Corrected words.” was edited" in page.text or "was edited" in page.text
    assert titles(issue) == ["A plain headline", "Another headline"]


def test_a_published_issue_is_not_read_again(editor: Client, issue: Issue) -> None:
    reading_again.ask(issue, at=NOON)
    tasks.read_issue_again(issue.pk)
    Issue.objects.update(status=Issue.Status.PUBLISHED, published_at=NOON)
    assert "Only a draft can be read again" in page_of(editor, issue).text
    sent = {"take": ["1"], "version": ["0"]}
    page = Page.at(editor, f"/admin/issues/issue/{issue.pk}/again/", sent)
    assert "words can be mended" in page.text
    assert Rereading.objects.exists()


def test_mails_do_not_wait_until_files_are_read_again() -> None:
    for task in (tasks.read_issue, tasks.read_issue_again):
        assert app.amqp.router.route({}, task.name)["queue"].name == "reading"


def test_two_workers_read_it_once(issue: Issue) -> None:
    reading_again.ask(issue, at=NOON)
    rereading = Rereading.objects.get()
    reading_again.read(rereading, at=NOON)
    read_at = Rereading.objects.get().read_at
    reading_again.read(rereading, at=NOON + timedelta(days=1))
    assert Rereading.objects.get().read_at == read_at


def test_what_nobody_reads_is_found_by_the_sweep(
    issue: Issue, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reading_again.ask(issue, at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep()
    assert Rereading.objects.get().read_at is not None


def test_a_file_that_cannot_be_read_any_more_says_why(editor: Client, issue: Issue) -> None:
    file = issue.files.get()
    with file.original.storage.open(file.original.name, "wb") as original:
        original.write(b"%PDF-1.4 nothing")
    reading_again.ask(issue, at=NOON)
    tasks.read_issue_again(issue.pk)
    assert 'role="alert"' in page_of(editor, issue).text
    assert titles(issue) == ["A plain headline", "Another headline"]


def a_file(name: str, *, parts: bytes, **more: object) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, plain(content=stream(parts), **more))  # type: ignore[arg-type]


def propose(editor: Client, issue: Issue, file: SimpleUploadedFile, instead_of: str = "") -> Page:
    address = f"/admin/issues/issue/{issue.pk}/again/"
    sent = {"propose": "1", "file": file, "instead_of": instead_of}
    answer = editor.post(address, sent, follow=True)
    return Page(editor, address, answer.status_code, answer.content.decode())


def test_a_mended_file_takes_the_place_of_the_first_and_undo_brings_that_back(
    editor: Client,
    issue: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = issue.files.get()
    perform(issue, acts.EditArticle(Article.objects.order_by("position")[0].pk, title="Corrected"))
    mended = a_file("mended.pdf", parts=HEAD + TEXT + SECOND.replace(b"Another", b"The other"))
    with django_capture_on_commit_callbacks(execute=True):
        page = propose(editor, issue, mended, str(old.pk))
    page = page_of(editor, issue)
    assert "mended.pdf" in page.text
    assert [file.pk for file in issue.files.in_use()] == [old.pk]
    after = page.press("again", "take")
    assert titles(issue) == ["Corrected", "The other headline"]
    assert [file.name for file in issue.files.in_use()] == ["mended.pdf"]
    after.press("acts", "undo")
    assert titles(issue) == ["Corrected", "Another headline"]
    assert [file.pk for file in issue.files.in_use()] == [old.pk]
    Page.at(editor, f"/admin/issues/issue/{issue.pk}/").press("acts", "redo")
    assert [file.name for file in issue.files.in_use()] == ["mended.pdf"]


def test_one_more_file_comes_behind_the_others_with_its_pages(
    editor: Client,
    issue: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    supplement = HEAD.replace(b"A plain headline", b"From the supplement") + TEXT
    with django_capture_on_commit_callbacks(execute=True):
        propose(editor, issue, a_file("supplement.pdf", parts=supplement))
    page_of(editor, issue).press("again", "take")
    assert titles(issue) == ["A plain headline", "Another headline", "From the supplement"]
    found = Issue.objects.get()
    assert (found.page_count, Article.objects.get(title="From the supplement").first_page) == (2, 2)
    assert [file.position for file in found.files.all()] == [1, 2]


def test_files_that_cannot_be_of_the_issue_are_refused_with_a_reason(
    editor: Client, issue: Issue
) -> None:
    same = a_file("again.pdf", parts=HEAD + TEXT + SECOND)
    assert "is there twice" in propose(editor, issue, same).text
    none = SimpleUploadedFile("photo.pdf", b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert "none of the kinds of files" in propose(editor, issue, none).text
    other = upload.upload(
        issue.bulletin, [a_file("other.pdf", parts=HEAD + SECOND)], at=timezone.now()
    )
    assert "uploaded before" in propose(editor, issue, a_file("o.pdf", parts=HEAD + SECOND)).text
    assert issue.files.count() == other.files.count() == 1
    assert not Rereading.objects.exists()


def test_a_file_that_cannot_be_read_changes_nothing(editor: Client, issue: Issue) -> None:
    propose(editor, issue, SimpleUploadedFile("torn.pdf", b"%PDF-1.7 torn"))
    tasks.read_issue_again(issue.pk)
    page = page_of(editor, issue)
    assert "What would be different" not in page.text
    assert titles(issue) == ["A plain headline", "Another headline"]
    assert [file.name for file in issue.files.in_use()] == ["issue.pdf"]


def test_a_draft_that_was_begun_by_hand_takes_a_file_and_keeps_what_was_written(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    issue = by_hand.begin(a_bulletin(), at=NOON)
    perform(issue, acts.EditFacts(title="Written by hand"))
    with django_capture_on_commit_callbacks(execute=True):
        page_of(editor, issue).press("again", "ask")
    assert "<summary>Contents</summary>" in page_of(editor, issue).text  # its empty section
    with django_capture_on_commit_callbacks(execute=True):
        propose(editor, issue, a_file("first.pdf", parts=HEAD + TEXT))
    page_of(editor, issue).press("again", "take")
    assert "A plain headline" in titles(issue)
    assert Issue.objects.get().title == "Written by hand"
