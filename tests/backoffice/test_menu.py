"""One finds one's road from every page, and what was in any issue."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from digests import sending
from digests.models import Delivery
from digests.models.delivery import DeliveryStatus
from issues.models import Article, Issue
from tests.support.browsing import Page
from tests.support.factories import a_digest, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db


def menu(page: Page) -> list[tuple[str, str]]:
    """The words of the menu, each with its `aria-current`."""
    nav = page.text.partition('<div class="menu">')[2].partition("</nav>")[0]
    found = re.findall(r'<a href="[^"]+"(?: aria-current="(\w+)")?>([^<]+)</a>', nav)
    return [(words, current) for current, words in found]


def current(editor: Client, address: str) -> tuple[str, str]:
    (here,) = [entry for entry in menu(Page.at(editor, f"/admin/{address}")) if entry[1]]
    return here


def test_it_leads_to_every_list(editor: Client) -> None:
    words = [words for words, _ in menu(Page.at(editor, "/admin/"))]
    assert words == [
        *("Home", "Issues", "Bulletins", "Topics", "Readers"),
        *("Digests", "Deliveries", "Suppressions", "Users", "Groups", "Who did what"),
    ]
    for name in words:
        assert Page.at(editor, "/admin/").follow(name).status == 200


def test_it_marks_where_one_is(editor: Client, draft: Issue) -> None:
    article = Article.objects.get(title="No wind")
    assert current(editor, "") == ("Home", "page")
    assert current(editor, "issues/issue/") == ("Issues", "page")
    assert current(editor, f"issues/issue/{draft.pk}/change/") == ("Issues", "true")
    assert current(editor, f"issues/issue/{draft.pk}/publish/") == ("Issues", "true")
    assert current(editor, f"issues/article/{article.pk}/change/") == ("Issues", "true")
    assert current(editor, f"publications/topic/{draft.bulletin.topics.all()[0].pk}/change/") == (
        "Topics",
        "true",
    )
    assert not [entry for entry in menu(Page.at(editor, "/admin/search/")) if entry[1]]


def test_it_shows_what_one_may_see_and_nothing_to_strangers(client: Client) -> None:
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_topic"))
    login = Page.at(client, "/admin/")
    assert menu(login) == []
    assert 'role="search"' not in login.text
    client.force_login(user)
    page = Page.at(client, "/admin/")
    assert [address for _, address in menu(page)] == ["page", ""]
    assert 'role="search"' not in page.text
    assert Page.at(client, "/admin/search/").status == 403


def test_it_stands_on_pages_that_are_djangos_own(editor: Client) -> None:
    for address in ("password_change/", "auth/user/add/", "digests/"):
        assert len(menu(Page.at(editor, f"/admin/{address}"))) == 11


def test_a_search_leads_to_the_article(editor: Client, draft: Issue) -> None:
    page = Page.at(editor, "/admin/search/?q=boots+no")
    text = " ".join(page.text.split())
    assert "“boots no” stands in 1 article." in text
    assert "<mark>Boots</mark>" in text
    assert "· Wind · draft" in text
    article = Article.objects.get(title="No wind")
    assert page.follow("No wind").path == f"/admin/issues/article/{article.pk}/change/"
    assert page.follow(str(draft)).path == f"/admin/issues/issue/{draft.pk}/change/"


def test_what_is_searched_for_is_no_markup(editor: Client, draft: Issue) -> None:
    page = Page.at(editor, "/admin/search/?q=%3Cscript%3E")
    assert "“&lt;script&gt;” stands in no article." in page.text
    assert Page.at(editor, f"/admin/search/?q={'x ' * 5000}").status == 200


def test_the_list_of_issues_says_what_became_of_each(
    editor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bulletin = weather()
    for n in range(3):
        a_reader(bulletin, f"r{n}@example.org", topics=list(bulletin.topics.all()))
    digest = a_digest(an_issue(bulletin, status=Issue.Status.DRAFT))
    Delivery.objects.filter(digest=digest).update(status=DeliveryStatus.SENT)
    sending.recount(digest)
    assert sending.finish(digest, at=timezone.now())
    an_issue(bulletin, status=Issue.Status.DRAFT)
    a_digest(an_issue(bulletin, status=Issue.Status.DRAFT, title="Half way"))

    def row(words: str) -> list[str]:
        page = Page.at(editor, "/admin/issues/issue/").text
        line = next(line for line in page.split("<tr>") if words in line)
        return re.findall(r'<td class="field-(?:articles|readers|sent)">([^<]*)</td>', line)

    assert row("Weather No. 1") == ["3", "3", "3"]
    assert row("Weather No. 2") == ["3", "-", "-"]
    assert row("Half way") == ["3", "3", "being mailed"]
    with django_assert_num_queries(9):
        Page.at(editor, "/admin/issues/issue/")
    for _ in range(20):
        an_issue(bulletin)
    with django_assert_num_queries(9):
        Page.at(editor, "/admin/issues/issue/")


def test_an_issue_leads_to_its_bulletin_topics_readers_and_mailing(editor: Client) -> None:
    bulletin = weather()
    a_reader(bulletin, "r@example.org", topics=list(bulletin.topics.all()))
    digest = a_digest(an_issue(bulletin, status=Issue.Status.DRAFT))
    page = Page.at(editor, f"/admin/issues/issue/{digest.issue_id}/change/")
    about = page.text.partition('class="about"')[2].partition("</nav>")[0]
    only = f"?bulletin__id__exact={bulletin.pk}"
    assert re.findall(r'href="([^"]+)"', about) == [
        f"/admin/publications/bulletin/{bulletin.pk}/change/",
        f"/admin/issues/issue/{only}",
        f"/admin/publications/topic/{only}",
        f"/admin/subscribers/subscriber/{only}",
        f"/admin/digests/digest/{digest.pk}/change/",
        f"/admin/audit_log/entry/?issue_id={digest.issue_id}",
    ]
    for address in re.findall(r'href="([^"]+)"', about):
        assert Page.at(editor, address).status == 200


def test_a_reader_leads_to_their_mails_and_a_mail_to_its_reader(editor: Client) -> None:
    bulletin = weather()
    reader, other = (
        a_reader(bulletin, f"{name}@example.org", topics=list(bulletin.topics.all()))
        for name in ("ann", "ben")
    )
    digest = a_digest(an_issue(bulletin, status=Issue.Status.DRAFT))
    page = Page.at(editor, f"/admin/subscribers/subscriber/{reader.pk}/change/")
    mails = page.follow("What was sent to this reader")
    assert "ben@example.org" not in mails.text
    mail = mails.follow("ann@example.org")
    assert f"<h1>{digest}: ann@example.org</h1>" in mail.text
    assert mail.follow("ann@example.org").path == page.path
    assert other.pk
