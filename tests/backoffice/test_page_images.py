"""The pages of the PDF stand beside what was read from them."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lxml import html
from PIL import Image
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from backoffice.issue_pages.page_images import image_address, thumb_address
from issues import binning, page_images
from issues.models import Article, Issue, Piece
from issues.models.issue_file import pages_path
from pdf_reading.issue_text import ParseWarning, Place
from tests.support.factories import a_pdf, an_issue, weather

pytestmark = pytest.mark.django_db
SAMPLE = Path(settings.BASE_DIR, "samples", "ostermere-2026-09.pdf")


@pytest.fixture
def draft() -> Issue:
    issue = an_issue(weather(), status=Issue.Status.DRAFT, page_count=4)
    is_now(issue, SAMPLE.read_bytes())
    return issue


def is_now(issue: Issue, content: bytes) -> None:
    """Put something else in place of the file of an issue."""
    issue.files.get().pdf.save("sample.pdf", ContentFile(content))


def address(issue: Issue, page: int) -> str:
    return f"/admin/issues/issue/{issue.pk}/pages/{page}.png"


def picture(client: Client, issue: Issue, page: int) -> Image.Image:
    answer = client.get(address(issue, page))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_a_page_is_shown_as_it_looks(admin_client: Client, draft: Issue) -> None:
    page = picture(admin_client, draft, 3)
    assert page.width == 1000
    assert abs(page.height / page.width - 210 / 148) < 0.01


def test_a_browser_keeps_the_picture(admin_client: Client, draft: Issue) -> None:
    cache_control = admin_client.get(address(draft, 3)).headers["Cache-Control"]
    assert set(cache_control.split(", ")) == {"private", "max-age=86400", "immutable"}


def test_it_keeps_it_for_good_under_the_address_that_names_the_file(
    admin_client: Client, draft: Issue
) -> None:
    named = image_address(draft, 3)
    answer = admin_client.get(named)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert named.startswith(f"{address(draft, 3)}?of=")
    other = admin_client.get(f"{address(draft, 3)}?of=another")
    assert "max-age=86400" in other.headers["Cache-Control"]


def test_a_browser_that_has_it_is_sent_nothing(admin_client: Client, draft: Issue) -> None:
    etag = admin_client.get(address(draft, 3)).headers["ETag"]
    again = admin_client.get(address(draft, 3), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" in again.headers["Cache-Control"]
    other = admin_client.get(address(draft, 2), headers={"if-none-match": etag})
    assert other.status_code == 200


def test_a_small_picture_is_kept_beside_the_large_one(admin_client: Client, draft: Issue) -> None:
    answer = admin_client.get(thumb_address(draft, 3))
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.width == 160
        assert abs(small.height / small.width - 210 / 148) < 0.01
    assert len(answer.content) < 20_000
    assert answer.headers["ETag"] != admin_client.get(address(draft, 3)).headers["ETag"]
    missing = f"/admin/issues/issue/{draft.pk}/thumbs/9.png"
    assert admin_client.get(missing).status_code == 404


def test_small_ones_are_made_of_large_ones_that_are_there(
    admin_client: Client, draft: Issue
) -> None:
    picture(admin_client, draft, 3)
    for path in kept_of(draft):
        path.with_name(f"{path.stem}.160.png").unlink()
    is_now(draft, b"")  # nothing can be made of it any more
    assert admin_client.get(thumb_address(draft, 3)).status_code == 200
    assert len(kept_of(draft)) == 4


def test_pages_that_an_editor_looks_at_are_made_first(draft: Issue) -> None:
    draft.files.update(page_count=15)
    draft.page_count = 15
    draft.warnings = (ParseWarning("no_headline", page=9),)
    draft.save()
    article = Article.objects.get(title="No wind")
    Article.objects.filter(pk=article.pk).update(first_page=12, last_page=13, confidence=0.3)
    Piece.objects.create(issue=draft, position=1, text="x", places=(Place(7, 0, 0, 9, 9),))
    made = []
    while page_images.make_missing(draft, seconds=0.05):
        made += [int(path.stem) for path in kept_of(draft) if int(path.stem) not in made]
    assert made[:8] == [1, 2, 3, 7, 9, 12, 13, 4]


def test_a_page_of_pictures_asks_no_more_for_more_of_them(
    admin_client: Client, draft: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    picture(admin_client, draft, 3)
    small = thumb_address(draft, 3)
    with django_assert_num_queries(4):  # the session, the user, the issue, its files
        admin_client.get(small)


def test_a_page_of_a_second_file_is_known_by_that_file(admin_client: Client, draft: Issue) -> None:
    second = a_pdf(draft, b"another", page_count=2)
    second.pdf.save("sample.pdf", ContentFile(SAMPLE.read_bytes()))
    of = f"?of={second.sha256[:12]}"
    assert image_address(draft, 6) == f"{address(draft, 6)}{of}"
    answer = admin_client.get(thumb_address(draft, 6))
    assert (answer.status_code, "max-age=31536000" in answer["Cache-Control"]) == (200, True)
    assert answer["ETag"] == f'"{second.sha256[:24]}-2-160"'


def test_pictures_are_made_once_and_kept(admin_client: Client, draft: Issue) -> None:
    first = admin_client.get(address(draft, 3)).content
    is_now(draft, b"")  # nothing can be made of it any more
    assert admin_client.get(address(draft, 3)).content == first
    assert {path.name for path in kept_of(draft)} == {f"{n}.png" for n in range(1, 5)}


def test_they_are_made_behind_the_reading(
    admin_client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = SimpleUploadedFile("a.pdf", SAMPLE.read_bytes(), content_type="application/pdf")
    form = {"bulletin": weather().pk, "file": file}
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post("/admin/issues/issue/add/", form)
    issue = Issue.objects.get()
    assert len(kept_of(issue)) == issue.page_count == 15


def test_what_is_not_made_yet_is_waited_for_by_the_browser_alone(
    admin_client: Client, draft: Issue
) -> None:
    part = folder_of(draft) / "1.part"
    part.parent.mkdir(parents=True)
    part.touch()  # another worker is at it
    answer = admin_client.get(address(draft, 3))
    assert answer.status_code == 202
    assert answer.headers["Retry-After"] == "1"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "max-age" not in answer.headers["Cache-Control"]
    os.utime(part, (0, 0))  # it died
    assert picture(admin_client, draft, 3).width == 1000


def test_a_task_makes_pictures_for_some_seconds_and_says_what_is_left(draft: Issue) -> None:
    assert page_images.make_missing(draft, first=3, seconds=0) is True
    assert [path.name for path in kept_of(draft)] == []
    assert page_images.make_missing(draft, first=3, seconds=0.01) is True
    assert [path.name for path in kept_of(draft)] == ["3.png"]
    assert page_images.make_missing(draft, seconds=60) is False
    assert len(kept_of(draft)) == 4


def test_what_cannot_be_pictured_is_tried_once(admin_client: Client, draft: Issue) -> None:
    is_now(draft, b"%PDF-1.4\nnothing")
    assert admin_client.get(address(draft, 3)).status_code == 404
    is_now(draft, SAMPLE.read_bytes())
    assert admin_client.get(address(draft, 3)).status_code == 404


def test_they_go_with_their_issue(
    admin_client: Client,
    draft: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture(admin_client, draft, 3)
    folder = folder_of(draft)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"/admin/issues/issue/{draft.pk}/delete/", {"post": "yes"})
        binning.purge(at=timezone.now() + 2 * binning.KEPT_FOR)
    assert not Issue.objects.exists()
    assert list(folder.glob("*")) == []


def kept_of(issue: Issue) -> list[Path]:
    """The large pictures; a small one stands beside each."""
    files = set(folder_of(issue).glob("*"))
    large = {path for path in files if path.stem.isdecimal()}
    assert {path.name for path in files - large} == {f"{path.stem}.160.png" for path in large}
    return sorted(large)


def folder_of(issue: Issue) -> Path:
    return Path(default_storage.path(pages_path(issue.files.get())))


def test_the_place_of_an_article_is_outlined_over_the_one_picture(
    admin_client: Client, draft: Issue
) -> None:
    article = Article.objects.get(title="Much rain")  # on pages 2 and 3
    Article.objects.filter(pk=article.pk).update(places=[[3, 60, 100, 350, 500]])
    picture(admin_client, draft, 3)
    page = admin_client.get(f"/admin/issues/article/{article.pk}/change/").content.decode()
    found = html.document_fromstring(page).xpath("//figure[@id='page-3']//svg")
    (box,) = cast("list[html.HtmlElement]", found)
    assert [(one.get("x"), one.get("y"), one.get("width"), one.get("height")) for one in box] == [
        ("58.0", "98.0", "294.0", "404.0")
    ]
    # A5, in points: 148 by 210 mm.
    width, height = map(float, box.get("viewbox", "").split()[2:])
    assert (round(width), round(height)) == (420, 595)
    assert page.count("<rect") == 1
    assert "?article=" not in page


def test_both_editing_pages_show_the_pages_and_lead_into_the_pdf(
    admin_client: Client, draft: Issue
) -> None:
    article = Article.objects.get(title="Much rain")  # on pages 2 and 3
    whole = admin_client.get(f"/admin/issues/issue/{draft.pk}/change/").content.decode()
    own = admin_client.get(f"/admin/issues/article/{article.pk}/change/").content.decode()
    assert (whole.count("/pages/"), whole.count("/thumbs/")) == (4, 4)
    assert own.count("/pages/") == 2
    assert f'/pages/2.png?of={draft.files.get().sha256[:12]}"' in own
    assert "/pdf/#page=3" in own


@pytest.mark.parametrize("page", [0, 5])
def test_a_page_that_is_not_there_is_not_found(
    admin_client: Client, draft: Issue, page: int
) -> None:
    answer = admin_client.get(f"/admin/issues/issue/{draft.pk}/pages/{page}.png")
    assert answer.status_code == 404


def test_pages_of_drafts_are_for_editors(client: Client, draft: Issue) -> None:
    assert client.get(f"/admin/issues/issue/{draft.pk}/pages/1.png").status_code == 302
