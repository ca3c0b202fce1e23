"""No page of the door has a fault that axe-core finds, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.urls import URLPattern
from pytest_django.fixtures import Settings

from accounts import password_links
from accounts.urls import ROUTES
from tests.accounts.conftest import Door
from tests.support import axe
from tests.support.service import CHROMIUM

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.timeout(600)]

# What is no page of its own: an answer to a press, and what needs a device.
NOT_PAGES = {
    "end_sessions",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "sign_on_end",
    None,
}


def inside(door: Door, colleague: User) -> Iterator[tuple[str, str]]:
    """Each page of who is in, by the name of its route."""
    yield "mfa_index", "/admin/me/"
    yield "mfa_activate_totp", "/admin/me/app/"
    yield "mfa_add_webauthn", "/admin/me/passkeys/add/"
    yield "account_reauthenticate", "/admin/me/password/?next=/admin/me/"
    door.add_app()
    yield "mfa_index", "/admin/me/?set"
    yield "mfa_deactivate_totp", "/admin/me/app/remove/"
    yield "mfa_view_recovery_codes", "/admin/me/codes/"
    yield "mfa_generate_recovery_codes", "/admin/me/codes/new/"
    yield "mfa_reauthenticate", "/admin/me/code/?next=/admin/me/"
    yield "sessions_of", f"/admin/auth/user/{colleague.pk}/sessions/"
    user = User.objects.get(username="chief")
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "The blue key"})
    yield "mfa_edit_webauthn", f"/admin/me/passkeys/{key.pk}/rename/"
    key.delete()  # which no device has


def outside(chief: User, settings: Settings) -> Iterator[tuple[str, str]]:
    """Each page of who is not."""
    yield "account_login", "/admin/login/"
    yield "mfa_authenticate", "/admin/login/code/"
    yield "admin_password_reset", "/admin/login/forgotten/"
    chief.refresh_from_db()
    link = password_links.address_of(chief).removeprefix(settings.SITE_URL)
    yield "set_password", link
    yield "set_password", "/admin/login/new/none/"


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("en", "light"), ("zh-hans", "dark")],
)
def test_no_page_of_the_door_has_a_fault(
    chief: User, colleague: User, settings: Settings, language: str, scheme: axe.Scheme
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    door, stranger, seen = Door(language), Door(language), set()
    Door(language).password("colleague")
    assert door.password("chief").status_code == 302
    settings.MFA_REQUIRED_FOR = ["administrator"]
    pages: dict[str, str] = {}
    for name, address in inside(door, colleague):
        seen.add(name)
        answer = door.client.get(address)
        assert answer.status_code == 200, address
        pages[address] = answer.content.decode()
    pages["/again/"] = door.client.post("/admin/me/password/", {"password": "x"}).content.decode()
    stranger.password("chief")
    for name, address in outside(chief, settings):
        seen.add(name)
        pages[address] = stranger.client.get(address).content.decode()
    pages["/code/"] = stranger.code("1").content.decode()
    stranger.client.post("/admin/logout/")
    pages["/sent/"] = stranger.client.post(
        "/admin/login/forgotten/", {"email": "nobody@office.example"}
    ).content.decode()
    pages["/wrong/"] = stranger.client.post(
        "/admin/login/", {"username": "nobody", "password": "x"}
    ).content.decode()
    assert {one.name for one in ROUTES if isinstance(one, URLPattern)} - seen - NOT_PAGES == set()
    found = axe.faults(pages, scheme=scheme)
    assert found == {}, "\n".join(f"{page}: {faults}" for page, faults in found.items())
