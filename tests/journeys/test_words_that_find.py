"""What phrases would find, mistyped domains, and a form on another site; in a browser, in both
languages, on a phone and a wide screen, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.screens import Screen, is_sound, opened
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
from datetime import timedelta
from django.utils import timezone
from pdf_reading.issue_text import Paragraph
from tests.support.factories import a_bulletin, a_draft, a_reader, topics_of
of = a_bulletin("words", name="Letters", language="zh-hans")
topics = topics_of(of, ["Water", "Energy"])
topics[0].description_en = topics[0].description_zh = "Rivers and rain"
topics[0].save()
for n in range(3):
    issue = a_draft(of, {one.name_en: one for one in topics})
    issue.status, issue.published_at = "published", timezone.now() - timedelta(days=7 * n)
    issue.save()
    article = issue.sections.get(title="Energy").articles.get()
    article.passages = (Paragraph("推进“十四五”规划。 All heat pumps are in.", 1),)
    article.save()
a_reader(of, "ann@reader.example", topics=topics[:1])
"""
LINK = """
from subscribers.links import Purpose, link
from subscribers.models import Subscriber
print(link(Subscriber.objects.get(address="ann@reader.example"), Purpose.PREFERENCES))
"""
SNIPPET = """
from publications.models import Bulletin
from subscribers.embedding import snippet
of = Bulletin.objects.get(slug="words")
print(snippet(of, of.topics.all(), language="{language}", fixed=False))
"""


SCREENS = [
    Screen("en", 390),
    Screen("zh-CN", 390, dark=True),
    Screen("en", 1200, dark=True),
    Screen("zh-CN", 1200),
    Screen("en", 390, js=False),
]


@pytest.fixture(scope="module")
def with_issues(service: Service) -> Service:
    service.run(SET_UP)
    return service


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_what_keywords_would_find(with_issues: Service, browser: Browser, screen: Screen) -> None:
    with opened(browser, screen) as page:
        page.context.add_cookies(
            [{"name": "django_language", "value": screen.language, "url": with_issues.url}]
        )
        page.goto(with_issues.run(LINK))
        page.locator("[name=keyword_alerts]").fill("heat pump，十四五规划\nnews，潜水艇")
        page.locator("button[value=look]").click()
        expect(page.locator("#forecast h3")).to_have_count(4)
        expect(page.locator("#forecast mark").first).to_have_text("heat pumps")
        expect(page.locator("#forecast mark", has_text="十四五").first).to_be_visible()
        expect(page.locator("#forecast .error")).to_have_count(1)
        is_sound(page, screen)
        page.locator("#forecast li a").first.click()
        expect(page.context.pages[-1].locator("h1")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_form_elsewhere_leads_to_a_mail_and_asks_about_the_domain(
    with_issues: Service, browser: Browser, screen: Screen
) -> None:
    language = screen.language
    html = with_issues.run(SNIPPET.format(language=language))
    address = f"{language}.{screen.width}.{screen.js:d}@gmial.com"
    with opened(browser, screen, locale="fr") as page:
        page.set_content(f'<html lang="{language}"><title>Blog</title><h1>Blog</h1>{html}')
        page.locator("[type=checkbox]").first.check()
        page.locator("[name=address]").fill(address)
        page.locator("button").click()
        expect(page.locator("html")).to_have_attribute(
            "lang", "zh-Hans" if language == "zh-hans" else "en"
        )
        expect(page.locator("[name=meant]")).to_have_count(2)
        is_sound(page, screen)
        page.locator("[name=meant]").first.click()
        right = address.replace("gmial", "gmail")
        expect(page.locator(".lede")).to_contain_text(right)
        is_sound(page, screen)
        assert page.context.cookies() == []
    assert with_issues.mail_to(right)


def test_the_language_is_the_bulletins_where_the_browser_asks_for_none_of_ours(
    with_issues: Service, browser: Browser
) -> None:
    screen = Screen("fr", 390)
    with opened(browser, screen) as page:
        page.goto(f"{with_issues.url}/b/words/subscribe/")
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        expect(page.get_by_text("Rivers and rain")).to_be_visible()
        is_sound(page, screen)
