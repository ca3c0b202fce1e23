"""The block editor in a real browser: pointer and keys, two editors, a session and a connection
that end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from issues.models import Article, Issue
from pdf_reading.issue_text import Paragraph
from tests.support.factories import an_issue, weather

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.filterwarnings("ignore:No directory at"),  # nothing was collected; finders serve
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        reason="SQLite in memory locks tables that another thread reads",
    ),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module", autouse=True)
def _a_loop_beside_the_database() -> Iterator[None]:
    """Playwright's loop runs in the thread of the tests, for which Django refuses the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def issue(transactional_db: None) -> Issue:
    return an_issue(weather(), status=Issue.Status.DRAFT)


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, issue: Issue
) -> Iterator[Callable[..., Page]]:
    """The draft's page in a window of its own, for a user of that name, in a language."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def opened(
        name: str = "editor", *, locale: str = "en", width: int = 1366, scripts: bool = True
    ) -> Page:
        user = User.objects.filter(username=name).first() or User.objects.create_superuser(name)
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{live_server.url}/admin/issues/issue/{issue.pk}/change/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def headlines(page: Page) -> list[str]:
    return page.locator("article h3").all_inner_texts()


def block(page: Page, article: str, number: int) -> str:
    key = Article.objects.get(title=article).pk
    return f"#block-r{key}-{number}"


def open_field(page: Page, where: str) -> None:
    page.locator(where).focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{where} textarea")).to_be_focused()


@pytest.mark.parametrize(
    ("locale", "begins", "undo"),
    [("en", "An article begins here", "Undo"), ("zh-CN", "由此另成一篇文章", "撤销")],
)
@pytest.mark.parametrize("width", [1366, 360])
def test_two_presses_make_an_article_and_one_takes_it_back(
    open_page: Callable[..., Page], locale: str, begins: str, undo: str, width: int
) -> None:
    page = open_page(locale=locale, width=width)
    part = page.locator(block(page, "Much rain", 2))
    part.locator(".handle").click()
    begins_here = part.get_by_role("button", name=begins)
    expect(begins_here).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    begins_here.click()
    expect(page.locator("article h3")).to_have_text(
        ["Much rain", "What to wear", "Little rain", "No wind"]
    )
    expect(page.locator("article:focus-within h3")).to_have_text("What to wear")
    page.get_by_role("button", name=undo, exact=True).click()
    expect(page.locator("article h3")).to_have_text(["Much rain", "Little rain", "No wind"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keys_do_what_menus_do(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator(block(page, "Much rain", 1)).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("p")
    expect(page.locator(block(page, "Much rain", 2) + ".paragraph")).to_be_visible()
    page.keyboard.press("j")
    first = page.locator(block(page, "Much rain", 1))
    expect(first).to_contain_text("says the forecast. What to wear")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator(block(page, "Much rain", 2) + ".heading")).to_be_visible()
    page.locator(block(page, "Much rain", 4)).focus()
    page.keyboard.press("u")
    expect(page.locator("article").first.locator(".block").nth(2)).to_have_class(
        "block part figure"
    )
    page.locator(block(page, "Much rain", 4)).focus()
    page.keyboard.press("Delete")
    expect(page.locator("#bin")).to_contain_text("A cloud")
    assert Issue.objects.get().version == 6


def test_words_are_edited_in_their_place(open_page: Callable[..., Page]) -> None:
    page = open_page()
    part = page.locator(block(page, "Much rain", 1))
    part.focus()
    page.keyboard.press("Enter")
    field = part.locator("textarea")
    expect(field).to_be_focused()
    field.fill("It rains, says [the forecast](https://example.org/forecast).")
    page.keyboard.press("Control+Enter")
    expect(part.locator("textarea")).to_have_count(0)
    expect(part).to_contain_text("It rains")
    head = page.locator("article header").first
    head.get_by_role("link", name="Edit").click()
    head.locator("[name=title]").fill("More rain")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article h3").first).to_have_text("More rain")


def test_the_topic_of_a_section_is_saved_as_it_is_chosen(
    open_page: Callable[..., Page], issue: Issue
) -> None:
    page = open_page()
    with page.expect_response("**/act/"):
        page.locator(".about select").first.select_option("none")
    expect(page.locator(".saved")).to_contain_text("saved")
    assert issue.sections.get(title="Rain").not_for_mailing


def test_two_editors_see_each_other_and_neither_writes_over_the_other(
    open_page: Callable[..., Page],
) -> None:
    one, other = open_page("fang"), open_page("mei")
    where = block(one, "Much rain", 1)
    for page in (one, other):
        page.locator(where).focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"{where} textarea")).to_be_focused()
    other.locator(f"{where} textarea").fill("Mine.")
    other.keyboard.press("Control+Enter")
    expect(other.locator(where)).to_contain_text("Mine.")
    one.locator(f"{where} textarea").fill("Yours.")
    one.keyboard.press("Control+Enter")
    expect(one.locator(f"{where} [role=alert]")).to_contain_text("changed meanwhile")
    expect(one.locator(f"{where} .stored")).to_have_value("Mine.")
    one.locator(where).get_by_role("button", name="Save", exact=True).click()
    expect(one.locator(where)).to_contain_text("Yours.")
    expect(other.locator(where)).to_contain_text("Yours.", timeout=30_000)
    expect(other.locator("#others")).to_contain_text("fang")


def test_what_is_open_stays_open_whatever_changes_around_it(
    open_page: Callable[..., Page],
) -> None:
    one, other = open_page("fang"), open_page("mei")
    first, second, last = (block(one, "Much rain", number) for number in (1, 2, 5))
    one.locator(second).focus()
    one.keyboard.press("Enter")
    field = one.locator(f"{second} textarea")
    field.fill("Half a sentence")
    other.locator(first).focus()
    other.keyboard.press("Delete")
    expect(one.locator(first)).to_have_count(0, timeout=30_000)
    expect(field).to_have_value("Half a sentence")
    expect(field).to_be_focused()
    one.locator(last).focus()
    one.keyboard.press("Delete")  # one's own act beside it is seen at once
    expect(one.locator(last)).to_have_count(0)
    expect(field).to_have_value("Half a sentence")
    other.locator(second).focus()
    other.keyboard.press("Delete")
    expect(one.locator(".removals li")).to_have_count(3, timeout=30_000)
    expect(field).to_have_value("Half a sentence")
    field.focus()
    one.keyboard.press("Control+Enter")
    expect(one.locator("#says")).to_contain_text("This is not there any more")
    expect(field).to_have_count(0)
    expect(one.locator("#kept textarea")).to_have_value("Half a sentence")


def test_what_is_typed_outlives_the_session(
    open_page: Callable[..., Page], issue: Issue, live_server: LiveServer
) -> None:
    page = open_page()
    where = block(page, "Much rain", 1)
    open_field(page, where)
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator(f"{where} textarea").fill("Half a sentence")
    expect(page.locator("#trouble")).to_contain_text("Your session has ended", timeout=20_000)
    page.context.add_cookies([one for one in session if one["name"] == "sessionid"])  # type: ignore[misc]
    expect(page.locator("#trouble")).to_be_hidden(timeout=20_000)
    assert issue.kept_texts.get().text == "Half a sentence"
    page.goto(f"{live_server.url}/admin/issues/issue/{issue.pk}/change/")
    page.get_by_role("link", name="Go on there").click()
    expect(page.locator(f"{where} textarea")).to_have_value("Half a sentence")


def test_what_is_typed_outlives_the_connection(
    open_page: Callable[..., Page], issue: Issue
) -> None:
    page = open_page()
    where = block(page, "Much rain", 1)
    open_field(page, where)
    page.context.set_offline(True)
    page.locator(f"{where} textarea").fill("Half a sentence")
    expect(page.locator("#trouble")).to_contain_text("There is no connection", timeout=20_000)
    page.context.set_offline(False)
    expect(page.locator("#trouble")).to_be_hidden(timeout=20_000)
    assert issue.kept_texts.get().text == "Half a sentence"
    page.locator(where).get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(where)).to_contain_text("Half a sentence")
    assert Article.objects.get(title="Much rain").passages[0] == Paragraph("Half a sentence", 2)
    assert not issue.kept_texts.exists()


def test_without_scripts_no_way_out_of_a_field_loses_what_is_in_it(
    open_page: Callable[..., Page], issue: Issue
) -> None:
    page = open_page(scripts=False)
    where = block(page, "Much rain", 1)
    page.locator(where).get_by_role("link").first.click()
    page.locator(where).get_by_role("link", name="Edit").click()
    field = page.locator(f"{where} textarea")
    field.fill("Half a sentence")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(field).to_have_value("Half a sentence")
    field.fill("Half a sentence, and more")
    for leads_away in (
        page.get_by_role("link", name="简报", exact=True).first,
        page.locator(".section-head a.handle").first,
        page.locator(".breadcrumbs a").first,
        page.locator("#acts [name=undo]:enabled, [role=search] button").first,
    ):
        with page.context.expect_page() as other:
            leads_away.click()
        other.value.close()
    expect(field).to_have_value("Half a sentence, and more")
    session = [one for one in page.context.cookies() if one["name"] == "sessionid"]
    page.context.clear_cookies(name="sessionid")
    page.context.clear_cookies(name="csrftoken")
    page.locator(where).get_by_role("button", name="保存", exact=True).click()
    page.locator("#content [role=alert]").wait_for()
    with page.context.expect_page() as login:
        page.locator("#content a.button").click()
    page.context.add_cookies(session)  # type: ignore[arg-type]
    login.value.reload()
    assert "/change/?at=block-" in login.value.url
    login.value.close()
    field = page.locator("#content textarea")
    expect(field).to_have_value("Half a sentence, and more")
    page.locator("#content [name=save]").click()
    expect(page.locator(where)).to_contain_text("Half a sentence, and more")
    assert not issue.kept_texts.exists()


def test_the_language_is_switched_in_mid_word_and_the_words_are_offered(
    open_page: Callable[..., Page], issue: Issue
) -> None:
    page = open_page()
    where = block(page, "Much rain", 1)
    open_field(page, where)
    page.keyboard.press("Control+a")
    page.keyboard.type("Half a sentence")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator(".kept-text")).to_contain_text("Half a sentence")
    page.locator(".kept-text a").click()
    expect(page.locator(f"{where} textarea")).to_have_value("Half a sentence")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(f"{where} textarea")).to_have_value("Half a sentence")
    assert issue.kept_texts.get().text == "Half a sentence"


def test_the_page_says_nothing_in_the_console(open_page: Callable[..., Page]) -> None:
    page = open_page()
    logged: list[str] = []
    page.on("console", lambda one: logged.append(one.text) if one.type == "error" else None)
    page.reload()
    part = page.locator(block(page, "No wind", 2))
    part.locator(".handle").click()
    part.get_by_role("link", name="Edit").click()
    expect(part.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(part.locator("textarea")).to_have_count(0)
    # The pages of this file have no pictures.
    assert [one for one in logged if "404 (Not Found)" not in one] == []
