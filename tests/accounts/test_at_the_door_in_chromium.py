"""The door in a browser: passkeys, an app, recovery codes, a forgotten password; both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import browser, service
from tests.support.one_time_codes import code
from tests.support.service import Service

__all__ = ["browser", "service"]

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(600)]
PASSWORD = "for this journey only"
NEW = "another one for this journey"
MAKE = """
from django.contrib.auth.models import User
User.objects.create_superuser({name!r}, {name!r} + "@office.example", {password!r})
"""

WORDS = {
    "en": {
        "add": "Add a passkey", "adding": "Add the passkey", "in": "Log in with a passkey",
        "use": "Use a passkey", "forgotten": "Forgotten your login credentials?",
        "set": "Set the password", "sent": "Look into your mail", "app": "Set it up",
        "kept": "I have kept them", "failed": "No passkey was used",
    },
    "zh-CN": {
        "add": "添加通行密钥", "adding": "添加这把密钥", "in": "用通行密钥登录",
        "use": "使用通行密钥", "forgotten": "忘记密码？",
        "set": "设置密码", "sent": "请查看邮箱", "app": "完成设置",
        "kept": "已经保存好", "failed": "没有使用通行密钥",
    },
}  # fmt: skip


@contextmanager
def at_the_door(browser: Browser, service: Service, language: str) -> Iterator[Page]:
    """A page of a browser of its own, which asks nobody but the site and breaks no policy."""
    context = browser.new_context(locale=language)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert [line for line in said if "Content Security Policy" in line or "Error" in line] == []
    strange = [url for url in asked if not url.startswith((service.url, "data:"))]
    assert strange == []
    context.close()


def with_key(page: Page, *, verifies: bool = True) -> Any:
    """Give the browser a device that keeps passkeys."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, device["authenticatorId"]


def log_in(page: Page, service: Service, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{service.url}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")


def log_out(page: Page) -> None:
    page.click("#logout-form button")
    page.wait_for_url("**/admin/logout/")


@pytest.mark.parametrize("language", list(WORDS))
def test_a_passkey_is_added_and_opens_the_door_alone_and_after_the_password(
    service: Service, browser: Browser, language: str
) -> None:
    words = WORDS[language]
    name = f"key-{language.lower()}"
    service.run(MAKE.format(name=name, password=PASSWORD))
    with at_the_door(browser, service, language) as page:
        devtools, device = with_key(page)
        log_in(page, service, name)
        page.wait_for_url("**/admin/")
        page.goto(f"{service.url}/admin/me/")
        page.get_by_role("link", name=words["add"]).click()
        page.get_by_role("button", name=words["adding"]).click()
        page.wait_for_url("**/admin/me/codes/")
        codes = page.locator(".codes code").all_inner_texts()
        assert len(codes) == 10
        page.get_by_role("link", name=words["kept"]).click()
        kept = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})
        assert [one["rpId"] for one in kept["credentials"]] == ["localhost"]
        log_out(page)

        page.goto(f"{service.url}/admin/login/?next=/admin/me/")
        page.get_by_role("button", name=words["in"]).click()
        page.wait_for_url("**/admin/me/")
        log_out(page)

        log_in(page, service, name)
        page.wait_for_url("**/admin/login/code/")
        page.get_by_role("button", name=words["use"]).click()
        page.wait_for_url("**/admin/")
        log_out(page)

        log_in(page, service, name)
        page.fill("#id_code", codes[0])
        page.press("#id_code", "Enter")
        page.wait_for_url("**/admin/")
        log_out(page)

        devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
        with_key(page)  # a device that knows nothing of us
        page.goto(f"{service.url}/admin/login/")
        page.get_by_role("button", name=words["in"]).click()
        expect(page.get_by_role("alert")).to_contain_text(words["failed"])
        log_in(page, service, name)
        page.fill("#id_code", codes[0])  # once
        page.press("#id_code", "Enter")
        page.wait_for_url("**/admin/login/code/")
        expect(page.locator(".errorlist")).to_be_visible()


@pytest.mark.parametrize("language", list(WORDS))
def test_an_app_and_a_forgotten_password(service: Service, browser: Browser, language: str) -> None:
    words = WORDS[language]
    name = f"app-{language.lower()}"
    service.run(MAKE.format(name=name, password=PASSWORD))
    with at_the_door(browser, service, language) as page:
        log_in(page, service, name)
        page.wait_for_url("**/admin/")
        page.goto(f"{service.url}/admin/me/app/")
        assert page.evaluate("document.querySelector('.steps img').naturalWidth") > 100
        secret = page.inner_text(".secret")
        page.fill("#id_code", code(secret))
        page.get_by_role("button", name=words["app"]).click()
        page.wait_for_url("**/admin/me/codes/")
        log_out(page)

        page.goto(f"{service.url}/admin/login/")
        page.get_by_role("link", name=words["forgotten"]).click()
        page.fill("#id_email", f"{name}@office.example")
        page.press("#id_email", "Enter")
        expect(page.get_by_role("heading", name=words["sent"])).to_be_visible()
        mail = service.mail_to(f"{name}@office.example").get_content()
        (link,) = re.findall(r"http\S+/admin/login/new/\S+", mail)
        page.goto(link)
        page.fill("#id_new_password1", NEW)
        page.fill("#id_new_password2", NEW)
        page.get_by_role("button", name=words["set"]).click()
        log_in(page, service, name, NEW)
        page.wait_for_url("**/admin/login/code/")
        page.fill("#id_code", code(secret, steps=1))
        page.press("#id_code", "Enter")
        page.wait_for_url("**/admin/")
