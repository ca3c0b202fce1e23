"""An editor uploads files over HTTP: good ones become drafts, others say why, nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from digests.models import Heartbeat
from issues.models import Issue
from tests.support.factories import a_bulletin, an_issue, weather

pytestmark = pytest.mark.django_db

ADD = "/admin/issues/issue/add/"
SAMPLE = Path(settings.BASE_DIR, "samples", "yunze-2026-09.pdf")
ENGLISH = {"Accept-Language": "en"}


def upload(client: Client, content: bytes, *, name: str = "issue.pdf") -> str:
    """The page that the editor sees after the upload."""
    bulletin = a_bulletin().pk if not Issue.objects.exists() else Issue.objects.get().bulletin_id
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    form = {"bulletin": bulletin, "file": file}
    return client.post(ADD, form, follow=True, headers=ENGLISH).content.decode()


def test_a_good_pdf_becomes_a_draft_with_its_sections_whatever_its_name(
    admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(admin_client, SAMPLE.read_bytes(), name="holiday.jpg")
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.DRAFT
    assert issue.sections.count() == 6
    page = admin_client.get(f"/admin/issues/issue/{issue.pk}/change/", headers=ENGLISH)
    assert "政策法规" in page.content.decode()
    assert "The file cannot be read." not in page.content.decode()


def test_a_program_that_is_named_pdf_is_refused_and_nothing_is_kept(admin_client: Client) -> None:
    page = upload(admin_client, b"MZ\x90\x00 not a document")
    assert "“issue.pdf” is none of the kinds of files that can be read here" in page
    assert not Issue.objects.exists()


def test_a_file_over_the_limit_is_refused(admin_client: Client, settings: Settings) -> None:
    settings.PDF_MAX_BYTES = 100
    assert "This is too large." in upload(admin_client, b"%PDF-1.7" + b" " * 200)
    assert not Issue.objects.exists()


def test_an_empty_file_is_refused(admin_client: Client) -> None:
    assert "This file is empty." in upload(admin_client, b"")


def test_the_same_file_twice_leads_to_the_issue_that_there_is(
    admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(admin_client, SAMPLE.read_bytes())
    assert "This file was uploaded before:" in upload(admin_client, SAMPLE.read_bytes())
    assert Issue.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The file is damaged or incomplete."), ("zh-hans", "文件已损坏或不完整。")],
)
def test_a_truncated_file_becomes_unreadable_with_a_reason_in_the_editors_language(
    admin_client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    language: str,
    sentence: str,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(admin_client, SAMPLE.read_bytes()[:50_000])
    issue = Issue.objects.get()
    assert issue.status == Issue.Status.UNREADABLE
    pdf = issue.files.get().pdf
    assert pdf.storage.exists(pdf.name)
    page = admin_client.get(
        f"/admin/issues/issue/{issue.pk}/change/", headers={"Accept-Language": language}
    )
    assert sentence in page.content.decode()


def test_who_is_no_editor_cannot_upload(client: Client) -> None:
    assert client.get(ADD).status_code == 302
    assert client.get(ADD).headers["Location"].startswith("/admin/login/")


def test_where_there_is_one_bulletin_it_is_chosen_already(admin_client: Client) -> None:
    first = a_bulletin()
    chosen = f'<option value="{first.pk}" selected>'
    assert chosen in admin_client.get(ADD).content.decode()
    a_bulletin("second")
    assert chosen not in admin_client.get(ADD).content.decode()


def test_an_issue_that_waits_behind_a_long_file_says_so(admin_client: Client) -> None:
    Heartbeat.objects.record("reading", at=timezone.now())
    bulletin = weather()
    first, second = (an_issue(bulletin, Issue.Status.UPLOADED) for _ in range(2))
    early = second.uploaded_at - timedelta(minutes=1)
    Issue.objects.filter(pk=first.pk).update(reading_at=early, uploaded_at=early)
    behind, being_read = (
        admin_client.get(f"/admin/issues/issue/{one.pk}/change/", headers=ENGLISH).content.decode()
        for one in (second, first)
    )
    assert "waits behind 1 other" in behind
    assert "waits behind" not in being_read
    assert "A long file takes minutes" in being_read
