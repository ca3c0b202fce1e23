"""A reader's life from the form to the undo, in both languages, on a phone and on a desktop, with
JavaScript and without; each state as axe-core sees it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.screens import Screen, is_sound, opened
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
from django.utils import timezone
from digests import publishing
from tests.support.factories import a_bulletin, a_draft, topics_of
of = a_bulletin("life", name="Letters")
water, energy = topics_of(of, ["Water", "Energy"])
publishing.publish(a_draft(of, {"Water": water, "Energy": energy}), at=timezone.now())
"""


SCREENS = [
    Screen("zh-CN", 360, dark=True),
    Screen("zh-CN", 1280, js=False),
    Screen("en", 360, js=False),
    Screen("en", 1280),
]


@pytest.fixture(scope="module")
def with_an_issue(service: Service) -> Service:
    service.run(SET_UP)
    return service


@pytest.fixture(params=SCREENS, ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def page(browser: Browser, screen: Screen) -> Iterator[Page]:
    with opened(browser, screen) as page:
        yield page


def address_on(screen: Screen) -> str:
    """The reader who sits before a screen."""
    return f"{screen.language}-{screen.width}@reader.example"


def link_to(service: Service, screen: Screen, purpose: str) -> str:
    """The newest link of that purpose that was mailed to the reader, waited for."""
    address = address_on(screen)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for mail in reversed(service.caught().get(address, [])):
            body = mail.get_body(("plain",))
            found = re.search(rf"http://\S+/{purpose}/\S+", body.get_content() if body else "")
            if found and "not-me" not in found[0]:
                return found[0]
        time.sleep(0.2)
    pytest.fail(f"no {purpose} link for {address}; {service.logs()}")


def test_a_readers_life(with_an_issue: Service, page: Page, screen: Screen) -> None:
    service, words, address = with_an_issue, screen.words, address_on(screen)
    press = presser(page, screen)

    page.goto(f"{service.url}/b/life/subscribe/")
    is_sound(page, screen)
    page.get_by_label(words("Email address")).fill(address)
    page.get_by_label("Water").check()
    press("Sign up")
    expect(page.get_by_role("heading", name=words("Check your inbox"))).to_be_visible()
    is_sound(page, screen)

    page.goto(link_to(service, screen, "confirm"))
    is_sound(page, screen)
    press("Yes, subscribe me")
    expect(page.get_by_role("heading", name=words("You’re subscribed"))).to_be_visible()
    is_sound(page, screen)

    # The link of the first mail, which comes at once.
    page.goto(link_to(service, screen, "preferences"))
    expect(page.get_by_role("heading", name=words("Manage my subscription"))).to_be_visible()
    is_sound(page, screen)
    page.locator("input[name=cadence][value=weekly]").check()
    page.locator("textarea[name=keyword_alerts]").fill("Energy")
    press("Show what these would find")
    expect(page.locator("#forecast mark").first).to_have_text("Energy")
    is_sound(page, screen)
    press("Save")
    expect(page.get_by_text(words("Your choices are saved."))).to_be_visible()
    expect(page.locator("input[name=cadence][value=weekly]")).to_be_checked()
    is_sound(page, screen)

    press("For a month")
    expect(page.get_by_text(words("You will get no emails for a month."))).to_be_visible()
    is_sound(page, screen)

    page.goto(link_to(service, screen, "leave"))
    is_sound(page, screen)
    press("Unsubscribe")
    left = words("You have unsubscribed from %(name)s", name="Letters")
    expect(page.get_by_role("heading", name=left)).to_be_visible()
    is_sound(page, screen)
    press("Undo")
    back = words("You are subscribed to %(name)s", name="Letters")
    expect(page.get_by_role("heading", name=back)).to_be_visible()
    is_sound(page, screen)


def presser(page: Page, screen: Screen) -> Callable[[str], None]:
    """Press the button of that name, in the reader's language."""

    def press(name: str) -> None:
        page.get_by_role("button", name=screen.words(name), exact=True).first.click()

    return press
