"""From a PDF to the mails in four presses, and what the pages on the way cost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from digests.models import Delivery
from digests.models.delivery import DeliveryStatus
from issues.models import Article, Issue
from tests.support.browsing import Page
from tests.support.factories import a_bulletin, a_reader, an_article, an_issue, weather

pytestmark = pytest.mark.django_db
SAMPLE = Path(settings.BASE_DIR, "samples", "yunze-2026-09.pdf")


def test_from_a_pdf_to_the_mails_in_four_presses(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    bulletin = a_bulletin()
    file = SimpleUploadedFile("issue.pdf", SAMPLE.read_bytes(), content_type="application/pdf")
    with django_capture_on_commit_callbacks(execute=True):  # 1. Upload
        answer = editor.post(
            "/admin/issues/issue/add/", {"bulletin": bulletin.pk, "file": file}, follow=True
        )
    page = Page.at(editor, answer.request["PATH_INFO"])
    page = page.press("acts", "make_topics")  # 2. Make a topic of each of them
    a_reader(bulletin, "ann@reader.example", topics=list(bulletin.topics.all()))
    asks = page.follow("Publish …")  # 3. Save and publish
    with django_capture_on_commit_callbacks(execute=True):
        asks.press("publish")  # 4. Publish and mail
    assert Issue.objects.get().status == Issue.Status.PUBLISHED
    assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("issue/{issue}/change/", 19),
        ("issue/{issue}/publish/", 23),
        ("article/{article}/change/", 15),
    ],
)
def test_a_page_costs_as_many_queries_for_a_long_issue(
    editor: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    page: str,
    queries: int,
) -> None:
    issue = an_issue(weather(), status=Issue.Status.DRAFT)
    keys = {"issue": issue.pk, "article": Article.objects.get(title="No wind").pk}
    address = f"/admin/issues/{page.format(**keys)}"
    Page.at(editor, address)  # content types are asked for once in a process
    with django_assert_num_queries(queries):
        Page.at(editor, address)
    for n in range(20):
        section = issue.sections.create(title=f"Part {n}", position=3 + n, not_for_mailing=True)
        an_article(section, f"Article {n}")
    with django_assert_num_queries(queries):
        Page.at(editor, address)
