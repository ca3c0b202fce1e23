"""In the browser: the mails before the press, an issue that is scheduled, taken back, published,
withdrawn; in both languages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.logging_in import log_in
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
import json
from django.contrib.auth import get_user_model
from issues.models import Issue
from tests.support.factories import a_bulletin, a_reader, an_issue, topics_of
users = get_user_model().objects
if not users.exists():
    users.create_superuser("editor", password="for this journey only")
a_bulletin("campus-{code}", name="Campus paper")
bulletin = a_bulletin("weather-{code}", name="The weather", time_zone="Europe/Berlin")
rain, wind = topics_of(bulletin, ["Rain", "Wind"])
for n in range(3):
    a_reader(bulletin, f"rain{{n}}@example.org", topics=[rain], name=f"Ann {{n}}")
a_reader(bulletin, "both@example.org", topics=[rain, wind], language="zh-hans", name="王芳")
print(json.dumps(an_issue(bulletin, status=Issue.Status.DRAFT, title="Campus paper").pk))
"""
FIRST_ARTICLE = """
from issues.models import Article
print(Article.objects.filter(section__issue={issue}).earliest("pk").pk)
"""
WORDS = {
    "en": {
        "tomorrow": "Tomorrow at 8:00",
        "scheduled": "What is changed until then is published as it is then.",
        "dashboard": "To be published",
        "unschedule": "Take back: a draft without a time",
        "publish": "Publish and mail",
        "finished": "Finished: every reader is accounted for",
        "withdraw": "Withdraw",
        "gone": "The publisher withdrew this article",
        "warning": "is not that of the bulletin",
        "look": "Look",
        "web_only": "On the web only: nobody gets a mail",
        "like_this": "Publish like this",
        "take_back": "Take back: a draft again",
        "draft": "It is a draft again.",
    },
    "zh-CN": {
        "tomorrow": "明天 8:00 发布",
        "scheduled": "在此之前所作的修改，都会按届时的内容发布。",
        "dashboard": "等待发布",
        "unschedule": "取消定时，仍为草稿",
        "publish": "发布并发送",
        "finished": "发送完毕：共",
        "withdraw": "撤下",
        "gone": "这篇文章已由发布者于",
        "warning": "与简报名称不同",
        "look": "查看",
        "web_only": "只在网上发布，不发邮件",
        "like_this": "按此发布",
        "take_back": "收回为草稿",
        "draft": "已收回为草稿",
    },
}


@pytest.fixture(params=WORDS)
def words(request: pytest.FixtureRequest) -> dict[str, str]:
    return WORDS[str(request.param)] | {"locale": str(request.param)}


@pytest.fixture
def page(browser: Browser, words: dict[str, str]) -> Page:
    size = {"width": 1366, "height": 900}
    context = browser.new_context(locale=words["locale"], viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    return context.new_page()


def seen(page: Page, name: str) -> None:
    """Keep pictures of a page for whoever wants to look at it: SHOTS names the folder."""
    if folder := os.environ.get("SHOTS"):
        for width in (1366, 390):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.wait_for_timeout(700)
                path = Path(folder, f"{name}-{width}-{scheme}.png")
                page.screenshot(path=path, full_page=True)
        page.set_viewport_size({"width": 1366, "height": 900})
        page.emulate_media(color_scheme="light")


def test_when_and_where_an_issue_appears(
    service: Service, page: Page, words: dict[str, str]
) -> None:
    code = words["locale"].lower()
    issue = json.loads(service.run(SET_UP.format(code=code)).splitlines()[-1])
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    log_in(page, service.url)
    address = f"{service.url}/admin/issues/issue/{issue}"

    before_the_press(page, address, loaded, words)
    as_a_reader(page, words)
    scheduled(page, service, address, words)
    on_the_web_only(page, address, words)
    published_and_withdrawn(page, service, issue, words)


def before_the_press(page: Page, address: str, loaded: list[str], words: dict[str, str]) -> None:
    page.goto(f"{address}/publish/", wait_until="networkidle")
    expect(page.locator("#warnings")).to_contain_text(words["warning"])
    phone = page.frame_locator("details.mail[open] .phone iframe")
    expect(phone.locator("h3").first).to_be_visible()
    expect(
        page.frame_locator("details.mail[open] .wide iframe").locator("h3").first
    ).to_be_visible()
    narrow = phone.locator("html").evaluate("one => [one.clientWidth, one.scrollWidth]")
    assert narrow[0] == narrow[1] <= 375  # nothing is cut off
    mails = [url for url in loaded if "/mail/" in url]
    assert len(mails) == 2  # of what is folded nothing is loaded
    page.locator("details.mail:not([open]) summary").first.click()
    mails_shown = page.locator("details.mail[open] iframe")
    expect(mails_shown).to_have_count(4)
    for mail in mails_shown.all():
        expect(mail.content_frame.locator("h3").first).to_be_visible()
    assert len([url for url in loaded if "/mail/" in url]) == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    seen(page, f"publish-{words['locale']}")


def as_a_reader(page: Page, words: dict[str, str]) -> None:
    page.fill("#id_q", "王芳")
    page.get_by_role("button", name=words["look"], exact=True).click()
    page.get_by_role("link", name="both@example.org").click()
    mail = page.frame_locator(".phone iframe")
    expect(mail.get_by_text("王芳")).to_be_visible()
    seen(page, f"as-reader-{words['locale']}")


def scheduled(page: Page, service: Service, address: str, words: dict[str, str]) -> None:
    page.goto(f"{address}/publish/")
    page.get_by_role("button", name=words["tomorrow"]).click()
    expect(page.get_by_text(words["scheduled"])).to_be_visible()
    seen(page, f"scheduled-{words['locale']}")
    page.goto(f"{service.url}/admin/", wait_until="networkidle")
    expect(page.get_by_role("heading", name=words["dashboard"])).to_be_visible()
    expect(page.locator("[data-countdown]")).to_have_count(1)
    seen(page, f"dashboard-{words['locale']}")
    page.goto(f"{address}/change/")
    page.get_by_role("button", name=words["unschedule"]).click()
    expect(page.locator("[data-countdown]")).to_have_count(0)


def on_the_web_only(page: Page, address: str, words: dict[str, str]) -> None:
    page.goto(f"{address}/publish/")
    page.get_by_label(words["web_only"]).check()
    page.get_by_role("button", name=words["like_this"]).click()
    page.get_by_role("button", name=words["take_back"]).click()
    expect(page.get_by_text(words["draft"]).first).to_be_visible()


def published_and_withdrawn(
    page: Page, service: Service, issue: int, words: dict[str, str]
) -> None:
    address = f"{service.url}/admin/issues/issue/{issue}"
    page.goto(f"{address}/publish/")
    page.get_by_role("button", name=words["publish"]).click()
    expect(page.get_by_text(words["finished"])).to_be_visible(timeout=60_000)
    article = service.run(FIRST_ARTICLE.format(issue=issue)).splitlines()[-1]
    page.goto(f"{address}/articles/{article}/withdraw/")
    seen(page, f"withdraw-{words['locale']}")
    page.fill("#id_because", "The numbers are wrong.")
    page.get_by_role("button", name=words["withdraw"], exact=True).click()
    seen(page, f"withdrawn-{words['locale']}")
    slug = f"weather-{words['locale'].lower()}"
    gone = f"{service.url}/b/{slug}/issues/{issue}/articles/{article}/"
    answer = page.goto(gone)
    assert answer
    assert answer.status == 410
    expect(page.get_by_text(words["gone"])).to_be_visible()
    seen(page, f"gone-{words['locale']}")
