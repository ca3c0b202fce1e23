"""Who may edit may not, for that alone, publish and mail."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from digests import audience, publishing, sending
from digests.models import Digest
from issues.models import Issue
from tests.support.browsing import Page
from tests.support.factories import NOW

pytestmark = pytest.mark.django_db
EDITING = ("view_issue", "change_issue", "view_section", "change_section", "view_digest")


@pytest.fixture
def clerk() -> User:
    """Somebody who may edit, beside somebody who may publish."""
    User.objects.create_superuser("chief", first_name="Fang", last_name="Li")
    return given(User.objects.create_user("clerk", is_staff=True), *EDITING)


@pytest.fixture
def browser(clerk: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(clerk)
    return client


def given(user: User, *rights: str) -> User:
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    return user


def page_of(issue: Issue, name: str = "change") -> str:
    return f"/admin/issues/issue/{issue.pk}/{name}/"


def test_an_editor_sees_no_button_but_who_may_publish(browser: Client, draft: Issue) -> None:
    page = Page.at(browser, page_of(draft))
    assert "Publish …" not in page.text
    assert "not publish them or mail corrections" in page.text
    assert "Who has it: Fang Li." in page.text
    assert "Send a proof …" in page.text


@pytest.mark.parametrize("name", ["publish", "correct"])
@pytest.mark.parametrize("sent", [None, {"_send": ["1"]}])
def test_an_editor_is_refused_with_a_reason(
    browser: Client, draft: Issue, name: str, sent: dict[str, list[str]] | None
) -> None:
    page = Page.at(browser, page_of(draft, name), sent)
    assert page.status == 403
    assert "Who has it: Fang Li." in page.text
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT
    assert not Digest.objects.exists()


def test_with_the_right_an_editor_publishes(browser: Client, draft: Issue, clerk: User) -> None:
    given(clerk, "publish_issue")
    Page.at(browser, page_of(draft)).follow("Publish …").press("publish")
    draft.refresh_from_db()
    assert draft.status == Issue.Status.PUBLISHED


def test_no_correction_is_mailed_without_it(browser: Client, draft: Issue, clerk: User) -> None:
    digest = publishing.publish(draft, at=NOW)
    audience.prepare(digest, at=NOW)
    sending.finish(digest, at=timezone.now())
    assert "Send a correction" not in Page.at(browser, page_of(draft)).text
    given(clerk, "publish_issue")
    assert "Send a correction" in Page.at(browser, page_of(draft)).text
    assert Page.at(browser, page_of(draft, "correct")).status == 200


@pytest.mark.parametrize("right", ["", "publish_issue", "change_delivery"])
@pytest.mark.parametrize("step", ["pause", "cancel"])
def test_who_may_publish_may_stop_and_so_may_an_operator(
    browser: Client, draft: Issue, clerk: User, step: str, right: str
) -> None:
    digest = publishing.publish(draft, at=NOW)
    given(clerk, right)
    address = f"/admin/digests/digest/{digest.pk}/{step}/now/"
    status = 200 if right else 403
    assert Page.at(browser, address).status == status
    assert Page.at(browser, address, {}).status == status
    digest.refresh_from_db()
    assert any((digest.paused_at, digest.cancelled_at)) is (status == 200)
