"""The pages of the PDF stand beside what was read from them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from digests.models import Article, Issue
from tests.issues import an_issue, weather

pytestmark = pytest.mark.django_db
SAMPLE = Path(settings.BASE_DIR, "samples", "ostermere-2026-09.pdf")


@pytest.fixture
def draft() -> Issue:
    issue = an_issue(weather(), status=Issue.Status.DRAFT, page_count=15)
    issue.pdf.save("sample.pdf", ContentFile(SAMPLE.read_bytes()))
    return issue


def picture(client: Client, issue: Issue, page: int, **query: int) -> Image.Image:
    answer = client.get(f"/admin/digests/issue/{issue.pk}/pages/{page}.png", query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_a_page_is_shown_as_it_looks(admin_client: Client, draft: Issue) -> None:
    page = picture(admin_client, draft, 3)
    assert page.width == 1000
    assert abs(page.height / page.width - 210 / 148) < 0.01


def test_the_place_of_an_article_is_outlined_on_its_page_only(
    admin_client: Client, draft: Issue
) -> None:
    article = Article.objects.get(title="Much rain")
    Article.objects.filter(pk=article.pk).update(places=[[3, 60, 100, 350, 500]])
    scale = 1000 / (148 / 25.4 * 72)
    at = int(300 * scale) * 1000 + int(60 * scale) - 3  # on the left edge of the place
    for number, outlined in ((3, True), (4, False)):
        page = picture(admin_client, draft, number, article=article.pk)
        red, blue = (page.getchannel(name).tobytes()[at] for name in "RB")
        assert (red - blue > 100) is outlined


def test_both_editing_pages_show_the_pages_and_lead_into_the_pdf(
    admin_client: Client, draft: Issue
) -> None:
    article = Article.objects.get(title="Much rain")  # on pages 2 and 3
    whole = admin_client.get(f"/admin/digests/issue/{draft.pk}/change/").content.decode()
    own = admin_client.get(f"/admin/digests/article/{article.pk}/change/").content.decode()
    assert whole.count("/pages/") == 15
    assert own.count("/pages/") == 2
    assert f"/pages/2.png?article={article.pk}" in own
    assert "/pdf/#page=3" in own


@pytest.mark.parametrize("page", [0, 16])
def test_a_page_that_is_not_there_is_not_found(
    admin_client: Client, draft: Issue, page: int
) -> None:
    answer = admin_client.get(f"/admin/digests/issue/{draft.pk}/pages/{page}.png")
    assert answer.status_code == 404


def test_pages_of_drafts_are_for_editors(client: Client, draft: Issue) -> None:
    assert client.get(f"/admin/digests/issue/{draft.pk}/pages/1.png").status_code == 302
