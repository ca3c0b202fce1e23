"""A reader signs up in the browser, confirms, chooses anew, and leaves; a mail program can too."""

from __future__ import annotations

import re
import time
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(200)]

ADDRESS = "reader@example.org"
SET_UP = """
from tests.support.factories import a_bulletin, topics_of
topics_of(a_bulletin("journey", name="Letters"), ["Water", "Energy"])
"""
STATE = """
from subscribers.models import Subscriber
reader = Subscriber.objects.get(address="reader@example.org")
following = reader.subscriptions.filter(ended_at=None).values_list("topic__name_en", flat=True)
print(reader.confirmed_at is not None, reader.unsubscribed_at is not None, *sorted(following))
"""
LEAVING = """
from subscribers.links import Purpose, link
from subscribers.models import Subscriber
print(link(Subscriber.objects.get(address="reader@example.org"), Purpose.{purpose}))
"""


def link_in_goodbye(service: Service) -> str:
    """The link to undo of a goodbye, waited for."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for mail in service.caught().get(ADDRESS, []):
            body = mail.get_body(("plain",))
            found = re.search(r"http://\S+/undo/\S+", body.get_content() if body else "")
            if found and "You have unsubscribed" in mail["Subject"]:
                return found[0]
        time.sleep(0.2)
    pytest.fail(f"no goodbye; {service.logs()}")


def stop_link(service: Service) -> str:
    """The link by which a mail would have the section of Water stopped."""
    water = service.run("from publications.models import Topic; print(Topic.objects.first().pk)")
    return f"{service.run(LEAVING.format(purpose='STOP'))}{water}/?title=Water"


def test_from_signing_up_to_leaving(service: Service, browser: Browser) -> None:
    service.run(SET_UP)
    page = browser.new_context(locale="en", viewport={"width": 375, "height": 800}).new_page()
    page.set_default_timeout(20_000)

    page.goto(f"{service.url}/b/journey/subscribe/")
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_label("Water").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    assert service.run(STATE).startswith("False False")

    body = service.mail_to(ADDRESS).get_body(("plain",))
    assert body is not None
    confirming = re.search(r"http://\S+/confirm/\S+", body.get_content())
    assert confirming is not None
    page.goto(confirming[0])
    assert service.run(STATE).startswith("False False")
    page.get_by_role("button", name="Yes, subscribe me").click()
    expect(page.get_by_role("heading", name="You’re subscribed")).to_be_visible()
    assert service.run(STATE) == "True False Water"

    page.goto(service.run(LEAVING.format(purpose="PREFERENCES")))
    page.get_by_label("Energy").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    assert service.run(STATE) == "True False Energy Water"

    leaving = service.run(LEAVING.format(purpose="LEAVE"))
    page.goto(leaving)
    assert service.run(STATE).startswith("True False")
    page.get_by_role("button", name="Unsubscribe", exact=True).click()
    expect(page.get_by_role("heading", name="You have unsubscribed from Letters")).to_be_visible()
    assert service.run(STATE) == "True True"

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="You are subscribed to Letters")).to_be_visible()
    assert service.run(STATE) == "True False Energy Water"

    page.goto(leaving)
    page.get_by_role("button", name="Unsubscribe", exact=True).click()
    page.goto(link_in_goodbye(service))
    assert service.run(STATE) == "True True"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="You are subscribed to Letters")).to_be_visible()
    assert service.run(STATE) == "True False Energy Water"

    page.goto(stop_link(service))
    page.get_by_role("button", name="Stop “Water”").click()
    expect(page.get_by_role("heading", name="You no longer get “Water”")).to_be_visible()
    assert service.run(STATE) == "True False Energy"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="You get “Water” again")).to_be_visible()
    assert service.run(STATE) == "True False Energy Water"

    one_click = urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urlopen(Request(leaving, data=one_click)) as answer:
        assert answer.status == 200
        assert answer.url == leaving
    assert service.run(STATE) == "True True"
