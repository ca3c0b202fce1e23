"""Public pages are found: by search engines, in the list of issues, and in chats that preview."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree, html
from PIL import Image
from pytest_django.fixtures import Settings

from issues.models import Article, Issue
from pdf_reading.issue_text import StoredFigure
from publications.models import Bulletin
from tests.support.factories import PNG, an_issue, weather

pytestmark = pytest.mark.django_db
SITE = "https://weather.example.org"
MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def bulletin() -> Bulletin:
    return weather()


def head(client: Client, address: str) -> dict[str, str]:
    """The canonical address of a page, and what it tells those who preview it."""
    page = html.fromstring(client.get(address).content.decode())
    found = {
        tag.get("property") or tag.get("name"): tag.get("content") for tag in page.iter("meta")
    }
    found["canonical"] = next(
        (tag.get("href") for tag in page.iter("link") if tag.get("rel") == "canonical"), ""
    )
    return {str(name): str(value) for name, value in found.items() if name}


def published_in(bulletin: Bulletin, year: int, month: int = 6) -> Issue:
    issue = an_issue(bulletin)
    Issue.objects.filter(pk=issue.pk).update(published_at=datetime(year, month, 1, 9, tzinfo=UTC))
    issue.refresh_from_db()
    return issue


def test_robots_are_kept_from_the_admin_and_shown_the_map(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {SITE}/sitemap.xml",
    ]


def test_the_map_has_what_is_published_and_nothing_else(client: Client, bulletin: Bulletin) -> None:
    issue = published_in(bulletin, 2025)
    an_issue(bulletin, status=Issue.Status.DRAFT)
    withdrawn = published_in(bulletin, 2024)
    Issue.objects.filter(pk=withdrawn.pk).update(status=Issue.Status.WITHDRAWN)
    gone, *standing = Article.objects.filter(section__issue=issue).order_by("pk")
    Article.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    tree = etree.fromstring(client.get("/sitemap.xml").content)
    found = [str(one.text) for one in tree.iterfind(".//s:loc", namespaces=MAPS)]
    page = f"{SITE}/b/weather/"
    assert found == [
        page,
        f"{page}issues/{issue.pk}/",
        *(f"{page}issues/{issue.pk}/articles/{one.pk}/" for one in standing),
    ]
    assert {one.text for one in tree.iterfind(".//s:lastmod", namespaces=MAPS)} == {"2025-06-01"}


@pytest.mark.parametrize("name", ["favicon.ico", "apple-touch-icon.png"])
def test_icons_are_where_they_are_looked_for(client: Client, name: str) -> None:
    answer = client.get(f"/{name}")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/bulletin/{name}")


def test_a_page_says_what_it_is_and_where(client: Client, bulletin: Bulletin) -> None:
    Bulletin.objects.update(description='All about "rain" & wind')
    issue = an_issue(bulletin)
    article = Article.objects.get(section__issue=issue, title="Much rain")
    of_bulletin = head(client, "/b/weather/")
    assert of_bulletin["canonical"] == of_bulletin["og:url"] == f"{SITE}/b/weather/"
    assert of_bulletin["description"] == 'All about "rain" & wind'
    of_issue = head(client, f"/b/weather/issues/{issue.pk}/?utm_source=x")
    assert of_issue["canonical"] == f"{SITE}/b/weather/issues/{issue.pk}/"
    assert of_issue["og:description"] == "Much rain · Little rain · No wind"
    of_article = head(client, f"/b/weather/issues/{issue.pk}/articles/{article.pk}/")
    assert of_article["og:type"] == "article"
    assert of_article["og:title"] == "Much rain"
    assert of_article["og:site_name"] == "The weather"
    assert of_article["description"].startswith("Much rain, says the forecast.")
    assert of_article["og:image"] == f"{SITE}/b/weather/issues/{issue.pk}/figures/cloud.png"


def test_a_draft_tells_nobody_what_it_is(admin_client: Client, bulletin: Bulletin) -> None:
    draft = an_issue(bulletin, status=Issue.Status.DRAFT)
    found = head(admin_client, f"/b/weather/issues/{draft.pk}/")
    assert found["robots"] == "noindex"
    assert found["canonical"] == ""
    assert "og:title" not in found


def test_the_list_has_pages_and_years(
    client: Client, bulletin: Bulletin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issues.views.ISSUES_A_PAGE", 2)
    rows = [published_in(bulletin, *when) for when in ((2024, 3), (2025, 1), (2025, 5), (2025, 7))]

    def shown(query: str) -> list[int]:
        page = client.get(f"/b/weather/{query}").content.decode()
        return [row for row in range(4) if f"/issues/{rows[row].pk}/" in page]

    assert shown("") == [2, 3]
    assert shown("?page=2") == [0, 1]
    assert shown("?year=2025&page=2") == [1]
    assert shown("?year=2024") == [0]
    for odd in ("?year=1999", "?year=x&page=x", "?page=0", "?year=2025%00", "?page=-1&year=-5"):
        assert len(shown(odd)) == 2
    page = client.get("/b/weather/?year=2025").content.decode()
    assert 'href="?year=2024"' in page
    assert 'href="?year=2025&amp;page=2"' in page
    assert head(client, "/b/weather/?year=2025&page=2&x=1")["canonical"] == (
        f"{SITE}/b/weather/?year=2025&page=2"
    )


def test_one_year_and_one_page_need_no_ways(client: Client, bulletin: Bulletin) -> None:
    published_in(bulletin, 2025)
    page = client.get("/b/weather/").content.decode()
    assert "?year=" not in page
    assert "?page=" not in page


def test_an_issue_leads_to_the_ones_beside_it(client: Client, bulletin: Bulletin) -> None:
    first, middle, last = (published_in(bulletin, 2025, month) for month in (1, 2, 3))
    published_in(weather("science"), 2025, 2)
    an_issue(bulletin, status=Issue.Status.DRAFT)
    page = html.fromstring(client.get(f"/b/weather/issues/{middle.pk}/").content.decode())
    found = {tag.get("rel"): tag.get("href") for tag in page.iter("a") if tag.get("rel")}
    assert found["prev"] == f"/b/weather/issues/{first.pk}/"
    assert found["next"] == f"/b/weather/issues/{last.pk}/"
    page = html.fromstring(client.get(f"/b/weather/issues/{last.pk}/").content.decode())
    assert "next" not in {tag.get("rel") for tag in page.iter("a")}


def test_a_picture_says_how_large_it_is_so_that_the_text_does_not_jump(
    client: Client, bulletin: Bulletin
) -> None:
    issue = an_issue(bulletin)
    article = Article.objects.get(section__issue=issue, title="Much rain")
    where = f"/b/weather/issues/{issue.pk}/articles/{article.pk}/"
    (picture,) = html.fromstring(client.get(where).content.decode()).iter("img")
    with Image.open(BytesIO(PNG)) as known:
        size = known.size
    assert (int(picture.get("width", "0")), int(picture.get("height", "0"))) == size


def test_a_picture_that_is_gone_has_no_size(client: Client, bulletin: Bulletin) -> None:
    issue = an_issue(bulletin)
    article = Article.objects.get(section__issue=issue, title="Much rain")
    Article.objects.filter(pk=article.pk).update(
        passages=[StoredFigure(caption="Gone", page=1, image="none.png")]
    )
    page = client.get(f"/b/weather/issues/{issue.pk}/articles/{article.pk}/").content.decode()
    assert "none.png" in page
    assert "width=" not in page.partition("<main")[2]
