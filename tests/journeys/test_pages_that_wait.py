"""A page that waits asks no more often than it is answered, and not while nobody looks at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.documents import png
from tests.support.service import TOP

pytestmark = pytest.mark.browser

SCRIPT = Path(TOP, "bulletin_site", "static", "bulletin", "admin.js")
WAITING = """<div data-progress="/progress/" data-finished="false">
    <p data-count="sentence"></p><progress></progress></div>"""
FAR = {"readers": 9, "settled": 4, "finished": False, "sentence": "4 of 9 readers are done."}


@pytest.fixture
def asked() -> list[Route]:
    """The questions of the page that were not answered yet."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[Route]) -> Page:
    page = browser.new_context().new_page()
    page.clock.install(time=0)

    def keep(route: Route) -> None:  # Playwright wants a function of Python's own
        asked.append(route)

    page.route("**/progress/", keep)
    page.route("**/page/", lambda route: route.fulfill(body=WAITING, content_type="text/html"))
    page.goto("http://bulletin.example/page/")
    page.clock.pause_at(1_000_000)  # a slow machine's own seconds do not count
    page.add_script_tag(path=SCRIPT)
    return page


def passes(page: Page, seconds: float) -> None:
    page.clock.run_for(int(seconds * 1000))
    page.evaluate("0")  # what was asked meanwhile has arrived here


def is_asked_once(page: Page, asked: list[Route]) -> bool:
    """Whether one question has arrived here, which takes a moment of the real clock."""
    for _ in range(100):
        if asked:
            break
        page.wait_for_timeout(50)
    return len(asked) == 1


def answer(page: Page, asked: list[Route]) -> None:
    asked.pop().fulfill(body=json.dumps(FAR), content_type="application/json")
    page.get_by_text(FAR["sentence"]).wait_for()  # type: ignore[arg-type]


def test_it_asks_again_after_the_answer_and_later_the_longer_that_took(
    page: Page, asked: list[Route]
) -> None:
    passes(page, 2)
    assert is_asked_once(page, asked)
    passes(page, 30)
    assert is_asked_once(page, asked)
    answer(page, asked)
    passes(page, 100)
    assert asked == []
    passes(page, 30)
    assert is_asked_once(page, asked)


def test_while_nobody_looks_it_does_not_ask(page: Page, asked: list[Route]) -> None:
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    passes(page, 60)
    assert asked == []
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    passes(page, 0.01)
    assert is_asked_once(page, asked)


def test_where_the_site_is_away_it_goes_on_asking(page: Page, asked: list[Route]) -> None:
    for _ in range(3):
        for _second in range(60):
            if not asked:
                passes(page, 1)
        asked.pop().abort()


def test_a_small_picture_that_comes_with_an_act_is_asked_for_until_it_is_made(page: Page) -> None:
    answers = [{"status": 202}, {"status": 202}]
    made = {"body": png(), "content_type": "image/png"}
    page.route("**/thumb.png", lambda r: r.fulfill(**(answers.pop() if answers else made)))
    page.route("**/gone.png", lambda r: r.fulfill(status=404))
    page.evaluate(
        """for (const name of ["thumb", "gone"])
        document.body.innerHTML += `<nav class="thumbs"><img src="/${name}.png" alt=""></nav>`"""
    )
    page.locator("img.waiting").first.wait_for(state="attached")
    for _second in range(60):
        if page.evaluate("document.images[0].naturalWidth"):
            break
        passes(page, 5)
        page.wait_for_timeout(50)
    assert page.evaluate("document.images[0].naturalWidth") == 40
    assert answers == []
    assert page.locator("img.waiting").count() == 0
