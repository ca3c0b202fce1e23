"""Sessions are listed and ended: one's own, and by an administrator those of others."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission, User

from audit_log.models import Entry
from tests.accounts.conftest import PASSWORD, Door

pytestmark = pytest.mark.django_db
NEW = "an even longer one of this test"


def inside(name: str, count: int) -> list[Door]:
    doors = [Door() for _ in range(count)]
    for door in doors:
        assert door.password(name).status_code == 302
    return doors


def test_one_session_or_all_others_are_ended(chief: User) -> None:
    here, there, elsewhere = inside("chief", 3)
    page = here.client.get("/admin/me/").content.decode()
    assert page.count("127.0.0.1</strong>") == 3
    assert len(re.findall(r'name="session" value="(\d+)"', page)) == 2  # this one has no button
    one = UserSession.objects.get(session_key=there.client.session.session_key)
    here.client.post("/admin/me/sessions/", {"session": one.pk})
    assert (here.is_in(), there.is_in(), elsewhere.is_in()) == (True, False, True)
    here.client.post("/admin/me/sessions/")
    assert (here.is_in(), elsewhere.is_in()) == (True, False)
    assert list(Entry.objects.filter(act="session.ended").values_list("after__number")) == [
        (1,),
        (1,),
    ]


def test_nobody_ends_a_session_of_somebody_else_by_its_number(chief: User, colleague: User) -> None:
    (victim,), (other,) = inside("chief", 1), inside("colleague", 1)
    number = UserSession.objects.get(user=chief).pk
    for typed in (str(number), "0", "x", "9" * 30):
        other.client.post("/admin/me/sessions/", {"session": typed})
    address = f"/admin/auth/user/{chief.pk}/sessions/"
    assert other.client.get(address).status_code == 403
    colleague.user_permissions.add(Permission.objects.get(codename="change_user"))
    assert other.client.post(address).status_code == 403  # an administrator's, by who is none
    assert victim.is_in()


def test_an_administrator_ends_those_of_a_colleague(chief: User, colleague: User) -> None:
    (here,), doors = inside("chief", 1), inside("colleague", 2)
    UserSession.objects.filter(user=colleague).first().delete()
    address = f"/admin/auth/user/{colleague.pk}/sessions/"
    assert "colleague" in here.client.get(address).content.decode()
    assert address in here.client.get(f"/admin/auth/user/{colleague.pk}/change/").content.decode()
    assert here.client.post(address).status_code == 302
    assert [door.is_in() for door in [here, *doors]] == [True, False, False]
    entry = Entry.objects.get(act="session.ended")
    assert (entry.by, entry.subject) == (chief, f"user={colleague.pk}")


def test_changing_the_password_ends_the_others_and_this_one_is_still_listed(chief: User) -> None:
    here, there = inside("chief", 2)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.client.post("/admin/password_change/", form).status_code == 302
    assert (here.is_in(), there.is_in()) == (True, False)
    page = here.client.get("/admin/me/").content.decode()
    assert "this one" in page
    assert 'name="session"' not in page
    assert Entry.objects.filter(act="password.changed", by=chief).count() == 1


def test_guesses_at_the_old_password_are_slowed_down_too(chief: User) -> None:
    (here,) = inside("chief", 1)
    form = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    codes = [here.client.post("/admin/password_change/", form).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
