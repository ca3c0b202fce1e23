"""Issues as people design them without a typesetter: Word's styles gone astray, newspapers with
narrow columns, Publisher's boxes, cards on coloured grounds, slides."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.pdfs.designed.issue import expected, issue_of
from tests.pdfs.designed.page import page_of

KINDS = ("astray", "astray", "news", "boxes", "cards", "slides")
CHROMIUM = "/usr/bin/chromium"


def set_pdf(seed: int, pdf: Path) -> dict[str, Any]:
    """Print the issue of a seed with Chromium; returns the reading that is expected of it."""
    from playwright.sync_api import sync_playwright

    draw = random.Random(seed)
    issue = issue_of(draw, kind=draw.choice(KINDS))
    html = page_of(draw, issue)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_content(html)
        page.pdf(path=pdf, prefer_css_page_size=True, print_background=True, tagged=seed % 5 == 0)
        browser.close()
    return expected(issue)
