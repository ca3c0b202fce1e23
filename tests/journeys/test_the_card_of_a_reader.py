"""The office answers a reader who says that no mail came, and looks at who did what; in Chromium,
in both languages."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.support.logging_in import log_in
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
import json
from django.contrib.auth import get_user_model
from django.utils import timezone
from digests import bounces, sending
from digests.models import Delivery
from tests.support.factories import a_bulletin, a_digest, a_draft, a_reader, topics_of
people = get_user_model().objects
if not people.exists():
    people.create_superuser("editor", password="for this journey only")
bulletin = a_bulletin(slug="TAG", name="TAG")
water, law = topics_of(bulletin, ["Water", "Law"])
ann = a_reader(bulletin, "ann.TAG@reader.example", topics=[water])
full = a_reader(bulletin, "full.TAG@reader.example", topics=[water])
now = timezone.now()
digest = a_digest(a_draft(bulletin, {"Water": water}), at=now)
ours = Delivery.objects.filter(digest=digest)
ours.filter(subscriber=ann).update(status="sent", smtp_response="250 Caught", settled_at=now)
ours.filter(subscriber=full).update(
    status="failed", smtp_response="552 5.2.2 Sorry", settled_at=now
)
sending.recount(digest)
bounces.record_rejections(digest, at=now)
assert sending.finish(digest, at=now)
print(json.dumps({"digest": digest.pk}))
"""

# What is pressed and read, in the order of the journey.
WORDS = {
    "en": {
        "readers": "Readers",
        "again": "Send again …",
        "send": "Send this mail again",
        "is_sent": "The mail is sent again.",
        "link": "Send the link to their choices",
        "mailed": "The link is mailed to the reader.",
        "why": "Why, in a few words",
        "save": "Save and continue editing",
        "say_why": "Say why: readers may ask.",
        "pause": "Pause the mails",
        "paused": "The mails are paused.",
        "note": "Add note",
        "failed": "Send again to those that failed …",
        "one": "Send 1 mail again whose reason may pass",
        "done": "1 mail that failed is sent again.",
        "log": "Who did what",
        "resent": "Had a mail sent again.",
        "changed": "Changed what a reader gets: Telephone",
    },
    "zh-CN": {
        "readers": "读者",
        "again": "重新发送……",
        "send": "重新发送这封邮件",
        "is_sent": "邮件将重新发送。",
        "link": "发送选择页面的链接",
        "mailed": "链接已发给读者。",
        "why": "简短说明理由",
        "save": "保存并继续编辑",
        "say_why": "请说明理由：读者可能会问。",
        "pause": "暂停邮件",
        "paused": "邮件已暂停。",
        "note": "添加备注",
        "failed": "重新发送失败的邮件……",
        "one": "重新发送 1 封原因可能是暂时的邮件",
        "done": "1 封失败的邮件将重新发送。",
        "log": "操作日志",
        "resent": "重新发送了一封邮件。",
        "changed": "修改了读者的选择：Telephone",
    },
}


@pytest.mark.parametrize("locale", WORDS)
def test_a_reader_is_found_answered_and_cared_for(
    service: Service, browser: Browser, locale: str
) -> None:
    digest = json.loads(service.run(SET_UP.replace("TAG", locale.lower())))["digest"]
    words = WORDS[locale]
    page = browser.new_context(locale=locale, viewport={"width": 360, "height": 800}).new_page()
    log_in(page, service.url)

    # A part of the address finds the reader; the mail goes again, in three presses.
    page.get_by_role("link", name=words["readers"], exact=True).first.click()
    page.fill("#searchbar", f"nn.{locale}@re")
    page.press("#searchbar", "Enter")
    page.get_by_role("link", name=f"ann.{locale.lower()}@reader.example").click()
    page.locator("#mails").get_by_text(words["again"]).click()
    page.get_by_role("button", name=words["send"]).click()
    expect(page.locator(".messagelist")).to_contain_text(words["is_sent"])

    page.get_by_role("button", name=words["link"]).click()
    expect(page.locator(".messagelist")).to_contain_text(words["mailed"])

    # Topics are changed on their behalf, and not without a reason.
    page.get_by_role("checkbox", name="Law").check()
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["say_why"])).to_be_visible()
    page.get_by_label(words["why"]).fill("Telephone")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.locator("#log")).to_contain_text(words["changed"])

    page.get_by_role("link", name=words["pause"]).click()
    page.get_by_label(words["why"]).fill("On leave")
    page.get_by_role("button", name=words["pause"]).click()
    expect(page.locator(".messagelist")).to_contain_text(words["paused"])
    page.fill("#id_note_text", "Calls on Mondays.")
    page.get_by_role("button", name=words["note"]).click()
    expect(page.locator("#notes")).to_contain_text("Calls on Mondays.")

    # After the digest: those that failed for a reason that may pass.
    page.goto(f"{service.url}/admin/digests/digest/{digest}/change/")
    page.get_by_role("link", name=words["failed"]).click()
    page.get_by_role("button", name=words["one"]).click()
    expect(page.locator(".messagelist")).to_contain_text(words["done"])

    page.get_by_role("navigation").get_by_role("link", name=words["log"]).click()
    expect(page.locator("#result_list")).to_contain_text(words["resent"])
    page.select_option("select[name=act]", "reader.changed")
    page.locator("form.days button").first.click()
    expect(page.locator("#result_list tbody tr").first).to_contain_text(words["changed"])
    expect(page.locator("#result_list")).not_to_contain_text(words["resent"])
    page.locator("#result_list tbody a").first.click()
    expect(page.locator(".changes")).to_contain_text("Law")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
