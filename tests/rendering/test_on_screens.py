"""The mail as Chromium lays it out: on a phone, in wider windows, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import sync_playwright

from digests.models import Delivery
from digests.rendering import set_blocks
from issues.models import Article, Issue
from issues.models.issue import figure_path
from pdf_reading.issue_text import Paragraph, StoredFigure
from publications.models import Bulletin
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert
from tests.support.factories import EN, PNG, ZH, a_digest, a_long_draft, a_reader, topics_of
from tests.support.messages import RenderedDigest, html_of, read
from tests.support.service import CHROMIUM

pytestmark = pytest.mark.browser

LOOK = """() => ({
    width: document.documentElement.scrollWidth,
    small: [...document.querySelectorAll('body *')].filter(one =>
        [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        && one.offsetParent !== null && parseFloat(getComputedStyle(one).fontSize) < 14
    ).map(one => one.outerHTML),
    height: document.documentElement.scrollHeight,
    paper: getComputedStyle(document.querySelector('.paper')).backgroundColor,
})"""


def seen(html: str, screens: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    """What a browser without the network sees on `screens`, each a width and a colour scheme."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width, scheme in screens:
            context = chromium.new_context(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
                offline=True,
            )
            page = context.new_page()
            page.set_content(html)
            yield page.evaluate(LOOK)
            context.close()
        chromium.close()


def with_a_wide_figure(issue: Issue) -> None:
    """Give the first article a picture whose caption has no place to break."""
    default_storage.save(figure_path(issue, "a.png"), ContentFile(PNG))
    figure = StoredFigure("W" * 90, page=2, image="a.png")
    Article.objects.filter(position=1).update(passages=(figure,), title="Donaudampfschifffahrt" * 3)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_mail_fits_every_screen_with_pictures_off_and_nothing_is_small(
    rendered_digest: RenderedDigest, language: str
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with_a_wide_figure(rendered_digest.digest.own_issue)
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail(language=language, name="Ann"))
    html = html.replace('width="1"', 'width="520"')
    screens = [(width, scheme) for width in (320, 600, 1200) for scheme in ("light", "dark")]
    with ThreadPoolExecutor(1) as thread:  # Playwright's loop is not for the thread of the database
        found = thread.submit(lambda: list(seen(html, screens))).result()
    assert [look["width"] for look in found] == [width for width, _ in screens]
    assert [look["small"] for look in found] == [[]] * 6
    assert [look["paper"] for look in found[:2]] == ["rgb(252, 251, 249)", "rgb(32, 34, 37)"]


def test_the_mail_fits_a_phone_where_style_sheet_and_pictures_are_both_gone(
    rendered_digest: RenderedDigest,
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with_a_wide_figure(rendered_digest.digest.own_issue)
    set_blocks(rendered_digest.digest)
    html = re.sub("<style.*?</style>", "", html_of(rendered_digest.mail()), flags=re.DOTALL)
    html = html.replace('width="1" height="1"', 'width="520" height="300"')
    html = html.replace("max-width:1px", "max-width:520px")
    screens = [(320, "light"), (360, "light")]
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(lambda: list(seen(html, screens))).result()
    assert [look["width"] for look in found] == [320, 360]


@pytest.mark.parametrize(
    ("language", "words", "size", "alerts"),
    [
        ("en", EN, 70, ("heat pumps", "mussels", "ferries")),
        ("zh-hans", ZH, 30, ("热泵", "贻贝", "渡轮")),
    ],
)
def test_twelve_articles_with_a_top_story_and_three_alerts_are_five_screens_of_a_phone(
    bulletin: Bulletin, language: str, words: str, size: int, alerts: tuple[str, ...]
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    Bulletin.objects.update(language=language)
    topics = topics_of(bulletin, ["Water", "Energy", "Standards", "Ports", "Forests", "Data"])
    issue = a_long_draft(bulletin, topics, articles=2, words=words)
    articles = list(Article.objects.filter(section__issue=issue).order_by("pk"))
    long = tuple(Paragraph(words * 4, page=1) for _ in range(3))
    Article.objects.filter(section__issue=issue).update(
        passages=long, source="The Office of the Lakes"
    )
    Article.objects.filter(pk=articles[0].pk).update(passages=(Paragraph(words * 15, page=1),))
    for n, each in enumerate(articles, start=1):
        Article.objects.filter(pk=each.pk).update(title=f"{n}. {words[:size]}")
    for each, words_of_theirs in zip(articles[4:7], alerts, strict=True):
        text = f"{words * 2}{words_of_theirs} {words}"
        Article.objects.filter(pk=each.pk).update(passages=(Paragraph(text, 1), *long))
    Issue.objects.filter(pk=issue.pk).update(top_story=articles[0].pk)
    reader = a_reader(bulletin, "ann@reader.example", topics=topics, language=language)
    for words_of_theirs in alerts:
        KeywordAlert.objects.create(
            subscriber=reader, phrase=words_of_theirs, key=phrase_of(words_of_theirs).key
        )
    issue.refresh_from_db()
    a_digest(issue)
    mail = read(Delivery.objects.select_related("edition", "subscriber", "digest").get())
    html = html_of(mail)
    with ThreadPoolExecutor(1) as thread:
        (look,) = thread.submit(lambda: list(seen(html, [(320, "light")]))).result()
    assert html.count("<h3") + html.count('class="headline"') == 12
    assert look["height"] < 4000
