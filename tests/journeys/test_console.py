"""Every page keeps to its own policy: the browser's console says nothing on any of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.support.logging_in import log_in
from tests.support.service import TOP, Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
from io import BytesIO
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from PIL import Image
from publications.models import Bulletin
from tests.support.factories import a_bulletin, a_reader, topics_of
get_user_model().objects.create_superuser("editor", password="for this journey only")
bulletin = a_bulletin("journey", name="简报", language="zh-hans", accent="#b5442e")
head = BytesIO()
Image.new("RGB", (400, 80), "red").save(head, "png")
bulletin.image.save("head.png", ContentFile(head.getvalue()))
Bulletin.objects.get().save()
a_reader(bulletin, "ann@example.org", topics=topics_of(bulletin, ["Snow"]))
"""
FOLLOW = """
from publications.models import Topic
from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import SubscriptionSource
from django.utils import timezone
reader = Subscriber.objects.get()
for topic in Topic.objects.exclude(subscriptions__subscriber=reader):
    Subscription.objects.create(
        subscriber=reader, topic=topic, started_at=timezone.now(), source=SubscriptionSource.SIGN_UP
    )
"""
WHERE = """
import json
from digests.models import Digest
from issues.models import Article, Issue
from publications.models import Bulletin
from subscribers.models import Subscriber
from subscribers.links import Purpose, token
reader = Subscriber.objects.get()
print(json.dumps({
    "article": Article.objects.first().pk,
    "issue": Issue.objects.get().pk,
    "digest": getattr(Digest.objects.first(), "pk", 0),
    "bulletin": Bulletin.objects.get().pk,
    "reader": reader.pk,
    "tokens": {str(one): token(reader, one) for one in Purpose},
}))
"""


@pytest.fixture
def pdf() -> Path:
    return TOP / "samples" / "yunze-2026-09.pdf"


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """Fail when the console of a page logs anything, but that there is no favicon.ico."""
    logged: list[str] = []

    def record(message: ConsoleMessage) -> None:
        missing = message.location["url"].endswith("/favicon.ico")
        if message.type in {"error", "warning"} and not missing:
            logged.append(f"{page.url}: {message.text} {message.location['url']}")

    page.on("console", record)
    page.on("pageerror", lambda error: logged.append(f"{page.url}: {error}"))
    yield logged
    assert logged == []


def see_the_pages_of_an_editor(service: Service, browser: Browser, pdf: Path) -> None:
    service.run(SET_UP)
    page = browser.new_context(locale="en").new_page()
    with listening(page):
        log_in(page, service.url)
        page.goto(f"{service.url}/admin/issues/issue/add/")
        page.select_option("#id_bulletin", label="简报")
        page.set_input_files("#id_file", str(pdf))
        page.get_by_role("button", name="Upload", exact=True).click()
        document = page.locator("#document")
        expect(document).to_be_visible(timeout=60_000)  # the page's script saw that it was read
        make_topics = page.get_by_role("button", name="Make a topic of each of them")
        make_topics.click()
        expect(make_topics).to_be_hidden()
        expect(page.locator(".saved")).to_contain_text("saved ")
        service.run(FOLLOW)
        where = json.loads(service.run(WHERE))
        issue, article = where["issue"], where["article"]
        for path in (
            "",
            "issues/issue/",
            f"issues/issue/{issue}/change/",
            f"issues/issue/{issue}/proof/",
            f"issues/issue/{issue}/history/",
            f"issues/article/{article}/change/",
            f"publications/bulletin/{where['bulletin']}/change/",
            "publications/bulletin/add/",
            "subscribers/subscriber/",
            f"subscribers/subscriber/{where['reader']}/change/",
            "publications/topic/",
            "subscribers/suppression/add/",
            "auth/user/",
            "auth/user/add/",
            "auth/user/1/change/",
            "auth/group/add/",
        ):
            answer = page.goto(f"{service.url}/admin/{path}", wait_until="networkidle")
            assert answer, path
            assert answer.status == 200, path
        page.goto(f"{service.url}/admin/issues/issue/{issue}/publish/", wait_until="networkidle")
        for screen, size in ("phone", "17px"), ("wide", "19px"):  # the mail has its styles
            page.locator(f".{screen} iframe").first.scroll_into_view_if_needed()  # they are lazy
            mail = page.frame_locator(f".{screen} iframe").first
            headline = mail.locator("h3").first
            assert headline.evaluate("one => getComputedStyle(one).fontSize") == size, screen
        width = mail.locator("h1 img").evaluate("one => one.naturalWidth")
        assert width == 400  # and its pictures
        page.get_by_role("button", name="Publish and mail").click()
        expect(page.get_by_text("Finished: every reader is accounted for")).to_be_visible(
            timeout=60_000
        )
        digest = json.loads(service.run(WHERE))["digest"]
        for path in (
            f"digests/digest/{digest}/change/",
            "digests/digest/",
            f"issues/issue/{issue}/change/",
            f"issues/issue/{issue}/correct/",
        ):
            page.goto(f"{service.url}/admin/{path}", wait_until="networkidle")
        page.get_by_role("checkbox").first.check()
        page.locator("textarea").fill("A number was wrong.")
        page.get_by_role("button", name="Next").click()
        page.locator("iframe").first.wait_for()
        page.wait_for_load_state("networkidle")


def see_the_pages_of_a_reader(
    service: Service, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    where = json.loads(service.run(WHERE))
    issue, article = where["issue"], where["article"]
    page = browser.new_context(locale="en", color_scheme=scheme).new_page()
    with listening(page):
        for path in (
            "/b/journey/",
            f"/b/journey/issues/{issue}/",
            f"/b/journey/issues/{issue}/articles/{article}/",
            "/b/journey/subscribe/",
            *(f"/{purpose}/{token}/" for purpose, token in where["tokens"].items()),
        ):
            if urlsplit(path).path.startswith(("/notice", "/editions")):
                continue
            page.goto(f"{service.url}{path}", wait_until="networkidle")
            accent = "one => getComputedStyle(one).getPropertyValue('--accent').trim()"
            assert page.locator("body").evaluate(accent) == "#b5442e", path
        page.goto(f"{service.url}/b/journey/", wait_until="networkidle")
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def see_the_pages_of_the_mail_catcher(service: Service, browser: Browser) -> None:
    mail = service.mail_to("ann@example.org").get_body(("html",))
    assert mail is not None
    seen = next(
        word.split('"')[1] for word in str(mail.get_content()).split() if "/editions/" in word
    )
    page = browser.new_context(locale="en").new_page()
    with listening(page):
        page.goto(f"http://localhost:{service.environment['CATCHER_PORT']}/")
        border = page.locator("body").evaluate("one => getComputedStyle(one).borderTopWidth")
        assert border == "4px"
        page.locator("li a").first.click()
        frame = page.frame_locator("iframe")
        size = frame.locator("h3").first.evaluate("one => getComputedStyle(one).fontSize")
        assert size == "19px"
        page.wait_for_load_state("networkidle")
        page.goto(seen, wait_until="networkidle")
        h3 = page.locator("h3").first.evaluate("one => getComputedStyle(one).fontSize")
        assert h3 == "19px"


def test_no_page_of_editors_readers_or_the_mail_catcher_breaks_its_policy(
    service: Service, browser: Browser, pdf: Path
) -> None:
    see_the_pages_of_an_editor(service, browser, pdf)
    see_the_pages_of_a_reader(service, browser, "light")
    see_the_pages_of_a_reader(service, browser, "dark")
    see_the_pages_of_the_mail_catcher(service, browser)
