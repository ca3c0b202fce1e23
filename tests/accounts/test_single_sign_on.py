"""Who comes in because another site knows them: OpenID Connect, Feishu, DingTalk."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.provider import DingTalkAdapter
from audit_log.models import Entry
from tests.accounts.conftest import Door
from tests.support import identity_server
from tests.support.identity_server import SECRET, IdentityServer

pytestmark = pytest.mark.django_db

CHIEF = {"sub": "1", "email": "chief@office.example", "email_verified": True}
COLLEAGUE = {"sub": "2", "email": "Colleague@office.example", "email_verified": True}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityServer]:
    """A site that knows colleagues, as each of the three."""
    with identity_server.serving() as server:
        app = {"client_id": "bulletin", "secret": SECRET}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        **app, "provider_id": "oidc", "name": "Office",
                        "settings": {"server_url": server.url},
                    }
                ],
                "OAUTH_PKCE_ENABLED": True,
            },
            "feishu": {"APP": app},
            "dingtalk": {"APP": app},
        }  # fmt: skip
        settings.OIDC_NAME = "the Office"
        settings.FEISHU_URL = server.url
        settings.DINGTALK_CORP_ID = "ding-office"
        addresses = {
            "authorize_url": "/oauth2/auth",
            "access_token_url": "/v1.0/oauth2/userAccessToken",
            "profile_url": "/v1.0/contact/users/me",
        }
        for name, address in addresses.items():
            monkeypatch.setattr(DingTalkAdapter, name, server.url + address)
        yield server


def through(door: Door, provider: str = "oidc", query: str = "") -> Any:
    """What is answered to a browser that comes back from the other site."""
    return _led(door, door.client.get(f"/admin/login/with/{provider}/{query}"))


def _led(door: Door, away: Any) -> Any:
    assert away.status_code == 302, away.content
    opener = urllib.request.build_opener(_Stay)
    try:
        opener.open(away["Location"])
    except urllib.error.HTTPError as led:
        back = urlsplit(led.headers["Location"])
        led.close()
    assert f"{back.scheme}://{back.netloc}" == "http://localhost:8000"
    return door.client.get(f"{back.path}?{back.query}")


def test_a_colleague_with_a_verified_address_comes_in_and_is_known_the_next_time(
    site: IdentityServer, colleague: User, door: Door
) -> None:
    page = door.client.get("/admin/login/?next=/admin/me/").content.decode()
    assert "Log in with the Office" in page
    assert "Log in with Feishu" in page
    assert 'href="/admin/login/with/oidc/?next=%2Fadmin%2Fme%2F"' in page
    site.person = COLLEAGUE
    answer = through(door, query="?next=/admin/me/")
    assert answer["Location"] == "/admin/me/"
    assert door.is_in()
    site.person = COLLEAGUE | {"email": "new@elsewhere.example", "email_verified": False}
    other = Door()
    assert through(other)["Location"] == "/admin/"
    assert other.is_in()
    assert SocialAccount.objects.get().user == colleague
    acts = set(Entry.objects.values_list("act", "subject", "after__by"))
    assert acts == {("login.succeeded", f"user={colleague.pk}", "oidc")}


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "9", "email": "nobody@office.example", "email_verified": True},
        {"sub": "9", "email": "colleague@office.example", "email_verified": False},
        {"sub": "9", "email": "colleague@office.example"},
        {"sub": "9", "email": "reader@office.example", "email_verified": True},
        {"sub": "9", "email": "gone@office.example", "email_verified": True},
        {"sub": "9", "email": "twice@office.example", "email_verified": True},
        {"sub": "9"},
    ],
)
def test_who_is_nobody_here_stays_outside(
    site: IdentityServer,
    colleague: User,
    door: Door,
    person: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    User.objects.create_user("reader", "reader@office.example")
    User.objects.create_user("gone", "gone@office.example", is_staff=True, is_active=False)
    User.objects.create_user("one", "twice@office.example", is_staff=True)
    User.objects.create_user("two", "twice@office.example", is_staff=True)
    before = User.objects.count()
    site.person = person
    assert through(door)["Location"] == "/admin/login/"
    assert not door.is_in()
    assert "Nobody here has" in door.client.get("/admin/login/").content.decode()
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert "log-in failed: oidc from 127.0.0.0/24" in caplog.text
    assert "office.example" not in caplog.text


def test_of_an_allowed_domain_a_colleague_is_made_who_may_do_nothing(
    site: IdentityServer, door: Door, settings: Settings
) -> None:
    settings.SIGN_ON_DOMAINS = ["office.example"]
    for address in ("new@evil-office.example", "new@office.example.evil"):
        site.person = {"sub": address, "email": address, "email_verified": True}
        assert through(door)["Location"] == "/admin/login/"
    site.person = {
        "sub": "7",
        "email": "new@Office.example",
        "email_verified": True,
        "is_superuser": True,
        "groups": ["administrator"],
    }
    assert through(door)["Location"] == "/admin/"
    made = User.objects.get()
    assert (made.is_staff, made.is_superuser, made.has_usable_password()) == (True, False, False)
    assert not made.groups.exists()
    assert not made.get_all_permissions()
    assert Entry.objects.filter(act="colleague.made", subject=f"user={made.pk}").exists()
    # And the pages of their own log-in are open to them, who has no password to show.
    assert door.client.get("/admin/me/app/").status_code == 200


def test_many_colleagues_behind_one_address_come_in_and_failures_are_slowed_down(
    site: IdentityServer, colleague: User
) -> None:
    site.person = COLLEAGUE
    assert {through(Door())["Location"] for _ in range(12)} == {"/admin/"}
    site.person = COLLEAGUE | {"sub": "9", "email_verified": False}
    codes = [through(Door()).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_a_second_factor_is_asked_for_after_the_other_site(
    site: IdentityServer, chief: User, door: Door
) -> None:
    door.password("chief")
    codes = door.add_app()
    site.person = CHIEF
    other = Door()
    assert through(other)["Location"] == "/admin/login/code/"
    assert not other.is_in()
    assert other.code(codes[0]).status_code == 302
    assert other.is_in()


def test_a_state_that_is_not_of_this_browser_is_refused(
    site: IdentityServer, colleague: User, door: Door
) -> None:
    site.person = COLLEAGUE
    away = door.client.get("/admin/login/with/oidc/")
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    victim = Door()
    answer = victim.client.get(f"/admin/login/with/oidc/back/?code=once&state={state}")
    assert answer["Location"] == "/admin/login/"
    assert not victim.is_in()


@pytest.mark.parametrize("wrong", ["forged", "other_sub", "refuses"])
def test_a_token_that_is_forged_or_about_another_is_refused(
    site: IdentityServer, colleague: User, door: Door, wrong: str
) -> None:
    site.person = COLLEAGUE
    setattr(site, wrong, True)
    assert through(door)["Location"] == "/admin/login/"
    assert not door.is_in()
    assert "did not work" in door.client.get("/admin/login/").content.decode()
    assert not SocialAccount.objects.exists()


def test_a_site_that_is_away_or_says_what_nobody_understands_is_said(
    site: IdentityServer, colleague: User, door: Door, settings: Settings
) -> None:
    site.person = {"email": 3}
    assert through(door)["Location"] == "/admin/login/"
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"]["server_url"] = "http://127.0.0.1:1"
    assert door.client.get("/admin/login/with/oidc/")["Location"] == "/admin/login/"
    assert "did not work" in door.client.get("/admin/login/").content.decode()


def test_nothing_in_the_address_joins_another_account_or_leads_elsewhere(
    site: IdentityServer, chief: User, door: Door
) -> None:
    door.password("chief")
    site.person = COLLEAGUE | {"email": "stranger@evil.example"}
    through(door, query="?process=connect&scope=admin&next=//evil.example/")
    assert not SocialAccount.objects.exists()
    site.person = CHIEF
    answer = through(Door(), query="?process=redirect&next=https://evil.example/")
    assert answer["Location"] == "/admin/"


DIRECTORIES = {
    "feishu": {
        "open_id": "ou-1", "name": "甲", "enterprise_email": "colleague@office.example",
        "email": "chief@office.example",
    },
    "dingtalk": {"openId": "d-1", "nick": "乙", "email": "colleague@office.example"},
}  # fmt: skip


def join(door: Door, provider: str) -> Any:
    """What is answered to who is in, and comes back from joining their account there."""
    return _led(door, door.client.post(f"/admin/me/with/{provider}/"))


@pytest.mark.parametrize("provider", DIRECTORIES)
def test_an_address_of_a_directory_lets_nobody_in(
    site: IdentityServer, colleague: User, door: Door, provider: str, settings: Settings
) -> None:
    settings.SIGN_ON_DOMAINS = ["office.example"]
    site.person, site.corporation = DIRECTORIES[provider], "ding-office"
    assert through(door, provider)["Location"] == "/admin/login/"
    assert not door.is_in()
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


@pytest.mark.parametrize("provider", DIRECTORIES)
def test_who_joined_their_account_while_they_were_in_comes_in_by_it(
    site: IdentityServer, colleague: User, chief: User, door: Door, provider: str
) -> None:
    site.person, site.corporation = DIRECTORIES[provider], "ding-office"
    door.password("colleague")
    assert f'action="/admin/me/with/{provider}/"' in door.client.get("/admin/me/").content.decode()
    assert join(door, provider)["Location"] == "/admin/me/"
    assert "You can log in with" in door.client.get("/admin/me/").content.decode()
    other = Door()
    assert through(other, provider)["Location"] == "/admin/"
    assert other.is_in()
    assert SocialAccount.objects.get().user == colleague
    third = Door()
    third.password("chief")
    join(third, provider)
    assert "belongs to another account" in third.client.get("/admin/me/").content.decode()
    assert SocialAccount.objects.get().user == colleague
    assert Entry.objects.filter(act="sign_on.joined", subject=f"user={colleague.pk}").count() == 1


def test_an_administrator_sees_and_ends_the_accounts_that_a_colleague_joined(
    site: IdentityServer, colleague: User, chief: User, door: Door
) -> None:
    site.person = DIRECTORIES["feishu"]
    door.password("colleague")
    join(door, "feishu")
    pk = SocialAccount.objects.get().pk
    page, address = (
        f"/admin/auth/user/{colleague.pk}/change/",
        f"/admin/auth/user/{{}}/sign-ons/{pk}/end/",
    )
    here = Door()
    here.password("chief")
    assert address.format(colleague.pk) in here.client.get(page).content.decode()
    assert here.client.get(address.format(colleague.pk)).status_code == 405
    here.client.post(address.format(chief.pk))  # it is none of the chief's own
    assert SocialAccount.objects.exists()
    for _press in range(2):
        assert here.client.post(address.format(colleague.pk))["Location"] == page
    assert not SocialAccount.objects.exists()
    assert "Single sign-on" not in here.client.get(page).content.decode()
    through(other := Door(), "feishu")
    assert not other.is_in()
    entry = Entry.objects.get(act="sign_on.ended")
    assert (entry.by, entry.subject, entry.after["by"]) == (
        chief,
        f"user={colleague.pk}",
        "feishu",
    )


def test_nobody_ends_what_an_administrator_joined_who_is_none(
    site: IdentityServer, colleague: User, chief: User, door: Door
) -> None:
    site.person = DIRECTORIES["feishu"]
    door.password("chief")
    join(door, "feishu")
    address = f"/admin/auth/user/{chief.pk}/sign-ons/{SocialAccount.objects.get().pk}/end/"
    other = Door()
    other.password("colleague")
    assert other.client.post(address).status_code == 403
    colleague.user_permissions.add(Permission.objects.get(codename="change_user"))
    assert other.client.post(address).status_code == 403
    assert SocialAccount.objects.exists()


def test_joining_asks_for_a_press_by_who_is_in(
    site: IdentityServer, colleague: User, door: Door
) -> None:
    answer = door.client.post("/admin/me/with/feishu/")
    assert answer["Location"].startswith("/admin/login/")
    door.password("colleague")
    assert door.client.get("/admin/me/with/feishu/").status_code == 405
    assert door.client.post("/admin/me/with/other/").status_code == 404


def test_dingtalk_joins_members_of_the_organisation_alone(
    site: IdentityServer, colleague: User, door: Door
) -> None:
    site.person, site.corporation = DIRECTORIES["dingtalk"], "ding-other"
    door.password("colleague")
    join(door, "dingtalk")
    assert not SocialAccount.objects.exists()
    assert set(site.asked[0][1]["scope"].split()) == {"openid", "corpid"}


def test_without_a_setting_there_is_no_such_address_and_no_button() -> None:
    assert Client().get("/admin/login/with/oidc/").status_code == 404
    assert "Log in with" not in Client(headers={"accept-language": "en"}).get(
        "/admin/login/"
    ).content.decode().replace("Log in with a passkey", "")


def test_a_provider_that_is_not_set_is_not_found(site: IdentityServer, settings: Settings) -> None:
    del settings.SOCIALACCOUNT_PROVIDERS["feishu"]
    for address in ("feishu/", "feishu/back/", "other/"):
        assert Client().get(f"/admin/login/with/{address}").status_code == 404
