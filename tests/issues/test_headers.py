"""What pages and pictures say to browsers and to caches."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from issues.models import Article, Issue
from publications.branding import masthead
from publications.models import Bulletin
from subscribers import change_links
from subscribers.links import Purpose, token
from subscribers.models import AddressChange
from tests.support.factories import NOW, a_reader, an_issue, topics_of, weather

pytestmark = pytest.mark.django_db

PERSONAL = {"confirm", "preferences", "pause", "stop", "leave", "undo"}
BESIDE = {
    "change_address",
    "digests:my_data",
    "digests:my_mails",
    "erase",
    "follow",
    "former_address",
    "new_address",
    "not_me",
    "stop_phrase",
    "why",
}
KEPT = "max-age=31536000, public, immutable"


@pytest.fixture(autouse=True)
def _answers_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing an answer ends its request, with which Django ends a connection whose autocommit is
    off, as that of a test in a transaction is."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def issue() -> Issue:
    made = an_issue(weather())
    made.bulletin.image.save("head.png", ContentFile(png("red")))
    return Issue.objects.select_related("bulletin").get(pk=made.pk)


def png(colour: str) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (40, 20), colour).save(kept, "png")
    return kept.getvalue()


def routes() -> set[str]:
    """The names of all pages but the admin's."""

    def names(patterns: Any, space: str) -> set[str]:
        found: set[str] = set()
        for one in patterns:
            if not space and str(one.pattern).startswith("admin/"):
                continue
            if isinstance(one, URLPattern) and one.name:
                found.add(f"{space}{one.name}")
            elif isinstance(one, URLResolver):
                inner = f"{one.namespace}:" if one.namespace else space
                found |= names(one.url_patterns, inner)
        return found

    return names(get_resolver().url_patterns, "")


def addresses(issue: Issue) -> dict[str, str]:
    """A page of each route."""
    bulletin, slug = issue.bulletin, issue.bulletin.slug
    article = Article.objects.filter(section__issue=issue)[0]
    reader = a_reader(bulletin, "ann@example.org", topics=topics_of(bulletin, ["Snow"]))
    own = {
        f"subscribers:{purpose}": reverse(
            f"subscribers:{purpose}", args=[token(reader, Purpose(purpose))]
        )
        for purpose in PERSONAL
    }
    choices = own["subscribers:preferences"]
    for name in ("subscribers:change_address", "subscribers:why", "subscribers:erase"):
        own[name] = reverse(name, args=[choices.split("/")[2]])
    for name in ("digests:my_mails", "digests:my_data"):
        own[name] = reverse(name, args=[choices.split("/")[2]])
    change = AddressChange.objects.create(
        subscriber=reader, address="ann@new.example", requested_at=NOW
    )
    for side in change_links.Side:
        own[f"subscribers:{side}"] = reverse(
            f"subscribers:{side}", args=[change_links.token(change, side)]
        )
    own["subscribers:not_me"] = reverse("subscribers:not_me", args=[token(reader, Purpose.CONFIRM)])
    topic = bulletin.topics.all()[0]
    own["subscribers:follow"] = reverse(
        "subscribers:follow", args=[token(reader, Purpose.PREFERENCES), topic.pk]
    )
    own["subscribers:stop_phrase"] = reverse(
        "subscribers:stop_phrase", args=[token(reader, Purpose.STOP)]
    )
    name = cast("str", getattr(masthead(bulletin), "url", "")).rpartition("/")[2]
    return own | {
        "issues:home": reverse("issues:home"),
        "issues:robots": "/robots.txt",
        "issues:sitemap": "/sitemap.xml",
        "issues:favicon": "/favicon.ico",
        "issues:apple_touch_icon": "/apple-touch-icon.png",
        "issues:bulletin": reverse("issues:bulletin", args=[slug]),
        "issues:feed": reverse("issues:feed", args=[slug]),
        "issues:masthead": reverse("issues:masthead", args=[slug, name]),
        "issues:issue": reverse("issues:issue", args=[slug, issue.pk]),
        "issues:pdf": reverse("issues:pdf", args=[slug, issue.pk]),
        "issues:figure": reverse("issues:figure", args=[slug, issue.pk, "cloud.png"]),
        "issues:article": reverse("issues:article", args=[slug, issue.pk, article.pk]),
        "digests:edition": reverse("digests:edition", args=["forged"]),
        "release": reverse("release", args=["forged"]),
        "subscribers:accent": reverse("subscribers:accent", args=["1f4e79"]),
        "subscribers:my_link_sent": reverse("subscribers:my_link_sent"),
        "subscribers:my_subscription": reverse("subscribers:my_subscription"),
        "subscribers:sign_up": reverse("subscribers:sign_up", args=[slug]),
        "subscribers:sign_up_elsewhere": reverse("subscribers:sign_up_elsewhere", args=[slug]),
        "subscribers:signed_up": reverse("subscribers:signed_up", args=[slug]),
        "subscribers:request_link": reverse("subscribers:request_link", args=[slug]),
        "subscribers:link_requested": reverse("subscribers:link_requested", args=[slug]),
        "set_language": reverse("set_language"),
    }


