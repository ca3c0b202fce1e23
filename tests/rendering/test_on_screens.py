"""The mail as Chromium lays it out: on a phone, in wider windows, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import sync_playwright

from digests.rendering import set_blocks
from issues.models import Article, Issue
from issues.models.issue import figure_path
from pdf_reading.issue_text import StoredFigure
from tests.support.factories import PNG
from tests.support.messages import RenderedDigest, html_of
from tests.support.service import CHROMIUM

pytestmark = pytest.mark.browser

LOOK = """() => ({
    width: document.documentElement.scrollWidth,
    small: [...document.querySelectorAll('body *')].filter(one =>
        [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        && one.offsetParent !== null && parseFloat(getComputedStyle(one).fontSize) < 14
    ).map(one => one.outerHTML),
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
    with_a_wide_figure(rendered_digest.digest.issue)
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail(language=language, name="Ann"))
    html = html.replace('width="1"', 'width="520"')
    screens = [(width, scheme) for width in (320, 600, 1200) for scheme in ("light", "dark")]
    with ThreadPoolExecutor(1) as thread:  # Playwright's loop is not for the thread of the database
        found = thread.submit(lambda: list(seen(html, screens))).result()
    assert [look["width"] for look in found] == [width for width, _ in screens]
    assert [look["small"] for look in found] == [[]] * 6
    assert [look["paper"] for look in found[:2]] == ["rgb(252, 251, 249)", "rgb(32, 34, 37)"]
