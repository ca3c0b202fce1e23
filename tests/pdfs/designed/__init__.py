"""Issues as people design them without a typesetter: Word's styles gone astray, newspapers with
narrow columns, Publisher's boxes, cards on coloured grounds, slides, and reports of charts with a sentence each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.pdfs.designed.issue import expected, issue_of
from tests.pdfs.designed.page import page_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KINDS = ("astray", "astray", "news", "boxes", "cards", "slides")
CHROMIUM = "/usr/bin/chromium"


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A Chromium that prints."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def set_pdf(seed: int, pdf: Path) -> dict[str, Any]:
    """Print the issue of a seed; returns the reading that is expected of it."""
    with open_browser() as browser:
        return printed(browser, seed, pdf)


def printed(browser: Browser, seed: int, pdf: Path) -> dict[str, Any]:
    """Print the issue of a seed in a browser that is open; returns the reading that is expected."""
    draw = random.Random(seed)
    kind = draw.choice(KINDS)
    issue = issue_of(draw, kind="report" if seed % 7 == 6 else kind)
    html = page_of(draw, issue)
    page = browser.new_page()
    page.set_content(html)
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True, tagged=seed % 5 == 0)
    page.close()
    return expected(issue)
