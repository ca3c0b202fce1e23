"""After the password a code is asked for: of an app, or a recovery code, each of them once."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from audit_log.models import Entry
from issues.models import Issue
from tests.accounts.conftest import PASSWORD, Door
from tests.issues.test_pages import address as address_of
from tests.support.factories import an_issue, weather
from tests.support.one_time_codes import code

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(
    chief: User, door: Door, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> list[str]:
    """The recovery codes of the chief, who has an app now and is logged out."""
    assert door.password("chief").status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        codes = door.add_app()
    door.client.post("/admin/logout/")
    return codes


def test_a_password_alone_does_not_open_the_door_any_more(kept: list[str], door: Door) -> None:
    answer = door.password("chief")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/code/")
    assert not door.is_in()
    assert "_auth_user_id" not in door.client.session
    answer = door.code(code(door.secret, steps=1))
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert door.is_in()


def test_where_the_page_led_it_still_leads_and_to_no_other_site(
    kept: list[str], door: Door
) -> None:
    door.password("chief", next="/admin/issues/issue/")
    assert door.code(code(door.secret, steps=1))["Location"] == "/admin/issues/issue/"
    door.client.post("/admin/logout/")
    door.password("chief", next="https://evil.example/")
    assert door.code(kept[0])["Location"] == "/admin/"


def test_a_code_is_good_once_and_no_older_one_after_it(kept: list[str], door: Door) -> None:
    door.password("chief")
    used = code(door.secret, steps=1)
    assert door.code(used).status_code == 302
    other = Door()
    other.password("chief")
    assert other.code(used).status_code == 200  # as by another process, which knows of no use
    assert other.code(code(door.secret)).status_code == 200
    assert not other.is_in()


def test_a_recovery_code_opens_once(kept: list[str], door: Door) -> None:
    assert len(kept) == len(set(kept)) == 10
    door.password("chief")
    assert door.code(kept[3]).status_code == 302
    door.client.post("/admin/logout/")
    door.password("chief")
    assert door.code(kept[3]).status_code == 200
    assert door.code(kept[4]).status_code == 302
    page = door.client.get("/admin/me/codes/").content.decode()
    assert [one for one in kept if one in page] == kept[:3] + kept[5:]


def test_guesses_at_a_code_are_slowed_down_and_the_right_one_waits_too(
    kept: list[str], door: Door
) -> None:
    stranger = Client(headers={"accept-language": "en"}, REMOTE_ADDR="203.0.113.9")
    stranger.post("/admin/login/", {"username": "chief", "password": PASSWORD})
    wrong = "000000" if code(door.secret) != "000000" else "111111"
    codes = [stranger.post("/admin/login/code/", {"code": wrong}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    answer = stranger.post("/admin/login/code/", {"code": code(door.secret, steps=1)})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 60
    door.password("chief")  # on the device that is known
    assert door.code(code(door.secret, steps=1)).status_code == 302


def test_the_page_of_the_code_is_nothing_without_a_password_before_it(
    kept: list[str], door: Door
) -> None:
    answer = Client().post("/admin/login/code/", {"code": code(door.secret, steps=1)})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    door.password("chief", "wrong")
    assert door.code(code(door.secret, steps=1))["Location"] == "/admin/login/"


def test_secrets_are_no_plain_text_in_the_database(
    kept: list[str], door: Door, settings: Settings
) -> None:
    for row in Authenticator.objects.all():
        assert door.secret not in str(row.data)
        assert not set(kept) & set(str(row.data).split("'"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that the operator has set anew"
    door = Door()
    door.password("chief")
    assert door.code(kept[0]).status_code == 302


def test_beside_another_key_no_code_is_right_and_the_log_says_why(
    kept: list[str], door: Door, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SECRET_KEY = "another key that the operator has set anew"
    door = Door()
    door.password("chief")
    for typed in (kept[0], code("")):  # nor that of a secret that is not there
        assert door.code(typed).status_code == 200
    assert not door.is_in()
    assert "SECRET_KEY" in caplog.text


def test_each_try_is_in_both_logs_by_key(
    kept: list[str], door: Door, caplog: pytest.LogCaptureFixture, chief: User
) -> None:
    began = Entry.objects.latest("pk").pk
    door.password("chief", "wrong")
    door.password("chief")
    door.code("123")
    door.code(kept[0])
    since = Entry.objects.filter(pk__gt=began).order_by("pk")
    acts = list(since.values_list("act", "subject", "after__by"))
    key = f"user={chief.pk}"
    assert acts == [
        ("login.failed", key, "password"),
        ("login.failed", key, "second factor"),
        ("login.succeeded", key, "password+recovery_codes"),
    ]
    assert f"log-in failed: {key}" in caplog.text
    assert f"log-in half: {key}" in caplog.text
    assert f"log-in ok: {key}" in caplog.text
    written = str(list(Entry.objects.values())) + caplog.text
    for word in (door.secret, kept[0], PASSWORD, "chief@office.example", "127.0.0.1"):
        assert word not in written


def test_adding_and_removing_a_factor_is_written_down(kept: list[str], door: Door) -> None:
    door.password("chief")
    door.code(kept[0])
    assert door.client.post("/admin/me/app/remove/").status_code == 302
    written = Entry.objects.filter(act__startswith="second_factor")
    assert set(written.values_list("act", "after__kind")) == {
        ("second_factor.added", "recovery_codes"),
        ("second_factor.added", "totp"),
        ("second_factor.removed", "totp"),
        ("second_factor.removed", "recovery_codes"),
    }
    assert not Authenticator.objects.exists()
    door.client.post("/admin/logout/")
    assert door.password("chief")["Location"] == "/admin/"


def test_a_passkey_gets_another_name_from_its_owner_alone(door: Door, chief: User) -> None:
    door.password("chief")
    key = Authenticator.objects.create(user=chief, type="webauthn", data={"name": "Key"})
    page = f"/admin/me/passkeys/{key.pk}/rename/"
    assert page in door.client.get("/admin/me/").content.decode()
    assert 'value="Key"' in door.client.get(page).content.decode()
    assert door.client.post(page, {"name": "x" * 61}).status_code == 200
    assert door.client.post(page, {"name": " "}).status_code == 200
    assert door.client.post(page, {"name": "The blue one"})["Location"] == "/admin/me/"
    key.refresh_from_db()
    assert key.wrap().name == "The blue one"
    entry = Entry.objects.get(act="passkey.renamed")
    assert "blue" not in str(entry.after)
    other = User.objects.create_user("other", is_staff=True)
    theirs = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Key"})
    missing = door.client.post(f"/admin/me/passkeys/{theirs.pk}/rename/", {"name": "Mine"})
    assert missing.status_code == 404


def test_changing_how_one_logs_in_asks_for_the_password_once_more(
    kept: list[str], door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.password("chief")
    door.code(kept[0])
    session = door.client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 601
    session.save()
    answer = door.client.get("/admin/me/codes/")
    assert answer["Location"] == "/admin/me/password/?next=%2Fadmin%2Fme%2Fcodes%2F"
    form = {"password": "wrong", "next": "/admin/me/codes/"}
    assert door.client.post("/admin/me/password/", form).status_code == 200
    answer = door.client.post("/admin/me/password/", form | {"password": PASSWORD})
    assert answer["Location"] == "/admin/me/codes/"
    assert door.client.get("/admin/me/codes/").status_code == 200


@pytest.mark.parametrize("named", ["publisher", "Publisher", "reader_care,publisher", "everybody"])
def test_a_role_that_must_have_a_second_factor_is_led_to_it_and_nowhere_else(
    colleague: User, door: Door, settings: Settings, named: str
) -> None:
    colleague.groups.add(Group.objects.get_or_create(name="publisher")[0])
    colleague.is_superuser = True
    colleague.save()
    draft = an_issue(weather(), status=Issue.Status.DRAFT)
    settings.MFA_REQUIRED_FOR = named.split(",")
    door.password("colleague")
    for address in ("/admin/", "/admin/issues/issue/", "/admin/auth/user/", "/admin/search/?q=a"):
        assert door.client.get(address)["Location"] == "/admin/me/"
    assert "second factor" in door.client.get("/admin/me/").content.decode()
    assert door.client.get(address_of(draft)).status_code == 404  # a draft, to a visitor
    door.add_app()
    assert door.is_in()
    assert door.client.get(address_of(draft)).status_code == 200
    refused = door.client.post("/admin/me/app/remove/")
    assert "Your role asks for a second factor" in refused.content.decode()
    assert door.is_in()


def test_who_has_another_role_comes_in_without(
    colleague: User, chief: User, door: Door, settings: Settings
) -> None:
    settings.MFA_REQUIRED_FOR = ["administrator"]
    door.password("colleague")
    assert door.is_in()
    other = Door()
    other.password("chief")  # may do everything, and so is an administrator
    assert other.client.get("/admin/")["Location"] == "/admin/me/"


def test_who_may_not_be_in_the_admin_is_not_let_to_its_pages(chief: User) -> None:
    User.objects.create_user("reader", password=PASSWORD)
    door = Door()
    assert door.password("reader").status_code == 200
    for address in ("/admin/me/", "/admin/me/app/", "/admin/me/passkeys/add/", "/admin/me/codes/"):
        assert door.client.get(address)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(("language", "words"), [("en", "recovery code"), ("zh-hans", "恢复码")])
def test_the_pages_speak_both_languages(
    kept: list[str], door: Door, language: str, words: str
) -> None:
    other = Door(language)
    other.password("chief")
    assert words in other.client.get("/admin/login/code/").content.decode()