def test_every_route_has_a_policy_and_no_public_page_a_cookie(issue: Issue) -> None:
    known = addresses(issue)
    assert known.keys() == {name for name in routes() if "anymail" not in name} - {
        "healthz",
        "readyz",
    }
    for name, address in known.items():
        answer = Client().get(address)
        answer.close()
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "script-src" not in policy, name
        assert answer["Permissions-Policy"], name
        personal = name.removeprefix("subscribers:") in PERSONAL | BESIDE
        assert personal or not answer.cookies, name
        assert personal or "Cookie" not in answer.get("Vary", ""), name
        assert not personal or "no-store" in answer["Cache-Control"], name


def test_pages_that_are_missing_have_a_policy_and_no_cookie() -> None:
    answer = Client().get("/nothing/")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_the_admin_runs_its_own_files_alone(admin_client: Client) -> None:
    policy = admin_client.get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy


def test_the_language_is_switched_without_a_token_and_leads_to_no_other_site(issue: Issue) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = addresses(issue)["issues:issue"]
    answer = browser.post(reverse("set_language"), {"language": "zh-hans", "next": page})
    assert answer["Location"] == page
    assert (
        "全部期刊" in browser.get(page).content.decode()
        or "zh-Hans" in browser.get(page).content.decode()
    )
    assert "Cookie" in browser.get(page)["Vary"]
    away = browser.post(reverse("set_language"), {"language": "en", "next": "https://example.com/"})
    assert away["Location"] == "/"
    browser.post(reverse("set_language"), {"language": "tlh", "next": page})
    assert browser.cookies["django_language"].value == "en"


def test_what_an_editor_sees_is_kept_by_nobody_else(issue: Issue, admin_client: Client) -> None:
    answer = admin_client.get(addresses(issue)["issues:issue"])
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_a_page_that_did_not_change_is_not_sent_again(issue: Issue) -> None:
    page = addresses(issue)["issues:issue"]
    first = Client().get(page)
    again = Client().get(page, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Issue.objects.update(title="Another")
    assert Client().get(page, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_feed_that_did_not_change_is_not_sent_again(issue: Issue) -> None:
    feed = addresses(issue)["issues:feed"]
    first = Client().get(feed)
    since = {"if-modified-since": first["Last-Modified"]}
    assert Client().get(feed, headers=since).status_code == 304


@pytest.mark.parametrize("name", ["issues:figure", "issues:masthead", "subscribers:accent"])
def test_pictures_are_kept_for_good_and_not_sent_twice(issue: Issue, name: str) -> None:
    address = addresses(issue)[name]
    first = Client().get(address)
    first.close()
    assert set(first["Cache-Control"].split(", ")) == set(KEPT.split(", "))
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert set(again["Cache-Control"].split(", ")) == set(KEPT.split(", "))


def test_the_figure_of_a_draft_is_private(issue: Issue, admin_client: Client) -> None:
    address = addresses(issue)["issues:figure"]
    Issue.objects.update(status=Issue.Status.DRAFT)
    shown = admin_client.get(address)
    shown.close()
    assert set(shown["Cache-Control"].split(", ")) == {"private", "no-cache"}
    etag = {"if-none-match": '"cloud.png"'}
    assert Client().get(address, headers=etag).status_code == 404
    assert admin_client.get(address, headers=etag).status_code == 304


def test_another_masthead_has_another_address_and_the_old_one_leads_there(issue: Issue) -> None:
    bulletin = issue.bulletin
    old = addresses(issue)["issues:masthead"]
    bulletin.image.delete(save=False)
    bulletin.image.save("head.png", ContentFile(png("green")))
    new = masthead(Bulletin.objects.get())
    assert new
    assert not new.url.endswith(old)
    moved = Client().get(old)
    assert moved.status_code == 302
    assert new.url.endswith(moved["Location"])
    assert "immutable" not in moved.get("Cache-Control", "")


def test_a_masthead_whose_file_is_gone_keeps_no_mail_back(issue: Issue) -> None:
    bulletin = issue.bulletin
    bulletin.image.storage.delete(bulletin.image.name)
    assert masthead(bulletin) is None


def test_staff_without_a_session_cookie_see_no_drafts(issue: Issue) -> None:
    assert User.objects.count() == 0
    Issue.objects.update(status=Issue.Status.DRAFT)
    assert Client().get(addresses(issue)["issues:issue"]).status_code == 404
