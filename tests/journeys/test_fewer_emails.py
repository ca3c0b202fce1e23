"""Readers get fewer emails in place of none, say why they left, and have an old link made fresh."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(200)]

SET_UP = """
from tests.support.factories import a_bulletin, a_reader, topics_of
for slug, name in (("{who}", "Letters"), ("{who}-other", "Others")):
    bulletin = a_bulletin(slug, name=name)
    topics = topics_of(bulletin, ["Water", "Energy"])
    a_reader(bulletin, "{who}@example.org", topics=topics, language="{language}")
"""
LEAVING = """
from subscribers.links import Purpose, link
from subscribers.models import Subscriber
print(link(Subscriber.objects.get(bulletin__slug="{who}"), Purpose.LEAVE))
"""
OLD = """
import time
from foundation.tokens import TokenSigner
from subscribers.links import READER
from subscribers.models import Subscriber
reader = Subscriber.objects.get(bulletin__slug="{who}")
at = int(time.time()) - 40 * 86400
print(TokenSigner(READER).token(reader.pk, reader.link_key, at=at).decode())
"""
STATE = """
from subscribers.models import Subscriber, UnsubscribeReason
readers = Subscriber.objects.filter(address="{who}@example.org").order_by("bulletin__slug")
reasons = UnsubscribeReason.objects.filter(subscriber__in=readers)
print(*(one.cadence if one.is_reading else "left" for one in readers),
      *(f"{{one.reason}} {{one.words}}" for one in reasons))
"""
WORDS = {
    "en": {
        "unsubscribe": "Unsubscribe", "weekly": "Once a week", "monthly": "Once a month",
        "fewer": "Choose fewer topics", "other": "Unsubscribe from Others, too", "undo": "Undo",
        "reason": "Too many emails", "words": "In your own words", "send": "Send",
        "thanks": "Thank you", "problem": "There is a problem",
    },
    "zh-hans": {
        "unsubscribe": "退订", "weekly": "每周一次", "monthly": "每月一次", "fewer": "减少主题",
        "other": "也退订《Others》", "undo": "撤销", "reason": "邮件太多", "words": "补充说明",
        "send": "提交", "thanks": "谢谢", "problem": "填写有误",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "width", "scripts"), [("en", 375, False), ("zh-hans", 1280, True)]
)
def test_fewer_emails_in_place_of_none(
    *, language: str, width: int, scripts: bool, service: Service, browser: Browser
) -> None:
    who = f"fewer-{language}"
    service.run(SET_UP.format(who=who, language=language))
    words = WORDS[language]
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_default_timeout(20_000)

    def press(name: str) -> str:
        with page.expect_navigation():
            page.get_by_role("button", name=words[name], exact=True).click()
        return service.run(STATE.format(who=who))

    leaving = service.run(LEAVING.format(who=who))
    page.goto(leaving)
    assert press("weekly") == "weekly issue"
    page.goto(leaving)
    assert press("unsubscribe") == "left issue"
    assert press("monthly") == "monthly issue"
    page.goto(leaving)
    press("unsubscribe")
    assert press("fewer") == "monthly issue"
    assert "/preferences/" in page.url

    page.goto(leaving)
    press("unsubscribe")
    press("send")
    expect(page.get_by_role("alert")).to_contain_text(words["problem"])
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label(words["reason"]).check()
    page.get_by_label(words["words"]).fill("月刊即可")
    assert press("send") == "left issue too-many 月刊即可"
    expect(page.get_by_role("status")).to_contain_text(words["thanks"])
    assert press("other") == "left left too-many 月刊即可"
    assert press("undo") == "left issue too-many 月刊即可"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_an_old_link_opens_nothing_until_a_fresh_one_is_mailed(
    service: Service, browser: Browser
) -> None:
    service.run(SET_UP.format(who="old-link", language="en"))
    context = browser.new_context(locale="en", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{service.url}/preferences/{service.run(OLD.format(who='old-link'))}/")
    expect(page.get_by_text("o•••@example.org")).to_be_visible()
    assert "old-link@" not in page.content()
    assert "Water" not in page.content()
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    body = service.mail_to("old-link@example.org").get_body(("plain",))
    fresh = re.search(r"http://\S+/preferences/\S+", body.get_content() if body else "")
    assert fresh
    page.goto(fresh[0])
    expect(page.get_by_label("Water")).to_be_checked()
    context.close()
