"""An editor uploads an issue in the browser and publishes it; readers get their sections."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import SHARED_SAMPLES
from tests.support.logging_in import log_in
from tests.support.service import TOP, Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
from django.contrib.auth import get_user_model
from tests.support.factories import a_bulletin, a_reader
from publications.models import Topic
get_user_model().objects.create_superuser("editor", password="for this journey only")
bulletin = a_bulletin("journey", name="简报", language="zh-hans")
titles = {titles!r}
topics = [
    Topic.objects.create(bulletin=bulletin, name_zh=title, position=n)
    for n, title in enumerate(titles)
]
a_reader(bulletin, "first@example.org", topics=topics[:1], language="zh-hans")
a_reader(bulletin, "two@example.org", topics=topics[1:3], language="en")
a_reader(bulletin, "all@example.org", topics=topics, language="zh-hans")
a_reader(bulletin, "none@example.org")
"""
READ = """
import json
from issues.models import Issue
print(json.dumps([
    {"title": section.title, "articles": [[a.title, a.source] for a in section.articles.all()]}
    for section in Issue.objects.get().sections.all()
]))
"""


def plain(title: str) -> str:
    return "".join(title.split())


@pytest.fixture
def page(browser: Browser, service: Service) -> Page:
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    return context.new_page()


def expected_of(pdf: Path) -> list[dict[str, Any]]:
    expected = json.loads(pdf.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return list(expected["sections"])


@pytest.fixture
def pdf() -> Path:
    real = SHARED_SAMPLES / "bulletin-4.0-2022-07.pdf"
    return real if real.exists() else TOP / "samples" / "yunze-2026-09.pdf"


def test_from_the_upload_of_an_issue_to_the_digests_of_its_readers(
    service: Service, page: Page, pdf: Path
) -> None:
    expected = expected_of(pdf)
    titles = [str(section["title"]) for section in expected]
    service.run(SET_UP.format(titles=titles[:-1]))
    log_in(page, service.url)
    upload(page, service, pdf)

    read = json.loads(service.run(READ))
    assert [plain(section["title"]) for section in read] == [plain(title) for title in titles]
    for got, wanted in zip(read, expected, strict=True):
        assert [[plain(title), source] for title, source in got["articles"]] == [
            [plain(article["title"]), article["source"]] for article in wanted["articles"]
        ]

    the_same_file_is_recognised(page, service, pdf)
    publish_is_blocked_by(page, titles[-1])
    with page.expect_response("**/act/"):
        page.locator(".about select").nth(len(titles) - 1).select_option("new")
    publish(page)

    expect(page.get_by_text("Finished: every reader is accounted for")).to_be_visible(
        timeout=60_000
    )
    mails = service.caught()
    assert sorted(mails) == ["all@example.org", "first@example.org", "two@example.org"]
    assert {address: len(copies) for address, copies in mails.items()} == dict.fromkeys(mails, 1)
    for address, own in {
        "first@example.org": titles[:1],
        "two@example.org": titles[1:3],
        "all@example.org": titles[:-1],
    }.items():
        headlines_are_those_of(service, address, own=own, expected=expected)


def upload(page: Page, service: Service, pdf: Path) -> None:
    page.goto(f"{service.url}/admin/issues/issue/add/")
    page.select_option("#id_bulletin", label="简报")
    page.set_input_files("#id_file", str(pdf))
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("#document")).to_be_visible(timeout=60_000)


def the_same_file_is_recognised(page: Page, service: Service, pdf: Path) -> None:
    """Uploading it again leads to the issue that there is."""
    page.goto(f"{service.url}/admin/issues/issue/add/")
    page.select_option("#id_bulletin", label="简报")
    page.set_input_files("#id_file", str(pdf))
    page.get_by_role("button", name="Upload", exact=True).click()
    message = page.get_by_text("This file was uploaded before:")
    expect(message).to_be_visible()
    message.get_by_role("link").click()


def publish_is_blocked_by(page: Page, title: str) -> None:
    page.get_by_role("link", name="Publish …").click()
    expect(page.get_by_text(f"what the section “{title}” is about")).to_be_visible()


def publish(page: Page) -> None:
    """Publish, having been asked once, and press a second time from another page."""
    page.get_by_role("link", name="Publish …").click()
    second = page.context.new_page()
    second.goto(page.url)
    page.get_by_role("button", name="Publish and mail").click()
    expect(page.get_by_text("Published. The digests are on their way.")).to_be_visible()
    second.get_by_role("button", name="Publish and mail").click()
    # Chromium may never close a page whose form is still on its way: wait for the answer.
    expect(second.get_by_text("This issue was published before")).to_be_visible()


def headlines_are_those_of(
    service: Service, address: str, *, own: list[str], expected: list[dict[str, Any]]
) -> None:
    mail = service.mail_to(address)
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        text = plain(re.sub(r"<[^>]+>", "", body.get_content()))
        for section in expected:
            for article in section["articles"]:
                assert (plain(article["title"]) in text) is (section["title"] in own)
