"""An administrator makes a colleague, who chooses a password; what an editor submits they release
by the link in the mail, and publish. In both languages, on a wide screen and on a phone."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(400)]

PASSWORD = "seven quiet herons at dusk"
SET_UP = """
import json
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from issues.models import Issue
from publications.models import Bulletin, Membership
from tests.support.factories import an_issue, weather
users = get_user_model().objects
if not users.filter(username="chief").exists():
    users.create_superuser("chief", "chief@office.example", "{password}")
of = weather("{slug}")
Bulletin.objects.filter(pk=of.pk).update(needs_sign_off=True, language="{language}")
editor = users.create_user("{slug}-ed", "ed@{slug}.example", "{password}", is_staff=True)
Membership.objects.create(user=editor, bulletin=of, group=Group.objects.get(role__key="editor"))
print(json.dumps({{"issue": an_issue(of, status=Issue.Status.DRAFT).pk}}))
"""


@dataclass(frozen=True)
class Words:
    """What stands on the buttons."""

    colleague: str
    publisher: str
    make: str
    keep: str
    kept: str
    sign_off: str
    submit: str
    release: str
    publish: str


WORDS = {
    "en": Words(
        colleague="A new colleague",
        publisher="Publisher:",
        make="Make the account, and mail the link",
        keep="Set the password",
        kept="Log in with the new password",
        sign_off="Sign-off …",
        submit="Submit, and mail the proof",
        release="Release",
        publish="Publish …",
    ),
    "zh-hans": Words(
        colleague="新增同事",
        publisher="发布人：",
        make="开通账号并发送链接",
        keep="设置密码",
        kept="新密码",
        sign_off="审签……",
        submit="提交并发送校样",
        release="审签放行",
        publish="发布……",
    ),
}
SIZES: dict[str, ViewportSize] = {
    "en": {"width": 1280, "height": 900},
    "zh-hans": {"width": 360, "height": 740},
}


def shown(page: Page, name: str) -> None:
    """Keep a picture where PICTURES says; no page is wider than its window."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} px wider than the window"


def logged_in(browser: Browser, service: Service, who: str, language: str, scheme: str) -> Page:
    dark = browser.new_context(
        locale="zh-CN" if language == "zh-hans" else "en",
        viewport=SIZES[language],
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = dark.new_page()
    page.goto(f"{service.url}/admin/")
    page.fill("#id_username", who)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    return page


def link_in(service: Service, address: str, route: str) -> str:
    body = service.mail_to(address).get_body(("plain",))
    assert body
    found = re.search(rf"{service.url}/{route}/\S+", body.get_content())
    assert found
    return found[0]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
def test_from_a_new_colleague_to_a_released_and_published_issue(
    service: Service, browser: Browser, language: str, scheme: str
) -> None:
    words, slug = WORDS[language], f"weather-{language}"
    issue = json.loads(service.run(SET_UP.format(slug=slug, language=language, password=PASSWORD)))[
        "issue"
    ]
    chief = logged_in(browser, service, "chief", language, scheme)
    chief.goto(f"{service.url}/admin/auth/user/")
    chief.get_by_role("link", name=words.colleague, exact=True).click()
    chief.fill("#id_name", "李方")
    chief.fill("#id_address", f"fang@{slug}.example")
    chief.get_by_label(words.publisher).check()
    chief.get_by_label(f"The {slug}").check()
    shown(chief, f"colleague-{language}")
    chief.get_by_role("button", name=words.make).click()
    expect(chief.locator(".messagelist .success")).to_contain_text(f"fang@{slug}.example")
    shown(chief, f"user-{language}")

    fang = browser.new_context(
        locale="zh-CN" if language == "zh-hans" else "en", viewport=SIZES[language]
    ).new_page()
    fang.goto(link_in(service, f"fang@{slug}.example", "admin/login/new"))
    fang.fill("#id_new_password1", PASSWORD)
    fang.fill("#id_new_password2", PASSWORD)
    shown(fang, f"welcome-{language}")
    fang.get_by_role("button", name=words.keep).click()
    expect(fang.locator("#content")).to_contain_text(words.kept)

    editor = logged_in(browser, service, f"{slug}-ed", language, scheme)
    editor.goto(f"{service.url}/admin/issues/issue/{issue}/change/")
    shown(editor, f"issue-{language}")
    editor.get_by_role("link", name=words.sign_off, exact=True).click()
    editor.fill("#id_note", "请今天审完。")
    shown(editor, f"submit-{language}")
    editor.get_by_role("button", name=words.submit).click()
    expect(editor.locator(".messagelist .success")).to_be_visible()

    fang.goto(link_in_newest(service, f"fang@{slug}.example"))
    shown(fang, f"ask-{language}")
    fang.get_by_role("button", name=words.release, exact=True).click()
    expect(fang.locator("h1")).to_be_visible()
    shown(fang, f"released-{language}")

    publisher = logged_in(browser, service, f"fang@{slug}.example", language, scheme)
    publisher.goto(f"{service.url}/admin/issues/issue/{issue}/sign-off/")
    shown(publisher, f"decided-{language}")
    publisher.goto(f"{service.url}/admin/issues/issue/{issue}/change/")
    publisher.get_by_role("link", name=words.publish, exact=True).click()
    publisher.locator("#publish [type=submit], #publish button").first.click()
    publisher.wait_for_url(f"**/admin/issues/issue/{issue}/change/")
    status = f"from issues.models import Issue; print(Issue.objects.get(pk={issue}).status)"
    assert service.run(status) == "published"


def link_in_newest(service: Service, address: str) -> str:
    """Return the link of the mail in which somebody is asked, which a worker sends."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for mail in service.caught().get(address, []):
            body = mail.get_body(("plain",))
            found = re.search(rf"{service.url}/release/\S+", body.get_content()) if body else None
            if found:
                return found[0]
        time.sleep(0.2)
    pytest.fail("nobody was asked")
