"""An issue begins with files, with pasted text, or by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from document_reading import is_installed
from issues.intake import upload
from issues.models import Article, Issue, IssueFile
from publications.models import Bulletin
from tests.support.browsing import Page
from tests.support.documents import docx, odt, p
from tests.support.factories import a_bulletin, an_issue, weather

pytestmark = pytest.mark.django_db

ADD = "/admin/issues/issue/add/"
SAMPLE = Path(settings.BASE_DIR, "samples", "yunze-2026-09.pdf")
DOCX = docx(p("Much rain", style="1"), p("It rains."), p("No wind", style="1"), p("It is still."))
TEXT = "# Much rain\n\nIt rains, see https://example.org/rain.\n\n# No wind\n\nIt is still.\n"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without LibreOffice."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture(autouse=True)
def _english(client: Client, editor: Client) -> None:
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def begin(editor: Client, button: str = "_upload", **form: object) -> Page:
    """The page that the editor sees after pressing a button of the form."""
    bulletin = Bulletin.objects.first() or a_bulletin()
    data = {"bulletin": bulletin.pk, button: "1", **form}
    answer = editor.post(ADD, data, follow=True)
    path = answer.request["PATH_INFO"]
    return Page(editor, path, answer.status_code, answer.content.decode())


def files(*contents: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in contents]


def titles() -> list[str]:
    articles = Article.objects.order_by("section__position", "position")
    return list(articles.values_list("title", flat=True))


@pytest.mark.usefixtures("bare")
def test_a_word_file_becomes_a_draft_also_without_libreoffice(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        begin(editor, file=files(("issue.docx", DOCX)))
    issue = Issue.objects.get()
    assert (issue.status, issue.page_count) == (Issue.Status.DRAFT, 0)
    assert titles() == ["Much rain", "No wind"]
    page = Page.at(editor, f"/admin/issues/issue/{issue.pk}/change/")
    assert page.status == 200
    assert "the pages of the PDF" not in page.text.lower()
    article = Page.at(editor, f"/admin/issues/article/{Article.objects.earliest('pk').pk}/change/")
    assert article.status == 200
    assert Page.at(editor, f"/b/letters/issues/{issue.pk}/").status == 200
    assert Page.at(editor, f"/b/letters/issues/{issue.pk}/pdf/").status == 404


@pytest.mark.skipif(not is_installed(), reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["issue.docx", "issue.odt"])
def test_the_pages_of_a_document_stand_beside_the_draft(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, name: str
) -> None:
    content = (
        DOCX
        if name == "issue.docx"
        else odt("<text:h>Much rain</text:h><text:p>It rains.</text:p>")
    )
    with django_capture_on_commit_callbacks(execute=True):
        begin(editor, file=files((name, content)))
    issue = Issue.objects.get()
    assert issue.page_count == 1
    picture = editor.get(f"/admin/issues/issue/{issue.pk}/pages/1.png")
    assert picture.headers["Content-Type"] == "image/png"
    pdf = editor.get(f"/b/letters/issues/{issue.pk}/pdf/")
    assert pdf.getvalue().startswith(b"%PDF-")
    original = editor.get(f"/admin/issues/issue/{issue.pk}/files/1/")
    assert original.getvalue() == content
    assert original.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert original.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Debian package libreoffice-writer-nogui"), ("zh-hans", "libreoffice-writer-nogui")],
)
def test_what_libreoffice_alone_reads_is_refused_with_the_package_to_install(
    editor: Client, language: str, sentence: str
) -> None:
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    assert sentence in editor.get(ADD).content.decode()
    page = begin(editor, file=files(("old.doc", b"{\\rtf1 x}")))
    assert "old.doc" in page.text
    assert page.text.count(sentence) == 2
    assert not Issue.objects.exists()


def test_several_files_are_one_issue_in_their_order(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        begin(
            editor,
            file=files(
                ("first.md", TEXT.encode()),
                ("second.pdf", SAMPLE.read_bytes()),
                ("third.pdf", SAMPLE.read_bytes() + b"\n"),
            ),
        )
    issue = Issue.objects.get()
    pages = issue.files.get(name="second.pdf").page_count
    assert issue.page_count == 2 * pages > 0
    assert issue.file_name == "first.md, second.pdf, third.pdf"
    own = issue.sections.count()
    assert own == 1 + 6 + 6
    firsts = [
        Article.objects.filter(section__position=position).earliest("position").first_page
        for position in (1, 2, 8)
    ]
    assert firsts == [0, firsts[1], firsts[1] + pages]
    for number in (pages, pages + 1):
        assert editor.get(f"/admin/issues/issue/{issue.pk}/pages/{number}.png").status_code == 200
    assert (
        editor.get(f"/admin/issues/issue/{issue.pk}/pages/{2 * pages + 1}.png").status_code == 404
    )
    page = Page.at(editor, f"/b/letters/issues/{issue.pk}/")
    assert page.text.count("PDF, ") == 2
    assert f'/b/letters/issues/{issue.pk}/pdf/2/"' in page.text
    last = Article.objects.latest("section__position")
    shown = Page.at(editor, f"/b/letters/issues/{issue.pk}/articles/{last.pk}/")
    assert f"/b/letters/issues/{issue.pk}/pdf/2/#page={last.first_page - pages}" in shown.text
    change = Page.at(editor, f"/admin/issues/issue/{issue.pk}/change/")
    assert f"/b/letters/issues/{issue.pk}/pdf/2/#page=1" in change.text
    assert "first.md" in change.text


def test_of_several_files_the_one_that_cannot_be_read_is_named(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = begin(
            editor,
            file=files(("good.md", TEXT.encode()), ("torn.pdf", SAMPLE.read_bytes()[:5000])),
        )
    page = Page.at(editor, page.path)
    assert "torn.pdf: The file is damaged or incomplete." in page.text
    assert not Article.objects.exists()
    assert "torn.pdf: The file is damaged" in Page.at(editor, "/admin/").text


def test_one_bad_file_keeps_all_out(editor: Client) -> None:
    page = begin(editor, file=files(("good.md", TEXT.encode()), ("bad.zip", b"PK\x03\x04 zip")))
    assert "“bad.zip” is none of the kinds of files that can be read here" in page.text
    assert not Issue.objects.exists()
    assert not IssueFile.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


def test_a_file_that_is_there_twice_is_refused(editor: Client) -> None:
    twice = files(("a.md", TEXT.encode()), ("b.md", TEXT.encode()))
    assert "“a.md” is there twice." in begin(editor, file=twice).text
    begin(editor, file=files(("a.md", TEXT.encode())))
    again = begin(editor, file=files(("new.md", b"# New"), ("b.md", TEXT.encode())))
    assert "This file was uploaded before:" in again.text
    assert IssueFile.objects.count() == 1


def test_files_are_bounded_together(editor: Client, settings: Settings) -> None:
    settings.PDF_MAX_BYTES = 100
    two = files(("a.md", b"# A\n" * 20), ("b.md", b"# B\n" * 20))
    assert "This is too large." in begin(editor, file=two).text
    many = files(*((f"{n}.md", f"# {n}".encode()) for n in range(upload.MAX_FILES + 1)))
    assert "in at most 20 files" in begin(editor, file=many).text
    assert not Issue.objects.exists()


def test_without_a_file_the_page_says_so(editor: Client) -> None:
    assert "Choose a file first." in begin(editor).text


def test_pasted_text_becomes_a_draft_and_is_known_again(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        begin(editor, "_paste", text=TEXT)
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.DRAFT
    assert titles() == ["Much rain", "No wind"]
    (link,) = Article.objects.get(title="Much rain").passages[0].links
    assert link.url == "https://example.org/rain"
    assert "This file was uploaded before:" in begin(editor, "_paste", text=TEXT).text
    original = editor.get(f"/admin/issues/issue/{issue.pk}/files/1/")
    assert original.getvalue().decode() == TEXT
    saved = original.headers["Content-Disposition"]
    assert saved.startswith("attachment;")
    assert ".txt" in saved


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "There is no text here yet."),
        ("x" * 1_000_001, "This text is too long. At most 1,000,000 characters are allowed."),
        ("<!doctype html><p>x", "none of the kinds of files that can be read here"),
    ],
)
def test_text_that_is_none_or_too_long_is_refused(editor: Client, text: str, sentence: str) -> None:
    assert sentence in begin(editor, "_paste", text=text).text
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "That was too much at once"), ("zh-hans", "一次发送的内容太多")],
)
def test_ten_megabytes_of_text_are_refused_in_words(
    editor: Client, language: str, sentence: str
) -> None:
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page = begin(editor, "_paste", text="x" * (10 << 20))
    assert page.status == 413
    assert sentence in page.text
    assert not Issue.objects.exists()


def test_by_hand_a_draft_of_today_with_one_section_begins_once(editor: Client) -> None:
    page = begin(editor, "_begin")
    issue = Issue.objects.get()
    assert page.path == f"/admin/issues/issue/{issue.pk}/change/"
    assert (issue.status, issue.date) == (Issue.Status.DRAFT, localdate().isoformat())
    assert issue.title == "Letters"
    assert issue.sections.get().title == ""
    assert begin(editor, "_begin").path == page.path
    assert Issue.objects.count() == 1
    Issue.objects.update(version=1)  # somebody wrote in it
    assert begin(editor, "_begin").path != page.path


def test_the_bulletin_of_the_address_is_chosen(editor: Client) -> None:
    a_bulletin()
    second = a_bulletin("second")
    page = editor.get(f"{ADD}?bulletin={second.pk}").content.decode()
    assert f'<option value="{second.pk}" selected>' in page


def test_originals_are_for_editors_alone(client: Client) -> None:
    issue = an_issue(weather())
    answer = client.get(f"/admin/issues/issue/{issue.pk}/files/1/")
    assert answer.status_code == 302
