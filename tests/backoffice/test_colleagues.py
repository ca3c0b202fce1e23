"""A colleague is made in five presses, and chooses their own password by a link in a mail."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from audit_log.models import Entry
from backoffice.roles import EDITOR, READER_CARE
from publications.models import Bulletin, Membership
from tests.support.browsing import Page
from tests.support.factories import weather

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_in_memory(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def made(
    editor: Client, *, roles: Sequence[str], bulletins: Sequence[Bulletin] = (), **words: str
) -> Page:
    page = Page.at(editor, "/admin/auth/user/").follow("A new colleague")
    groups = Group.objects.filter(role__key__in=roles)
    data = {
        "name": [words.get("name", "Fang Li")],
        "address": [words.get("address", "fang@office.example")],
        "groups": [str(group.pk) for group in groups],
        "bulletins": [str(one.pk) for one in bulletins],
    }
    return Page.at(editor, page.path, page.fields("colleague") | data)


def link() -> str:
    (message,) = mail.outbox
    found = re.search(rf"{settings.SITE_URL}(/admin/login/new/\S+)", str(message.body))
    assert found
    return found[1]


def test_a_colleague_gets_a_mail_chooses_a_password_and_logs_in(
    editor: Client, client: Client
) -> None:
    here = weather("here")
    page = made(editor, roles=[EDITOR, READER_CARE], bulletins=[here])
    assert "on its way to fang@office.example" in page.text
    user = User.objects.get(username="fang@office.example")
    assert not user.has_usable_password()
    assert user.is_staff
    assert not user.groups.exists()
    members = Membership.objects.filter(user=user)
    assert {(one.bulletin, one.group.role.key) for one in members} == {
        (here, EDITOR),
        (here, READER_CARE),
    }
    assert mail.outbox[0].to == ["fang@office.example"]
    assert "fang@office.example" in str(mail.outbox[0].body)
    where = link()
    assert client.get(where).status_code == 200  # as a scanner does
    assert client.get(where).status_code == 200
    weak = client.post(where, {"new_password1": "1", "new_password2": "1"})
    assert b"too short" in weak.content or b"12" in weak.content
    words = "seven quiet herons"
    kept = client.post(where, {"new_password1": words, "new_password2": words})
    assert b"/admin/login/" in kept.content
    assert client.get(where).status_code == 403
    assert client.login(username="fang@office.example", password=words)
    entry = Entry.objects.get(act="colleague.added")
    assert entry.by_name == "editor"
    assert entry.after["in"] == ["editor: here", "reader-care: here"]
    assert "fang@" not in str([entry.subject, entry.after])


def test_without_a_bulletin_the_roles_hold_in_all(editor: Client) -> None:
    made(editor, roles=[EDITOR])
    user = User.objects.get(username="fang@office.example")
    assert [group.role.key for group in user.groups.all()] == [EDITOR]
    assert not Membership.objects.exists()


@pytest.mark.parametrize("address", ["editor@office.example", "EDITOR@office.example", "nonsense"])
def test_no_second_account_and_none_for_what_is_no_address(editor: Client, address: str) -> None:
    User.objects.filter(username="editor").update(email="editor@office.example")
    page = made(editor, roles=[EDITOR], address=address)
    assert User.objects.count() == 1
    assert not mail.outbox
    assert "errorlist" in page.text


@pytest.mark.parametrize("token", ["x", "1-x", "99999999999999999999-a-b", "1-c2v5x8-" + "a" * 32])
def test_a_link_that_was_made_nowhere_opens_nothing(token: str, editor: Client) -> None:
    assert Client().get(f"/admin/login/new/{token}/").status_code == 403
    answer = Client().post(f"/admin/login/new/{token}/", {"new_password1": "seven quiet herons"})
    assert answer.status_code == 403
