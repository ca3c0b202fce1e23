"""A reader comes from the foot of a page to all that is theirs, without JavaScript, on a phone: how
often, a pause, their mails, another address, their data, and erasing it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

OLD, NEW = "ann@example.org", "ann@new.example.org"
SET_UP = """
from django.utils import timezone
from digests import publishing
from tests.support.factories import a_bulletin, a_draft, a_reader, topics_of
letters, others = a_bulletin("journey", name="Letters"), a_bulletin("others", name="Others")
water, energy = topics_of(letters, ["Water", "Energy"])
a_reader(letters, "ann@example.org", topics=[water])
a_reader(others, "ann@example.org", topics=topics_of(others, ["Sport"]))
publishing.publish(a_draft(letters, {"Water": water, "Energy": energy}), at=timezone.now())
"""
STATE = """
from subscribers.models import Subscriber
for one in Subscriber.objects.order_by("bulletin__name"):
    print(one.address, one.cadence, one.length, one.paused_until is not None, sep=" ", end="; ")
"""


def mails_to(service: Service, address: str, holding: str, *, count: int = 1) -> list[EmailMessage]:
    """The mails to an address whose text holds these words, waited for."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [one for one in service.caught().get(address, []) if holding in text_of(one)]
        if len(found) >= count:
            return found
        time.sleep(0.2)
    pytest.fail(f"no such mail to {address}; {service.logs()}")


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def link_in(mail: EmailMessage, path: str) -> str:
    found = re.search(rf"http://\S+/{path}/\S+", text_of(mail))
    assert found, text_of(mail)
    return found[0]


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page on a phone that runs no script."""
    context = browser.new_context(
        locale="en", viewport={"width": 375, "height": 800}, java_script_enabled=False
    )
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    return opened


def test_a_reader_manages_all_that_is_theirs(service: Service, page: Page, tmp_path: Path) -> None:
    service.run(SET_UP)
    press = presser(page)
    first = mails_to(service, OLD, "News of Water")[0]

    page.goto(f"{service.url}/b/others/")
    page.get_by_role("link", name="Manage my subscription").click()
    page.get_by_label("Email address").fill(OLD)
    press("Send me the link")
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    page.goto(link_in(mails_to(service, OLD, "/preferences/")[-1], "preferences"))
    if "Others, to" in page.inner_text("main"):  # whichever of the two was mailed
        page.get_by_role("link", name="Letters", exact=True).click()
    expect(page.get_by_role("heading", name="Manage my subscription")).to_be_visible()

    page.get_by_label("once a week, on Fridays at 8:00").check()
    page.get_by_label("headlines only").check()
    press("Save")
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    page.locator("input[name=until]").fill(str(timezone.localdate() + timedelta(days=20)))
    press("Pause until that date")
    expect(page.get_by_text("No emails are sent until").first).to_be_visible()
    assert f"{OLD} weekly headlines True; {OLD} issue full False;" in service.run(STATE)
    page.get_by_role("button", name="End the pause now").click()
    expect(page.get_by_text("The pause is over.")).to_be_visible()

    page.get_by_role("link", name="My emails").click()
    expect(page.get_by_text("News of Water")).to_be_visible()
    press("Send it again Letters No. 9")
    expect(page.get_by_text("The email is being sent again.")).to_be_visible()
    again = mails_to(service, OLD, "News of Water", count=2)
    assert {mail["Message-ID"] for mail in again} == {first["Message-ID"]}
    page.get_by_role("link", name="Manage my subscription").first.click()

    with page.expect_download() as download:
        page.get_by_role("link", name="My data", exact=True).click()
    download.value.save_as(tmp_path / "mine.json")
    kept = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert {one["bulletin"] for one in kept["bulletins"]} == {"Letters", "Others"}

    page.get_by_role("link", name="Why I get these emails").click()
    expect(page.get_by_text("Water", exact=True)).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Change my address").click()
    page.get_by_label("New email address").fill(NEW)
    press("Send the confirmation link")
    expect(page.get_by_text("We have written to")).to_be_visible()
    page.goto(link_in(mails_to(service, NEW, "/address/")[0], "address"))
    press("Yes, this is my new address")
    expect(page.get_by_role("heading", name="Your address is changed")).to_be_visible()
    assert OLD not in service.run(STATE)

    page.goto(link_in(mails_to(service, OLD, "/former/")[0], "address"))
    press("Undo the change")
    expect(page.get_by_role("heading", name="The address is not changed")).to_be_visible()
    assert NEW not in service.run(STATE)

    made = "from subscribers.links import Purpose, link; from subscribers.models import Subscriber"
    mine = service.run(f"{made}; print(link(Subscriber.objects.first(), Purpose.PREFERENCES))")
    page.goto(mine)
    page.get_by_role("link", name="Delete my data").click()
    press("Delete everything")
    expect(page.get_by_role("heading", name="Your data has been deleted")).to_be_visible()
    assert service.run(STATE) == ""


def presser(page: Page) -> Callable[[str], None]:
    """Press the button of that name."""

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    return press
